import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SmtpTalk } from '../gateway/smtp-talk.ts';
import { type HoldfastTree, startHoldfast, TOKEN } from '../services/start-holdfast.ts';
import { until } from '../services/until.ts';

// Promise 5: figures are sealed, content is encrypted at rest, and logs, metrics and answers carry neither.

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const ENTRY = 'embargoes/labour-market-2016-01.yaml';
/** An embargoed count, content of a held mail and content of a draft: each would be found wherever it was written in clear. */
const FIGURE = '31387654';
const SUBJECT = 'Quagga limericks';
const BODY = 'seventeen heliotrope wombats';
const DRAFT = 'eleven vermilion axolotls';
const SECRETS = [FIGURE, SUBJECT, BODY, DRAFT];

let data: string;
let holdfast: HoldfastTree;

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The forms a text is likely to be stored in when nobody thought of it. */
function forms(secret: string): readonly Buffer[] {
  const plain = Buffer.from(secret);
  return [
    plain,
    Buffer.from(plain.toString('base64').replace(/=*$/, '').slice(0, -1)),
    Buffer.from(plain.toString('hex')),
    Buffer.from(secret, 'utf16le'),
  ];
}

async function metrics(): Promise<string> {
  return (await fetch(`${holdfast.http}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
}

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'holdfast-leaks-'));
  cpSync(join(FIXTURES, 'registers'), join(data, 'registers'), { recursive: true });
  const file = join(data, 'registers', ENTRY);
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('value: 31.39, unit: million', `value: ${FIGURE}, unit: count`),
  );
  holdfast = await startHoldfast(data, { HOLDFAST_NOW: '2016-01-20T09:22:00Z', HOLDFAST_LOG: 'debug' });
  const { talk } = await SmtpTalk.open(holdfast.smtpPort);
  const mail = `From: a@department.example\r\nTo: b@news.example\r\nSubject: ${SUBJECT}\r\n\r\nRecord employment, say ${BODY}. ${FIGURE} people are in work.\r\n`;
  const reply = await talk.send('<a@department.example>', ['<b@news.example>'], Buffer.from(mail.slice(0, -2)));
  expect(reply).toMatch(/^250 /);
  talk.close();
  const draft = await holdfast.call('POST', '/v1/drafts', {
    text: `Record employment! ${DRAFT}`,
    channel: 'x',
    author: 'a@department.example',
  });
  expect(draft.status).toBe(200);
  await until(
    async () => {
      const { body } = await holdfast.call('GET', '/v1/messages?state=held');
      return (body as { items: unknown[] }).items.length >= 2;
    },
    30_000,
    'both to be held',
  );
}, 120_000);

afterAll(async () => {
  await holdfast?.stop();
  rmSync(data, { recursive: true, force: true });
}, 60_000);

test('the API, the metrics and the logs carry no content and no figure', async () => {
  const { body } = await holdfast.call('GET', '/v1/messages');
  const entry = await holdfast.call('GET', '/v1/embargoes/labour-market-2016-01');
  const said = [JSON.stringify(body), JSON.stringify(entry.body), await metrics(), holdfast.said()].join('\n');
  expect(SECRETS.filter((secret) => said.includes(secret))).toEqual([]);
  // The search would find what is there.
  expect(said).toContain('labour-market-2016-01');
});

test('no file of the data folder holds content or a figure in clear, after the database has written everything out', async () => {
  expect(await holdfast.stop()).toBe(0);
  rmSync(join(data, 'registers'), { recursive: true });
  const files = filesBelow(data);
  const found = files.flatMap((file) => {
    const bytes = readFileSync(file);
    return SECRETS.filter((secret) => forms(secret).some((form) => bytes.includes(form))).map(
      (secret) => `${secret} in ${file.slice(data.length)}`,
    );
  });
  expect(found).toEqual([]);
  // The search would find what is there: envelopes are kept in clear, and they are in these files.
  expect(files.some((file) => readFileSync(file).includes('b@news.example'))).toBe(true);
}, 60_000);
