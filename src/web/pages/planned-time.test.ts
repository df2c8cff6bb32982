import { readPlannedTime } from './planned-time.ts';

describe('a planned time', () => {
  it.each([
    ['', '', 'Europe/London', { kind: 'none' }],
    ['2016-01-20', '09:30', 'Europe/London', { kind: 'at', instant: Date.parse('2016-01-20T09:30:00Z'), note: null }],
    ['2016-06-20', '09:30', '', { kind: 'at', instant: Date.parse('2016-06-20T08:30:00Z'), note: null }],
  ])('of %j %j in %j is read', (day, time, zone, expected) => {
    expect(readPlannedTime(day, time, zone)).toEqual(expected);
  });

  it.each([
    ['2016-03-27', '01:30', 'Europe/London', /^01:30 does not exist .* London go forward .* Enter 02:30/],
    ['2016-03-27', '02:30', 'Europe/Paris', /^02:30 does not exist .* Paris go forward .* Enter 03:30/],
    ['2016-03-13', '02:15', 'America/New_York', /New York go forward .* Enter 03:15/],
    ['2016-01-20', '', 'Europe/London', /the time as well/],
    ['', '09:30', 'Europe/London', /the day as well/],
    ['2016-02-30', '09:30', 'Europe/London', /that exist/],
    ['20/1/2016', '09:30', 'Europe/London', /that exist/],
    ['2016-01-20', '09:30', 'Europe/Atlantis', /time zone/],
  ])('of %j %j in %j is refused with what to do', (day, time, zone, message) => {
    expect(readPlannedTime(day, time, zone)).toEqual({ kind: 'fault', message: expect.stringMatching(message) });
  });

  it('that comes twice is the first, and says so', () => {
    expect(readPlannedTime('2016-10-30', '01:30', 'Europe/London')).toEqual({
      kind: 'at',
      instant: Date.parse('2016-10-30T00:30:00Z'),
      note: expect.stringMatching(/^01:30 comes twice .* takes the first/),
    });
  });

  it('elsewhere says what that is in London', () => {
    expect(readPlannedTime('2016-01-20', '10:30', 'Europe/Paris')).toEqual({
      kind: 'at',
      instant: Date.parse('2016-01-20T09:30:00Z'),
      note: 'That is 9:30am on Wednesday 20 January 2016 in London.',
    });
  });
});
