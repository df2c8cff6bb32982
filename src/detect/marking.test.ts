import { anEmbargo } from '../../test/protected-data/an-embargo.ts';
import { aContext } from '../../test/protected-data/message-of.ts';
import type { EmbargoEntry } from '../core/entry.ts';
import type { OpenedMessage } from '../core/part.ts';
import { marking } from './marking.ts';

const AT = Date.parse('2016-01-19T12:00:00Z');

const labourMarket = anEmbargo();

function aMail(text: string): OpenedMessage {
  return {
    parts: [{ path: 'body', type: 'text/plain', bytes: text.length, content: { kind: 'text', role: 'body', text } }],
    headers: null,
  };
}

const REMINDER =
  'You are reminded that these are Official Statistics to which you have privileged access in advance of release. Any accidental or wrongful release should be reported.';

async function found(text: string, open: readonly EmbargoEntry[], at = AT) {
  const findings = await marking.detect(aMail(text), aContext({ open, effectiveAt: at }));
  return findings.map(({ rule, entry, weight }) => [rule, entry, weight]);
}

describe('markings', () => {
  it.each([
    ['a reminder while access is live', REMINDER],
    [
      'a reminder wrapped and quoted',
      '> these are Official Statistics to which you have\n> privileged access\n> in advance of release.',
    ],
    ['a reminder that names the release', `UK Labour Market lines attached. ${REMINDER}`],
  ])('ties %s to the open release', async (_, text) => {
    expect(await found(text, [labourMarket])).toEqual([['pre-release-reminder', labourMarket.id, 'embargoed']]);
  });

  it.each([
    ['EMBARGOED UNTIL 09:30 ON 20 JANUARY', 'embargo-notice'],
    ['Strictly embargoed', 'embargo-notice'],
    ['EMBARGO: 0930, Weds 20 Jan 09:30', 'embargo-notice'],
    ['Not for publication before 9.30am', 'not-before-release'],
    ['Not for publication before\r\n> 9.30am', 'not-before-release'],
    [`${'word '.repeat(2000)}Not for publication before 9.30am`, 'not-before-release'],
  ])('takes "%.40s" for a notice', async (text, rule) => {
    expect(await found(text, [labourMarket])).toEqual([[rule, labourMarket.id, 'embargoed']]);
  });

  it.each([
    ['no window is open', REMINDER, []],
    ['it only speaks of access', 'Please confirm your pre-release declaration before Tuesday.', [labourMarket]],
    ['it only says when the statistics come out', 'The statistics are out at 9:30 today.', [labourMarket]],
    [
      'it is a confidentiality footer',
      'This e-mail is for the named recipients only. If it reached you in error, delete it.',
      [labourMarket],
    ],
    ['it is another embargo', 'The trade embargo was lifted; talks run until 2017.', [labourMarket]],
  ])('finds nothing where %s', async (_, text, open) => {
    expect(await found(text, open)).toEqual([]);
  });

  it('leaves a release alone whose access has not opened and that the mail does not name', async () => {
    const early = Date.parse('2016-01-15T12:00:00Z');
    expect(await found(REMINDER, [labourMarket], early)).toEqual([]);
    expect(await found(`UK labour market: ${REMINDER}`, [labourMarket], early)).toHaveLength(1);
  });

  it('records a classification only on what leaves the organisation', async () => {
    const inside = aContext({ parties: { from: 'a@stats.department.example', to: ['b@department.example'] } });
    const message = aMail('OFFICIAL-SENSITIVE\nPlease see below.');
    expect(await marking.detect(message, inside)).toEqual([]);
    const [outside] = await marking.detect(message, aContext());
    expect([outside?.rule, outside?.weight, outside?.span]).toEqual([
      'official-sensitive',
      'notable',
      { start: 0, end: 18 },
    ]);
  });
});
