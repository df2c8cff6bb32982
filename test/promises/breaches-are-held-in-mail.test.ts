import { loadRuleFolder, SHIPPED_RULES } from '../../src/cli/load-engine.ts';
import { makeOpener } from '../../src/cli/make-opener.ts';
import { memorySource } from '../../src/core/byte-source.ts';
import type { EmbargoEntry } from '../../src/core/entry.ts';
import type { Judgement } from '../../src/core/verdict.ts';
import { detectors } from '../../src/detect/index.ts';
import type { CompiledRules } from '../../src/rules/compiled-rules.ts';
import { createEngine } from '../../src/scan/scan-message.ts';
import { makeXlsx } from '../opening/make-office.ts';
import { maker, table } from '../protected-data/made-up.ts';
import { aRelease, LIFT } from '../words/judge-words.ts';

// Published breaches whose whole mail gives them away: who gets it, what it answers, what is attached, what is hidden. Each has a benign
// twin. Wording, names and numbers are ours; what went wrong is theirs. Breaches by words or figures alone: `breaches-are-held`.

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const opener = makeOpener();
let rules: CompiledRules;
beforeAll(async () => {
  rules = await loadRuleFolder(SHIPPED_RULES);
}, 60_000);
afterAll(() => opener.close());

const person = (name: string) => ({ email: `${name}@department.example`, role: null, declared: null });
const LISTED = ['analyst', 'minister', 'perm.sec', 'press.lead'] as const;
const listed = LISTED.map((name) => person(name).email);
const [SENDER = '', MINISTER = '', SECRETARY = '', PRESS = ''] = listed;
const OUTSIDER = 'passer-by@department.example';

const access = { opens: LIFT - DAY, access: LISTED.map(person) };
const labour = aRelease('labour-market', { series: 'labour-market', preRelease: access });
const health = aRelease('health-waiting-times', { preRelease: access });
const lastMonth = aRelease('labour-market', {
  id: 'labour-market-last-month',
  series: 'labour-market',
  status: 'published',
  preRelease: { ...access, access: [...access.access, person('moved.on')] },
});

const FOOTER =
  'You are reminded that these are official statistics to which you have privileged access in advance of release.';
const FIGURES = `The employment rate is 74.0 per cent and unemployment is down to 5.1 per cent.\r\n\r\n${FOOTER}`;

interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array;
}

interface Mail {
  readonly subject?: string;
  readonly text: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly inReplyTo?: string;
  readonly attachments?: readonly Attachment[];
}

interface Case {
  readonly name: string;
  readonly breach: Mail;
  readonly twin: Mail;
  readonly at?: number;
  readonly twinAt?: number;
  readonly entries?: readonly EmbargoEntry[];
  readonly verdict?: 'hold' | 'flag';
  /** Rules that have to be among the findings of the breach and not of its twin. */
  readonly tells?: readonly string[];
  /** What the cleared reviewer is told beyond that. */
  readonly insight?: RegExp;
}

function quoted(text: string, ...to: readonly string[]): string {
  const head = `From: Producer <${SENDER}>\r\nSent: 19 January 2016 10:00\r\nTo: ${to.join('; ')}\r\nSubject: Labour market`;
  return `-----Original Message-----\r\n${head}\r\n\r\n${text}`;
}

function attached(mail: Mail): Attachment {
  return { name: 'original.eml', type: 'message/rfc822', content: written(mail, SENDER) };
}

