import { parseInstant } from './instant.ts';

describe('an instant on a command line or in a request', () => {
  it.each([
    ['2016-01-20T09:22:00Z', '2016-01-20T09:22:00.000Z'],
    ['2016-01-20T09:22Z', '2016-01-20T09:22:00.000Z'],
    ['2016-07-20T09:22:30.5+01:00', '2016-07-20T08:22:30.500Z'],
    ['2016-01-19T23:30:00-10:00', '2016-01-20T09:30:00.000Z'],
    ['2016-02-29T00:00+0000', '2016-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(parseInstant(text) ?? Number.NaN).toISOString()).toBe(expected);
  });

  it.each([
    ['has no offset', '2016-01-20T09:22:00'],
    ['has no time', '2016-01-20'],
    ['is a day that does not exist', '2015-02-29T09:30Z'],
    ['is an hour that does not exist', '2016-01-20T24:00Z'],
    ['is words', 'tomorrow'],
    ['is empty', ''],
    ['has an offset of no zone', '2016-01-20T09:22+25:00'],
  ])('is refused when it %s', (_why, text) => {
    expect(parseInstant(text)).toBeNull();
  });
});
