import fc from 'fast-check';
import { faultOfZone, formatLocalTime, resolveLocalTime } from './local-time.ts';

const HOUR = 3_600_000;

/** Zones with the odd rules: half-hour changes, a skipped day, changes at midnight, two changes a year around Ramadan, none. */
const ZONES = [
  'Europe/London',
  'Europe/Dublin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/Santiago',
  'Asia/Beirut',
  'Pacific/Apia',
  'Asia/Kolkata',
  'UTC',
];

const formats = new Map<string, Intl.DateTimeFormat>();

/** Wall clock by Intl, which knows the same tz data by another way. */
function wallClock(at: number, zone: string): string {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}`;
}

/** Every instant at which a zone's clocks show a local time: none, one or two. */
function instantsShowing(local: string, zone: string): readonly number[] {
  const asUtc = Date.parse(`${local}Z`);
  const offsets = [-36, -24, -12, -3, 0, 3, 12, 24, 36].map((hours) => {
    const at = asUtc + hours * HOUR;
    return Date.parse(`${wallClock(at, zone)}Z`) - at;
  });
  const candidates = [...new Set(offsets)].map((offset) => asUtc - offset);
  return candidates.filter((at) => wallClock(at, zone) === local).sort((a, b) => a - b);
}

describe('a local time', () => {
  it.each([
    ['in winter', '2016-01-20T09:30', 'Europe/London', '2016-01-20T09:30:00Z', '2016-01-20T09:30:00Z'],
    ['in summer', '2016-07-20T09:30', 'Europe/London', '2016-07-20T08:30:00Z', '2016-07-20T08:30:00Z'],
    ['with seconds', '2016-07-20T09:30:15', 'Europe/London', '2016-07-20T08:30:15Z', '2016-07-20T08:30:15Z'],
    [
      'on the day the clocks go forward, after the change',
      '2016-03-27T09:30',
      'Europe/London',
      '2016-03-27T08:30:00Z',
      '2016-03-27T08:30:00Z',
    ],
    [
      'on the day the clocks go back, after the change',
      '2016-10-30T09:30',
      'Europe/London',
      '2016-10-30T09:30:00Z',
      '2016-10-30T09:30:00Z',
    ],
    ['that the clocks show twice', '2016-10-30T01:30', 'Europe/London', '2016-10-30T00:30:00Z', '2016-10-30T01:30:00Z'],
    [
      'the last minute before the clocks skip',
      '2016-03-27T00:59',
      'Europe/London',
      '2016-03-27T00:59:00Z',
      '2016-03-27T00:59:00Z',
    ],
    [
      'the first minute after the clocks skipped',
      '2016-03-27T02:00',
      'Europe/London',
      '2016-03-27T01:00:00Z',
      '2016-03-27T01:00:00Z',
    ],
    [
      'of a zone that changes by half an hour',
      '2016-04-03T01:45',
      'Australia/Lord_Howe',
      '2016-04-02T14:45:00Z',
      '2016-04-02T15:15:00Z',
    ],
    ['on a leap day', '2016-02-29T09:30', 'Europe/London', '2016-02-29T09:30:00Z', '2016-02-29T09:30:00Z'],
  ])('%s', (_what, local, zone, earlier, later) => {
    expect(resolveLocalTime(local, zone, 'earlier')).toEqual({ ok: true, value: Date.parse(earlier) });
    expect(resolveLocalTime(local, zone, 'later')).toEqual({ ok: true, value: Date.parse(later) });
  });

  it.each([
    ['the first minute that the clocks skip', '2016-03-27T01:00', 'Europe/London', 'does not exist'],
    ['the last minute that the clocks skip', '2016-03-27T01:59', 'Europe/London', 'does not exist'],
    ['a day that a country left out', '2011-12-30T09:30', 'Pacific/Apia', 'does not exist'],
    ['midnight where the clocks skip it', '2023-09-03T00:30', 'America/Santiago', 'does not exist'],
    ['the 29th of February of a common year', '2015-02-29T09:30', 'UTC', 'no day and time'],
    ['the 31st of April', '2015-04-31T09:30', 'UTC', 'no day and time'],
    ['hour 24', '2015-04-30T24:00', 'UTC', 'no day and time'],
    ['minute 60', '2015-04-30T09:60', 'UTC', 'no day and time'],
    ['second 60', '2015-04-30T09:30:60', 'UTC', 'expected a local time'],
    ['an offset', '2015-04-30T09:30Z', 'UTC', 'expected a local time'],
    ['a day alone', '2015-04-30', 'UTC', 'expected a local time'],
    ['a time of another century with an extended year', '+02015-04-30T09:30', 'UTC', 'expected a local time'],
  ])('is refused: %s', (_what, local, zone, message) => {
    const result = resolveLocalTime(local, zone, 'later');
    expect(result.ok ? '' : result.error).toContain(message);
  });

  it('is the instants at which the clocks show it, by another reading of the same tz data', () => {
    const minute = fc.integer({ min: Date.UTC(2010, 0, 1) / 60_000, max: Date.UTC(2037, 0, 1) / 60_000 });
    fc.assert(
      fc.property(minute, fc.constantFrom(...ZONES), (at, zone) => {
        const local = new Date(at * 60_000).toISOString().slice(0, 16);
        expectAgreement(local, zone);
      }),
      { numRuns: 300 },
    );
  });

  it('is so in every quarter of an hour around each change of London clocks for twenty years', () => {
    for (let year = 2016; year < 2036; year += 1) {
      for (const month of [2, 9]) {
        const last = new Date(Date.UTC(year, month + 1, 0));
        const sunday = last.getTime() - last.getUTCDay() * 24 * HOUR;
        for (let at = sunday; at <= sunday + 3 * HOUR; at += HOUR / 4)
          expectAgreement(new Date(at).toISOString().slice(0, 16), 'Europe/London');
      }
    }
  });

  it('is written back as it was read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e9 }), fc.constantFrom(...ZONES), (seconds, zone) => {
        const text = formatLocalTime(seconds * 1000, zone);
        const read = (['earlier', 'later'] as const).map((which) => resolveLocalTime(text, zone, which));
        expect(read).toContainEqual({ ok: true, value: seconds * 1000 });
      }),
      { numRuns: 200 },
    );
  });
});

function expectAgreement(local: string, zone: string): void {
  const shown = instantsShowing(local, zone);
  const earlier = resolveLocalTime(local, zone, 'earlier');
  const later = resolveLocalTime(local, zone, 'later');
  if (shown.length === 0) expect([earlier.ok, later.ok]).toEqual([false, false]);
  else
    expect([earlier, later]).toEqual([
      { ok: true, value: shown[0] },
      { ok: true, value: shown.at(-1) },
    ]);
}

describe('a zone', () => {
  it.each(['Europe/London', 'UTC', 'America/Argentina/Buenos_Aires', 'GB'])('%s is known', (zone) => {
    expect(faultOfZone(zone)).toBeNull();
  });
  it.each([
    ['Europe/Londom', 'did you mean "Europe/London"?'],
    ['Mars/Olympus', 'write an IANA name as Europe/London'],
    ['+01:00', 'an offset is no time zone'],
    ['', 'write an IANA name as Europe/London'],
  ])('%s is none', (zone, advice) => {
    expect(faultOfZone(zone)).toContain(advice);
  });
});