function workbook(...rows: readonly (readonly string[])[]): Attachment {
  return { name: 'figures.xlsx', type: XLSX, content: makeXlsx({ rows: xmlRows(rows) }) };
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

function xmlRows(rows: readonly (readonly string[])[], attributes = ''): string {
  const cell = (text: string) =>
    /^[0-9.]+$/.test(text) ? `<c><v>${text}</v></c>` : `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  return rows.map((row) => `<row${attributes}>${row.map(cell).join('')}</row>`).join('');
}

const m = maker(11);
const staff = table('Service number|Surname|Initials|Rank|Location|Date of birth|NHS Number', 400, (at) => [
  `S${100_000 + at}`,
  m.surname(),
  m.of('A', 'B', 'C'),
  m.of('Constable', 'Sergeant', 'Inspector'),
  m.postcode(),
  m.date(),
  m.nhsNumber(),
]);
const counts = [
  ['Rank', 'Officers', 'Staff'],
  ['Constable', '4210', '120'],
  ['Sergeant', '980', '35'],
  ['Total', '5190', '155'],
];
const foi = (content: Uint8Array): Mail => ({
  text: 'Please find attached our answer to your request for the number of officers and staff by rank.',
  to: ['requester@public.example'],
  attachments: [{ name: 'answer.xlsx', type: XLSX, content }],
});

/** A workbook with a second sheet that is not shown. */
function withHiddenSheet(rows: readonly (readonly string[])[]): Uint8Array {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  return makeXlsx({
    rows: xmlRows(counts),
    workbook: '',
    bookLinks: { r9: ['worksheet', 'worksheets/sheet2.xml'] },
    more: {
      'xl/worksheets/sheet2.xml': `<worksheet xmlns="${main}"><sheetData>${xmlRows(rows)}</sheetData></worksheet>`,
      'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Answer" sheetId="1" r:id="r1"/><sheet name="Sheet2" sheetId="2" state="hidden" r:id="r9"/></sheets></workbook>`,
    },
  });
}

/** A pivot table keeps the rows that it was made of. */
function withPivotCache(rows: readonly (readonly string[])[]): Uint8Array {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const [names = [], ...records] = rows;
  const fields = names.map((name) => `<cacheField name="${name}"><sharedItems/></cacheField>`).join('');
  const body = records.map((row) => `<r>${row.map((text) => `<s v="${text}"/>`).join('')}</r>`).join('');
  return makeXlsx({
    rows: xmlRows(counts),
    workbook: '<pivotCaches><pivotCache cacheId="1" r:id="r8"/></pivotCaches>',
    bookLinks: { r8: ['pivotCacheDefinition', 'pivotCache/pivotCacheDefinition1.xml'] },
    more: {
      'xl/pivotCache/pivotCacheDefinition1.xml': `<pivotCacheDefinition xmlns="${main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="r1"><cacheFields count="${names.length}">${fields}</cacheFields></pivotCacheDefinition>`,
      'xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels':
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/pivotCacheRecords" Target="pivotCacheRecords1.xml"/></Relationships>',
      'xl/pivotCache/pivotCacheRecords1.xml': `<pivotCacheRecords xmlns="${main}" count="${records.length}">${body}</pivotCacheRecords>`,
    },
  });
}

const many = (count: number, domain: string) => Array.from({ length: count }, (_, at) => `reader${at}@${domain}`);

