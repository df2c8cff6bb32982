import { anEmbargo } from '../../test/protected-data/an-embargo.ts';
import { aContext } from '../../test/protected-data/message-of.ts';
import { MOST_INSIGHT } from '../core/finding.ts';
import type { MailHeaders, OpenedMessage } from '../core/part.ts';
import { recipients } from './recipients.ts';

const REMINDER = 'These are statistics to which you have privileged access in advance of release.';
const open = anEmbargo();

function aMail(headers: Partial<MailHeaders>, text: string): OpenedMessage {
  const all = {
    from: ['press@department.example'],
    to: [],
    cc: [],
    bcc: [],
    subject: 'Figures',
    messageId: null,
    date: null,
    inReplyTo: null,
  };
  return {
    parts: [{ path: 'body', type: 'text/plain', bytes: text.length, content: { kind: 'text', role: 'body', text } }],
    headers: { ...all, ...headers },
  };
}

const many = (count: number, domain: string) => Array.from({ length: count }, (_, at) => `person${at}@${domain}`);

describe('a long list of visible addresses', () => {
  it.each([
    ['51 outside', { to: many(51, 'landlord.example') }, 1],
    ['51 over To and Cc', { to: many(26, 'a.example'), cc: many(25, 'b.example') }, 1],
    ['50 outside', { to: many(50, 'landlord.example') }, 0],
    ['a hundred colleagues', { to: many(100, 'mail.department.example') }, 0],
    ['one address a hundred times', { to: Array.from({ length: 100 }, () => 'one@landlord.example') }, 0],
    ['a hundred in Bcc alone', { to: ['press@department.example'], bcc: many(100, 'landlord.example') }, 0],
  ])('%s', async (_, headers, count) => {
    const to = [...(headers.to ?? []), ...(('cc' in headers && headers.cc) || [])];
    const findings = await recipients.detect(
      aMail(headers, 'Dear all'),
      aContext({ parties: { from: 'press@department.example', to } }),
    );
    expect(findings.map(({ rule, weight }) => [rule, weight])).toEqual(
      count === 0 ? [] : [['many-visible-recipients', 'notable']],
    );
  });
});

describe('recipients of a marked mail in an open window', () => {
  const detect = (to: readonly string[], headers: Partial<MailHeaders> = {}, text = REMINDER) =>
    recipients.detect(
      aMail({ to, ...headers }, text),
      aContext({
        open: [open],
        effectiveAt: Date.parse('2016-01-19T12:00:00Z'),
        parties: { from: 'analyst@department.example', to },
      }),
    );

  it.each([
    ['the same name elsewhere', 'analyst@departments.example', 1],
    ['a letter apart', 'analist@department.example', 1],
    ['a stranger', 'friend@elsewhere.example', 0],
  ])('words %s alike, and tells the cleared reviewer which', async (_, address, alike) => {
    const [finding, ...more] = await detect([address]);
    expect(more).toEqual([]);
    expect(finding?.summary).toBe(
      'A mail with a pre-release marking, and not every recipient is known to be eligible: check each address.',
    );
    expect(finding?.insight).toContain(`1 of 1 recipients not on the access list; ${alike} closely resembling`);
  });

  it('says nothing where everybody is listed, or nothing is marked', async () => {
    expect(await detect(['analyst@department.example', 'staff@statistics.example'])).toEqual([]);
    expect(await detect(['friend@elsewhere.example'], {}, 'Lunch?')).toEqual([]);
  });

  it('names those who are off the list to the cleared reviewer, in few words however many', async () => {
    const [finding] = await detect(many(30, 'a-department-with-a-very-long-name-indeed.example'));
    expect(finding?.insight).toContain('Not on it: person0@a-department-with-a-very-long-name-inde');
    expect(finding?.insight).toMatch(/and 25 more\.$/);
    expect(finding?.insight?.length).toBeLessThanOrEqual(MOST_INSIGHT);
    expect(finding?.summary).not.toContain('person0');
  });

  it.each([
    ['a sub-address of a listed person', 'analyst+press@department.example', 1],
    ['the listed person in capitals', 'ANALYST@Department.example', 0],
    ['a distribution list nobody registered', 'labour-market-team@department.example', 1],
  ])('takes %s for what it is', async (_what, address, strangers) => {
    expect(await detect([address])).toHaveLength(strangers);
  });

  it('tells of answers that would go elsewhere', async () => {
    const replyTo = (text: string): OpenedMessage => {
      const mail = aMail({ to: ['analyst@department.example'] }, REMINDER);
      const part = { path: 'mail › header › Reply-To', type: 'text/plain', bytes: text.length } as const;
      return { ...mail, parts: [...mail.parts, { ...part, content: { kind: 'text', role: 'metadata', text } }] };
    };
    const context = aContext({
      open: [open],
      effectiveAt: Date.parse('2016-01-19T12:00:00Z'),
      parties: { from: 'analyst@department.example', to: ['analyst@department.example'] },
    });
    const [finding] = await recipients.detect(replyTo('Press <desk@paper.example>'), context);
    expect([finding?.rule, finding?.weight, finding?.insight]).toEqual([
      'reply-to-off-list',
      'notable',
      'Reply-To: desk@paper.example.',
    ]);
    expect(await recipients.detect(replyTo('analyst@department.example'), context)).toEqual([]);
  });

  it('counts whom a reply adds by the record, though it quotes and marks nothing', async () => {
    const to = ['analyst@department.example', 'fourteen@elsewhere.example'];
    const findings = await recipients.detect(
      aMail({ to, subject: 'Thanks', inReplyTo: '<1@x>' }, 'Thank you.'),
      aContext({
        open: [open],
        effectiveAt: Date.parse('2016-01-19T12:00:00Z'),
        parties: { from: 'analyst@department.example', to },
        thread: { addresses: ['staff@statistics.example', 'Analyst@department.example'], entries: [open.id] },
      }),
    );
    expect(findings.map(({ rule, insight }) => [rule, insight?.split('. ').at(-1)])).toEqual([
      ['recipients-off-list', 'Not on it: fourteen@elsewhere.example.'],
      ['added-recipients', 'Added: fourteen@elsewhere.example.'],
    ]);
  });

  it('counts whom a reply adds to the thread', async () => {
    const quoted = `Thanks.\n\nFrom: Producer <staff@statistics.example>\nTo: analyst@department.example\n\n${REMINDER}`;
    const findings = await detect(
      ['staff@statistics.example', 'fourteen@elsewhere.example'],
      { subject: 'RE: Figures', inReplyTo: '<1@x>' },
      quoted,
    );
    expect(findings.map(({ rule }) => rule)).toEqual(['recipients-off-list', 'added-recipients']);
  });
});
