import fc from 'fast-check';
import type { EmbargoEntry, EmbargoStatus } from './entry.ts';
import { effectiveTime, liftOf, type WindowState, windowState } from './window.ts';

const FROM = Date.UTC(2016, 0, 13);
const UNTIL = Date.UTC(2016, 0, 20, 9, 30);
const QUIET = Date.UTC(2016, 0, 20, 10);

function anEntry(over: Partial<EmbargoEntry> = {}): EmbargoEntry {
  return {
    id: 'release',
    title: 'A release',
    producer: 'An office',
    series: null,
    page: null,
    subjects: ['labour-market'],
    from: FROM,
    until: UNTIL,
    zone: 'Europe/London',
    preRelease: null,
    custodians: [],
    status: 'scheduled',
    figures: [],
    public: [],
    quietUntil: null,
    ...over,
  };
}

describe('where an embargo stands', () => {
  it.each<[string, EmbargoStatus, number, number | null, WindowState, number | null]>([
    ['before it begins', 'scheduled', FROM - 1, null, 'before', null],
    ['from its first instant', 'scheduled', FROM, null, 'embargoed', UNTIL],
    ['to the last millisecond', 'scheduled', UNTIL - 1, null, 'embargoed', UNTIL],
    ['the lift itself is public', 'scheduled', UNTIL, null, 'lifted', null],
    ['the lift itself is quiet where a quiet period follows', 'scheduled', UNTIL, QUIET, 'quiet', QUIET],
    ['to the last millisecond of the quiet period', 'scheduled', QUIET - 1, QUIET, 'quiet', QUIET],
    ['the end of the quiet period is free', 'scheduled', QUIET, QUIET, 'lifted', null],
    ['a quiet period does not shorten the embargo', 'scheduled', UNTIL - 1, QUIET, 'embargoed', UNTIL],
    ['postponed: no lift is known, even before the old one', 'postponed', UNTIL - 1, null, 'embargoed', null],
    ['postponed: goes on after the old lift', 'postponed', UNTIL, null, 'embargoed', null],
    ['postponed: a year later still', 'postponed', UNTIL + 365 * 86_400_000, QUIET, 'embargoed', null],
    ['postponed: not before it began', 'postponed', FROM - 1, null, 'before', null],
    ['cancelled: does not end', 'cancelled', UNTIL + 365 * 86_400_000, null, 'embargoed', null],
    ['published before its time: lifted', 'published', UNTIL - 1, null, 'lifted', null],
    ['published before its time, quiet period kept', 'published', UNTIL - 1, QUIET, 'quiet', QUIET],
    ['published and past: lifted', 'published', QUIET, QUIET, 'lifted', null],
  ])('%s', (_what, status, at, quietUntil, state, lift) => {
    const entry = anEntry({ status, quietUntil });
    expect(windowState(entry, at)).toBe(state);
    expect(liftOf(entry, at)).toBe(lift);
  });

  it('only ever moves on: before, embargoed, quiet, lifted', () => {
    const order: readonly WindowState[] = ['before', 'embargoed', 'quiet', 'lifted'];
    const entry = fc.record({
      status: fc.constantFrom<EmbargoStatus>('scheduled', 'published', 'postponed', 'cancelled'),
      quietUntil: fc.option(fc.integer({ min: UNTIL, max: UNTIL + 1e7 }), { nil: null }),
    });
    const instant = fc.integer({ min: FROM - 1e8, max: UNTIL + 2e7 });
    fc.assert(
      fc.property(entry, instant, instant, (over, one, other) => {
        const [earlier, later] = one < other ? [one, other] : [other, one];
        const rank = (at: number) => order.indexOf(windowState(anEntry(over), at));
        expect(rank(earlier)).toBeLessThanOrEqual(rank(later));
      }),
    );
  });

  it('is over at the lift it tells, or in the quiet period', () => {
    fc.assert(
      fc.property(fc.integer({ min: FROM, max: QUIET - 1 }), fc.constantFrom(QUIET, null), (at, quietUntil) => {
        const entry = anEntry({ quietUntil });
        const lift = liftOf(entry, at);
        fc.pre(lift !== null);
        expect(lift).toBeGreaterThan(at);
        expect(windowState(entry, lift)).not.toBe(windowState(entry, at));
      }),
    );
  });
});

describe('the effective time', () => {
  it.each([
    ['is now where nothing is planned', null, 1000],
    ['is the planned time', 2000, 2000],
    ['counts as now where it is past', 500, 1000],
  ])('%s', (_what, publishAt, expected) => {
    expect(effectiveTime(1000, publishAt)).toBe(expected);
  });
});
