import { Temporal } from 'temporal-polyfill';
import { describeFault } from '../core/result.ts';
import { liftOf, windowState } from '../core/window.ts';
import { demoRegisters } from './demo-registers.ts';
import { ephemeralKeyRing } from './keys.ts';
import { parseRegisters } from './parse-registers.ts';
import { isWorkingDay } from './working-day.ts';

const context = {
  subjects: ['labour-market', 'inflation', 'retail-sales'],
  measures: [
    { id: 'employment-rate', subject: 'labour-market', units: ['percent'] },
    { id: 'people-in-work', subject: 'labour-market', units: ['million'] },
    { id: 'unemployment-rate', subject: 'labour-market', units: ['percent'] },
    { id: 'cpi-rate', subject: 'inflation', units: ['percent'] },
  ],
  datasets: ['core-lettings'],
  key: ephemeralKeyRing(new Uint8Array(32)),
};

function parsed(now: number) {
  const result = parseRegisters(demoRegisters(now), { ...context, now });
  if (!result.ok) throw new Error(result.error.map(describeFault).join('\n'));
  return result.value;
}

function lift(now: string) {
  const at = Date.parse(now);
  const entry = parsed(at).embargoes.find(({ series }) => series === 'labour-market');
  if (entry === undefined) throw new Error('no labour market release');
  expect(windowState(entry, at)).toBe('embargoed');
  return Temporal.Instant.fromEpochMilliseconds(liftOf(entry, at) ?? 0)
    .toZonedDateTimeISO('Europe/London')
    .toPlainDateTime()
    .toString();
}

describe('the demo registers', () => {
  it.each([
    ['on a Monday', '2026-06-15T08:00:00Z', '2026-06-16T09:30:00'],
    ['on a Friday', '2026-06-19T12:00:00Z', '2026-06-22T09:30:00'],
    ['on a Sunday', '2026-06-21T12:00:00Z', '2026-06-22T09:30:00'],
    ['just before midnight in London', '2026-06-15T22:59:59Z', '2026-06-16T09:30:00'],
    ['just after midnight in London', '2026-06-15T23:00:00Z', '2026-06-17T09:30:00'],
    ['on Maundy Thursday', '2026-04-02T12:00:00Z', '2026-04-07T09:30:00'],
    ['on Christmas Eve', '2026-12-24T12:00:00Z', '2026-12-29T09:30:00'],
    ['the day before the clocks go forward', '2027-03-27T12:00:00Z', '2027-03-30T09:30:00'],
  ])('hold the labour market until 09:30 London of the next working day: %s', (_what, now, expected) => {
    expect(lift(now)).toBe(expected);
  });

  it('have one release open, one a week ahead, one just published and one dataset, through a year', () => {
    for (let now = Date.UTC(2026, 0, 1); now < Date.UTC(2027, 0, 1); now += 67 * 3_600_000) {
      const { embargoes, sensitivity, warnings } = parsed(now);
      const [open, ahead, published] = embargoes;
      if (open === undefined || ahead === undefined || published === undefined) throw new Error('three releases');
      expect(windowState(open, now)).toBe('embargoed');
      expect(Math.round((ahead.until - open.until) / 86_400_000)).toBe(7);
      expect([published.status, windowState(published, now), published.until <= now]).toEqual([
        'published',
        'lifted',
        true,
      ]);
      expect(sensitivity).toHaveLength(1);
      expect(warnings.filter(({ message }) => !message.includes('in the clear'))).toEqual([]);
    }
  });

  it('let their reviewer see them', () => {
    const now = Date.UTC(2026, 5, 15);
    const texts = demoRegisters(now, 'me@office.example').map(({ text }) => text.includes('me@office.example'));
    expect(texts).toEqual([true, true, true, true]);
  });
});

describe('bank holidays of England and Wales', () => {
  it.each([
    '2022-01-03',
    '2026-01-01',
    '2026-04-03',
    '2026-04-06',
    '2026-05-04',
    '2026-05-25',
    '2026-08-31',
    '2026-12-25',
    '2026-12-28',
    '2027-03-26',
    '2027-03-29',
    '2027-12-27',
    '2027-12-28',
    '2021-12-27',
    '2021-12-28',
    '2038-04-23',
    '2038-04-26',
  ])('%s', (day) => {
    expect(isWorkingDay(Temporal.PlainDate.from(day))).toBe(false);
  });
  it.each(['2026-01-02', '2026-12-24', '2026-12-29', '2027-12-29', '2025-06-16'])('not %s', (day) => {
    expect(isWorkingDay(Temporal.PlainDate.from(day))).toBe(true);
  });
});
