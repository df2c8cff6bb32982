import { readLocal, showDuration, showInstant, showNear, toLocal } from './show-time.ts';

const at = (iso: string) => Date.parse(iso);

describe('times on a page', () => {
  it.each([
    ['2016-01-20T09:30:00Z', '9:30am on Wednesday 20 January 2016'],
    ['2016-07-20T08:30:00Z', '9:30am on Wednesday 20 July 2016'],
    ['2016-01-20T12:00:00Z', 'midday on Wednesday 20 January 2016'],
    ['2016-01-20T00:00:00Z', 'midnight on Wednesday 20 January 2016'],
    ['2016-01-20T12:05:00Z', '12:05pm on Wednesday 20 January 2016'],
    ['2016-01-20T15:00:00Z', '3pm on Wednesday 20 January 2016'],
  ])('%s reads %s', (iso, expected) => {
    expect(showInstant(at(iso))).toBe(expected);
  });

  it.each([
    ['2016-01-20T09:30:00Z', '9:30am today'],
    ['2016-01-21T09:30:00Z', '9:30am tomorrow'],
    ['2016-01-22T09:30:00Z', '9:30am on Friday 22 January 2016'],
    ['2016-01-19T09:30:00Z', '9:30am on Tuesday 19 January 2016'],
  ])('%s seen from 20 January is %s', (iso, expected) => {
    expect(showNear(at(iso), at('2016-01-20T09:15:00Z'))).toBe(expected);
  });

  it.each([
    [-5, 'under a minute'],
    [60_000, '1 minute'],
    [119 * 60_000, '119 minutes'],
    [3 * 3600_000, '3 hours'],
    [72 * 3600_000, '3 days'],
  ])('%d ms last %s', (ms, expected) => {
    expect(showDuration(ms)).toBe(expected);
  });

  it.each([
    ['in winter', '2016-01-20', '09:30', '2016-01-20T09:30:00.000Z'],
    ['in summer', '2016-07-20', '09:30', '2016-07-20T08:30:00.000Z'],
    ['in the hour that comes twice, as the earlier', '2016-10-30', '01:30', '2016-10-30T00:30:00.000Z'],
    ['in the hour that is left out, as nothing', '2016-03-27', '01:30', null],
    ['on a day that does not exist, as nothing', '2016-02-30', '09:30', null],
    ['without a time, as nothing', '2016-01-20', '', null],
    ['in words, as nothing', 'tomorrow', '09:30', null],
  ])('a local time %s', (_when, day, time, expected) => {
    const instant = readLocal(day, time);
    expect(instant === null ? null : new Date(instant).toISOString()).toBe(expected);
    if (instant !== null && !day.includes('-10-30')) expect(toLocal(instant)).toEqual({ day, time });
  });
});
