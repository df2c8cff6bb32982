import { memorySource } from '../core/byte-source.ts';
import { Budget, DEFAULT_LIMITS } from './budget.ts';
import { calendar } from './calendar.ts';

async function shown(text: string | Buffer): Promise<string> {
  const source = memorySource(Buffer.from(text));
  const part = { path: 'x', name: null, type: 'text/calendar', declaredType: null, source };
  const context = { budget: new Budget(DEFAULT_LIMITS, () => 0), everyCell: false, passwords: [] };
  const texts: string[] = [];
  for await (const piece of calendar.extract(part, context)) if (piece.kind === 'text') texts.push(piece.text);
  return texts.join('\n');
}

describe('a calendar or a card', () => {
  it.each([
    ['folded lines', 'SUMMARY:Record em\r\n ployment', 'SUMMARY: Record employment'],
    ['a fold in the middle of a character', Buffer.from('SUMMARY:Caf\xc3\r\n \xa9s', 'latin1'), 'SUMMARY: Cafés'],
    ['escapes', 'SUMMARY:Budget\\, review\\; one\\\\two', 'SUMMARY: Budget, review; one\\two'],
    ['a quoted parameter', 'ORGANIZER;CN="Doe, John":mailto:j@x.example', 'ORGANIZER: mailto:j@x.example Doe, John'],
    [
      'a colon in a parameter',
      'LOCATION;ALTREP="http://x.example/a:b":Room 1',
      'LOCATION: Room 1 http://x.example/a:b',
    ],
    ['every other parameter', 'ATTENDEE;MEMBER="mailto:l@x.example":mailto:a@x.example', 'MEMBER=mailto:l@x.example'],
    ['a parameter given twice', 'TEL;TYPE=home;TYPE=voice:1', 'TEL TYPE=home,voice'],
    ['a line break in a parameter', 'ADR;LABEL="Mr. Q^nMail Drop":;;1 Mill Lane;Ayr;;', 'Mail Drop'],
    ['a page', 'X-ALT-DESC;FMTTYPE=text/html:<p>Record <b>employment</b></p>\\n', 'X-ALT-DESC: Record employment'],
    [
      'quoted-printable with its charset',
      'FN;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:J=F6rg M=FCller',
      'FN: Jörg Müller',
    ],
    ['quoted-printable over lines', 'NOTE;QUOTED-PRINTABLE:soft=\r\n break', 'NOTE: soft break'],
    ['a name in its parts', 'N:Perreault;Simon;;;M.Sc.', 'N: Perreault Simon M.Sc.'],
    ['a time, as people write it too', 'DTSTART:20200102T090000Z', 'DTSTART: 20200102T090000Z (2020-01-02 09:00 UTC)'],
    ['a day', 'DUE;VALUE=DATE:20200102', 'DUE: 20200102 (2020-01-02)'],
    ['a group', 'item1.TEL:123', 'TEL: 123'],
  ])('shows %s', async (_, lines, text) => {
    expect(await shown(lines)).toContain(text);
  });
});
