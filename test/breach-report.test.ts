import { makeOpener } from '../src/cli/make-opener.ts';
import { memorySource } from '../src/core/byte-source.ts';
import type { IncidentView } from '../src/service/incident-desk.ts';
import { emptyReport } from '../src/service/prefill-report.ts';
import { breachReport } from '../src/web/report/breach-report.ts';
import { writeDocx } from '../src/web/report/write-docx.ts';
import { writePdf } from '../src/web/report/write-pdf.ts';

const AT = Date.parse('2016-01-20T09:22:00Z');
const show = (at: number) => new Date(at).toISOString();
const LONG = 'word '.repeat(400);

const incident: IncidentView = {
  id: 'incident-1',
  message: 'm-1',
  openedBy: 'user:1',
  opener: 'Head of Profession',
  openedAt: AT,
  changedAt: AT,
  receivedAt: AT,
  sender: 'press@department.example',
  fields: {
    ...emptyReport(AT),
    title: 'UK Labour Market, January 2016 <b>&amp;</b> (\\draft)',
    nature: `First line\nSecond line: 5 £ and “quotes” – Žofie\n${LONG}\n${'Unbroken'.repeat(60)}`,
    other: 'رقم قياسي and \u202egnp.exe \u0000',
  },
  recipients: [
    {
      address: 'a@paper.example',
      state: 'delivered',
      settledAt: AT + 1000,
      reply: null,
      confirmed: { recipient: 'a@paper.example', confirmedAt: AT + 5000, note: 'By telephone' },
    },
    { address: 'b@paper.example', state: 'withheld', settledAt: null, reply: null, confirmed: null },
  ],
  timeline: [{ at: AT + 2000, actor: 'user:1', actorName: 'Ann', action: 'incident.opened' }],
  notice: null,
};
const report = breachReport(incident, show);
const opener = makeOpener();
afterAll(() => opener.close());

async function readBack(name: string, bytes: Uint8Array): Promise<string> {
  const opened = await opener.open({ kind: 'file', name, source: memorySource(bytes) });
  expect(opened.parts.filter(({ content }) => content.kind === 'incomplete')).toEqual([]);
  return opened.parts.flatMap(({ content }) => ('text' in content ? [content.text] : [])).join('\n');
}

/** As every reader of either must find it. */
const EXPECTED = [
  'Breach of the Code of Practice for Statistics',
  '1. Background information',
  '2. Circumstances of breach',
  '3. Reactions and impact',
  '4. Corrective actions taken to prevent reoccurrence',
  '5. Links to published statements about this breach',
  '6. Any other relevant supporting material',
  'UK Labour Market, January 2016 <b>&amp;</b> (\\draft)',
  'Second line: 5 £ and “quotes” – Žofie',
  'Not stated',
  'a@paper.example',
  'left out by a reviewer',
  'By telephone',
  'Message came in',
  'Delivered to one recipient',
  'Began the breach report',
  'Ann',
];

describe('a breach report', () => {
  it('as a Word file has everything, in any script', async () => {
    const text = await readBack('report.docx', writeDocx(report));
    for (const one of [...EXPECTED, 'رقم قياسي', '[U+202E]gnp.exe']) expect(text).toContain(one);
  });

  it('as a PDF has everything in Western letters, says what it lost, and cuts no line', async () => {
    const text = (await readBack('report.pdf', writePdf(report))).replaceAll(/\s+/g, ' ');
    for (const one of EXPECTED) expect(text).toContain(one);
    expect(text).toContain('characters of other scripts cannot be written in this file and are shown as "?"');
    expect(text.match(/\bword\b/g)).toHaveLength(400);
    expect(text.replaceAll(' ', '')).toContain('Unbroken'.repeat(60));
  });

  it('that lost nothing does not say that it did', async () => {
    const plain = { ...incident, fields: { ...incident.fields, other: '' } };
    expect(await readBack('report.pdf', writePdf(breachReport(plain, show)))).not.toContain('other scripts');
  });
});