const cases: readonly Case[] = [
  {
    name: '7, low-emission vehicles: a workbook to an address that autofill put in',
    breach: {
      text: 'Tables as promised.',
      to: [MINISTER, 'minister@department.example.au'],
      attachments: [
        workbook(['Measure', 'January 2016'], ['Employment rate (%)', '74.0'], ['Unemployment rate (%)', '5.1']),
      ],
    },
    twin: {
      text: 'Tables as promised.',
      to: [MINISTER],
      attachments: [
        workbook(['Measure', 'January 2016'], ['Employment rate (%)', '74.0'], ['Unemployment rate (%)', '5.1']),
      ],
    },
  },
  {
    name: '9, racial equality: an acknowledgement to fourteen people and two mailboxes more',
    breach: {
      subject: 'RE: Labour market',
      inReplyTo: '<1@department.example>',
      text: `Thanks, received.\r\n\r\n${quoted(FIGURES, MINISTER, SECRETARY)}`,
      to: [SENDER, MINISTER, SECRETARY, ...many(14, 'agency.example'), 'office@agency.example', 'press@agency.example'],
    },
    twin: {
      subject: 'RE: Labour market',
      inReplyTo: '<1@department.example>',
      text: `Thanks, received.\r\n\r\n${quoted(FIGURES, MINISTER, SECRETARY)}`,
      to: [SENDER, MINISTER, SECRETARY],
    },
    tells: ['added-recipients', 'recipients-off-list'],
    insight: /Added: reader0@agency\.example, .* and 11 more\./,
  },
  {
    name: '10, survey burden: an acknowledgement that carries the original to a press mailbox',
    breach: {
      text: 'Thank you.',
      to: ['press@agency.example'],
      attachments: [attached({ text: FIGURES, to: [MINISTER] })],
    },
    twin: {
      text: 'Thank you.',
      to: ['press@agency.example'],
      attachments: [attached({ text: 'The labour market statistics are out at 9:30 tomorrow.', to: [MINISTER] })],
    },
  },
  {
    name: '11, smoking in pregnancy: an answer with one more in copy',
    breach: {
      subject: 'RE: Labour market',
      text: `Noted.\r\n\r\n${quoted(FIGURES, MINISTER)}`,
      to: [SENDER],
      cc: [OUTSIDER],
    },
    twin: {
      subject: 'RE: Labour market',
      text: `Noted.\r\n\r\n${quoted(FIGURES, MINISTER)}`,
      to: [SENDER],
      cc: [MINISTER],
    },
  },
  {
    name: '12, children’s mental health: forwarded to who has the post now, minutes before access was refused',
    breach: { subject: 'FW: Labour market', text: quoted(FIGURES, PRESS), to: ['successor@department.example'] },
    twin: { subject: 'FW: Labour market', text: quoted(FIGURES, PRESS), to: [PRESS] },
    at: LIFT - 40 * MINUTE,
  },
  {
    name: '13, child measurement: a briefing to six people without access, in spite of its footer',
    breach: { text: FIGURES, to: [MINISTER, ...many(6, 'department.example')] },
    twin: { text: FIGURES, to: [MINISTER, SECRETARY, PRESS] },
  },
  {
    name: '16, schools: unpublished management information in a press line',
    entries: [health],
    breach: {
      text: 'Line to take: the waiting list fell to 6.1 million last month, our own figures show.',
      to: ['desk@paper.example'],
    },
    twin: { text: 'Line to take: we are investing in a second treatment centre.', to: ['desk@paper.example'] },
  },
  {
    name: '20, public finances: a list that nobody registered',
    breach: { text: FIGURES, to: ['all-policy@department.example'] },
    twin: { text: FIGURES, to: [SECRETARY] },
  },
  {
    name: '21, insolvency: to the press under embargo',
    breach: { text: `Embargoed until 9:30. ${FIGURES}`, to: ['desk@paper.example', 'desk@radio.example'] },
    twin: { text: `Published today. ${FIGURES}`, to: ['desk@paper.example', 'desk@radio.example'] },
    twinAt: LIFT,
  },
  {
    name: '22 and 23, inflation and trade: a list of four hundred, and not all of them eligible',
    breach: { text: FIGURES, to: [...listed, ...many(400, 'department.example')] },
    twin: { text: FIGURES, to: listed },
    at: LIFT - 17 * 60 * MINUTE,
  },
  {
    name: 'diversity 2021: somebody who was on an older list',
    entries: [labour, lastMonth],
    breach: { text: FIGURES, to: ['moved.on@department.example'] },
    twin: { text: FIGURES, to: [MINISTER] },
    insight: /1 listed for another release of the series/,
  },
  {
    name: 'cancer staging 2021: somebody with a name like that of a listed person',
    breach: { text: FIGURES, to: ['ministre@department.example'] },
    twin: { text: FIGURES, to: [MINISTER] },
    insight: /1 closely resembling a listed address/,
  },
  {
    name: '6, museums: to eligible people, ten minutes before access opens',
    breach: { text: FIGURES, to: [MINISTER] },
    twin: { text: FIGURES, to: [MINISTER] },
    at: LIFT - DAY - 10 * MINUTE,
    twinAt: LIFT - DAY,
  },
  {
    name: '26, police staff: records on a hidden sheet of an answer to a request',
    breach: foi(withHiddenSheet(staff)),
    twin: foi(withHiddenSheet(counts)),
    entries: [],
  },
  {
    name: '27, two forces: records in the cache of a pivot table',
    breach: foi(withPivotCache(staff)),
    twin: foi(withPivotCache(counts)),
    entries: [],
  },
  {
    name: '28, relocation: a few names in sight, and thousands in hidden rows',
    breach: foi(makeXlsx({ rows: xmlRows(counts) + xmlRows(staff, ' hidden="1"') })),
    twin: foi(makeXlsx({ rows: xmlRows(counts) + xmlRows(counts, ' hidden="1"') })),
    entries: [],
  },
  {
    name: '29, relocation: 245 addresses in sight of each other',
    breach: { text: 'Dear all, your case is being looked at.', to: many(245, 'mailbox.example') },
    twin: { text: 'Dear all, your case is being looked at.', to: [SENDER], bcc: many(245, 'mailbox.example') },
    entries: [],
    verdict: 'flag',
    tells: ['many-visible-recipients'],
  },
];

