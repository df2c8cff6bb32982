import { makeOpener } from '../../src/cli/make-opener.ts';
import { detectors } from '../../src/detect/index.ts';
import { createEngine } from '../../src/scan/scan-message.ts';
import { judgeMessage } from '../../src/service/judge-message.ts';
import { silentLog } from '../../src/service/log.ts';
import { newMessageId } from '../../src/service/message-id.ts';
import type { MessageRecord } from '../../src/service/stores.ts';
import { createMessageStore } from '../../src/store/message-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';
import { aRelease, BEFORE_LIFT, rules } from '../words/judge-words.ts';

// An answer is judged with what it answers, though it quotes nothing of it.

const SENDER = 'analyst@department.example';
const OTHER = 'minister@department.example';
const OUTSIDER = 'passer-by@agency.example';

const release = aRelease('labour-market', {
  preRelease: {
    opens: BEFORE_LIFT - 3_600_000,
    access: [SENDER, OTHER].map((email) => ({ email, role: null, declared: null })),
  },
});
const opener = makeOpener();
let database: TestDatabase;
let store: MessageRecord;

beforeAll(async () => {
  database = await aDatabase();
  store = createMessageStore(database.pool, storeKeys(), () => BEFORE_LIFT);
}, 60_000);
afterAll(async () => {
  await opener.close();
  await database?.close();
});

async function judged(head: string, text: string, to: readonly string[], messageId: string) {
  const id = newMessageId();
  const content = Buffer.from(`Message-ID: ${messageId}\r\n${head}\r\n\r\n${text}\r\n`);
  const common = { id, kind: 'email', receivedAt: BEFORE_LIFT, publishAt: null, transport: {}, messageId } as const;
  await store.insert({ ...common, content, envelope: { from: SENDER, to } });
  const engine = createEngine({
    rules,
    registers: { embargoes: [release], sensitivity: [] },
    detectors,
    open: opener.open,
    matchesSealed: () => false,
  });
  const deps = { store, engine: () => Promise.resolve(engine), now: () => BEFORE_LIFT, log: silentLog };
  await judgeMessage(id, 'worker', deps);
  return (await store.find(id))?.judgement;
}

it('tells whom an answer adds to a thread about a release, and leaves answers within it alone', async () => {
  const parent = await judged(
    'Subject: Lines',
    'The employment rate is 74.0 per cent.',
    [OTHER],
    '<parent@department.example>',
  );
  expect(parent?.verdict).toBe('flag');

  const answer = 'Subject: RE: Lines\r\nIn-Reply-To: <parent@department.example>';
  const added = await judged(answer, 'Thank you, noted.', [OTHER, OUTSIDER], '<answer@department.example>');
  expect(added?.verdict).toBe('flag');
  expect(added?.findings.map(({ rule, entry, insight }) => [rule, entry, insight?.split('. ').at(-1)])).toEqual([
    ['added-recipients', 'labour-market', `Added: ${OUTSIDER}.`],
    ['recipients-off-list', 'labour-market', `Not on it: ${OUTSIDER}.`],
  ]);
  expect(JSON.stringify(added?.findings.map(({ summary }) => summary))).not.toContain('@');

  const further = 'Subject: RE: Lines\r\nReferences: <parent@department.example> <lost@elsewhere.example>';
  const onward = await judged(further, 'Thank you, noted.', [OUTSIDER], '<onward@department.example>');
  expect(onward?.findings.map(({ rule }) => rule)).toEqual(['added-recipients', 'recipients-off-list']);

  expect((await judged(answer, 'Thank you, noted.', [OTHER], '<within@department.example>'))?.findings).toEqual([]);
  const alone = await judged('Subject: Lunch', 'Thank you, noted.', [OUTSIDER], '<alone@department.example>');
  expect(alone?.findings).toEqual([]);
}, 60_000);
