import fc from 'fast-check';
import { readCalendar } from './read-calendar.ts';

const ics = (...lines: readonly string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: readonly string[]) => ics('BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT');

describe('an iCalendar file', () => {
  it.each([
    ['DTSTART:20160120T093000Z', '2016-01-20', '09:30', 'Europe/London'],
    ['DTSTART:20160720T083000Z', '2016-07-20', '09:30', 'Europe/London'],
    ['DTSTART;TZID=Europe/London:20160720T093000', '2016-07-20', '09:30', 'Europe/London'],
    ['DTSTART;TZID="Europe/Berlin":20160720T080000', '2016-07-20', '08:00', 'Europe/Berlin'],
    ['DTSTART;TZID=GMT Standard Time:20160120T093000', '2016-01-20', '09:30', 'Europe/London'],
    ['DTSTART;VALUE=DATE:20160120', '2016-01-20', '09:30', 'Europe/London'],
    ['DTSTART:20160120T070000', '2016-01-20', '07:00', 'Europe/London'],
  ])('with %s is public at its local time', (start, day, time, zone) => {
    expect(readCalendar(event(start, 'SUMMARY:Labour market'))).toEqual({
      faults: [],
      releases: [{ title: 'Labour market', day, time, zone, page: null, isCancelled: false }],
    });
  });

  it('is read across folded lines, escapes, alarms and cancelled events', () => {
    const text = event(
      'DTSTART:20160120T093000Z',
      'SUMMARY:Labour market\\, January',
      '  2016',
      'URL;VALUE=URI:https://www.example.org/labour-market',
      'STATUS:CANCELLED',
      'BEGIN:VALARM',
      'SUMMARY:Wake up',
      'END:VALARM',
    );
    expect(readCalendar(text).releases).toMatchObject([
      { title: 'Labour market, January 2016', page: 'https://www.example.org/labour-market', isCancelled: true },
    ]);
  });

  it.each([
    [event('SUMMARY:GDP'), /event 1, GDP: has no start/],
    [event('DTSTART:20160120T093000Z'), /event 1: has no summary/],
    [event('DTSTART:20160230T093000', 'SUMMARY:GDP'), /has no start/],
    [ics(), /no event/],
    ['hello', /neither an iCalendar file/],
    ['', /neither an iCalendar file/],
    ['{', /not JSON/],
    ['{}', /no list of releases/],
    ['[1]', /release 1: has no title/],
  ])('that cannot be read says where', (text, words) => {
    expect(readCalendar(text).faults.join()).toMatch(words);
  });

  it('takes no address that is none', () => {
    expect(
      readCalendar(event('DTSTART:20160120', 'SUMMARY:GDP', 'URL:javascript:alert(1)')).releases[0]?.page,
    ).toBeNull();
  });
});

describe('a calendar in JSON', () => {
  it.each([
    { title: 'GDP', release_date: '2016-01-28T09:30:00.000Z', uri: 'https://www.example.org/gdp' },
    { name: 'GDP', date: '2016-01-28', time: '09:30', url: 'https://www.example.org/gdp' },
    { summary: 'GDP', start: '2016-01-28 09:30', page: 'https://www.example.org/gdp' },
  ])('%j is one release', (row) => {
    const release = { title: 'GDP', day: '2016-01-28', time: '09:30', zone: 'Europe/London', isCancelled: false };
    const expected = [{ ...release, page: 'https://www.example.org/gdp' }];
    expect(readCalendar(JSON.stringify([row])).releases).toEqual(expected);
    expect(readCalendar(JSON.stringify({ total: 1, releases: [row] })).releases).toEqual(expected);
  });
});

it('never throws, whatever it is given', () => {
  const piece = fc.constantFrom(
    'BEGIN:VCALENDAR\n',
    'BEGIN:VEVENT\n',
    'END:VEVENT\n',
    'SUMMARY:',
    'DTSTART',
    ';TZID=',
    ':',
    '\n ',
    '20160120',
    '[',
    '{',
    '"title"',
    'Z',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
      readCalendar(pieces.join(''));
      readCalendar(`BEGIN:VCALENDAR\n${pieces.join('')}`);
    }),
  );
});