function written(mail: Mail, from = SENDER): Buffer {
  const { subject = 'Labour market', text, to, cc = [], inReplyTo, attachments = [] } = mail;
  const head = [
    `From: ${from}`,
    `To: ${to.join(', ')}`,
    ...(cc.length > 0 ? [`Cc: ${cc.join(', ')}`] : []),
    ...(inReplyTo === undefined ? [] : [`In-Reply-To: ${inReplyTo}`]),
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="part"',
  ];
  const parts = attachments.map(({ name, type, content }) => {
    const whole = type === 'message/rfc822';
    const body = whole
      ? Buffer.from(content).toString()
      : Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n');
    return `--part\r\nContent-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\n${whole ? '' : 'Content-Transfer-Encoding: base64\r\n'}\r\n${body}\r\n`;
  });
  return Buffer.from(
    `${head.join('\r\n')}\r\n\r\n--part\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n${parts.join('')}--part--\r\n`
      .replaceAll('boundary="part"', `boundary="part${attachments.length}"`)
      .replaceAll('--part', `--part${attachments.length}`),
  );
}

async function judge(mail: Mail, at: number, entries: readonly EmbargoEntry[]): Promise<Judgement> {
  const engine = createEngine({
    rules,
    registers: { embargoes: entries, sensitivity: [] },
    detectors,
    open: opener.open,
    matchesSealed: () => false,
  });
  const parties = { from: SENDER, to: [...mail.to, ...(mail.cc ?? []), ...(mail.bcc ?? [])] };
  const source = memorySource(written(mail));
  return (await engine.judge({ kind: 'email', name: 'message.eml', source, parties, now: at, publishAt: null }))
    .judgement;
}

describe('mail that breached', () => {
  it.each(cases)(
    'is $name',
    async ({ breach, at = LIFT - 8 * MINUTE, entries = [labour], verdict = 'hold', tells = [], insight }) => {
      const judged = await judge(breach, at, entries);
      expect(judged.verdict).toBe(verdict);
      expect(judged.incomplete).toEqual([]);
      const found = judged.findings.map(({ rule }) => rule);
      for (const rule of tells) expect(found).toContain(rule);
      if (insight !== undefined) expect(judged.findings.map((one) => one.insight ?? '').join('\n')).toMatch(insight);
    },
    60_000,
  );

  it.each(cases)(
    'has a benign twin that is not held: $name',
    async ({ twin, at = LIFT - 8 * MINUTE, twinAt = at, entries = [labour], tells = [] }) => {
      const judged = await judge(twin, twinAt, entries);
      expect([judged.verdict, judged.incomplete]).not.toContain('hold');
      expect(judged.incomplete).toEqual([]);
      for (const rule of tells) expect(judged.findings.map((one) => one.rule)).not.toContain(rule);
    },
    60_000,
  );
});
