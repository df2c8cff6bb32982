import { randomBytes } from 'node:crypto';
import type { SensitivityEntry } from '../src/core/entry.ts';
import { encodeTrace } from '../src/detect/encode-trace.ts';
import { SketchBuilder } from '../src/detect/sketch-builder.ts';
import { makeDigest } from '../src/registers/cell-digest.ts';
import { ephemeralKeyRing } from '../src/registers/keys.ts';
import { SensitivityDocument } from '../src/registers/sensitivity-document.ts';
import { encodeSketch } from '../src/registers/sketch.ts';
import type { Engine } from '../src/scan/engine.ts';
import { openSketches } from '../src/scan/open-sketches.ts';
import { traceParts } from '../src/scan/trace-parts.ts';
import { newMessageId } from '../src/service/message-id.ts';
import { startRetroScan } from '../src/service/start-retro-scan.ts';
import type { MessageRecord } from '../src/service/stores.ts';
import { createAuditLog } from '../src/store/audit-log.ts';
import { createMessageStore } from '../src/store/message-store.ts';
import { createRecallStore } from '../src/store/recall-store.ts';
import { createRegisterStore } from '../src/store/register-store.ts';
import { makeLettings, toCsv } from './protected-data/core-lettings.ts';
import { coreEntry, messageOf } from './protected-data/message-of.ts';
import { shippedRules } from './protected-data/shipped-rules.ts';
import { aDatabase, storeKeys, type TestDatabase } from './services/a-database.ts';
import { until } from './services/until.ts';

// A dataset is registered an hour after mails that carried it went out.

const ring = ephemeralKeyRing(randomBytes(32));
const keys = storeKeys();
const log = { info: () => {}, warn: () => {}, error: () => {} };
const entry: SensitivityEntry = { ...coreEntry, id: 'survey-2016', dataset: null, sketch: 'survey.sketch' };
const rows = makeLettings(300, 2016).map((row, at) => (at === 0 ? row.map((_, column) => `c${column}`) : row));
const sensitivityDocument = SensitivityDocument.parse({
  id: entry.id,
  title: entry.title,
  owner: entry.owner,
  sketch: entry.sketch,
});
let database: TestDatabase;
let messages: MessageRecord;

beforeAll(async () => {
  database = await aDatabase();
  messages = createMessageStore(database.pool, keys, () => Date.parse('2017-07-19T09:00:00Z'));
});
afterAll(() => database.close());

function sketch(): Uint8Array {
  const builder = new SketchBuilder(rows[0] ?? [], rows.slice(1), rows.length - 1, makeDigest(ring.current.sketches));
  for (const row of rows.slice(1)) builder.addRow(row);
  return encodeSketch({ key: ring.current.id, rows: 299, columns: builder.plan.columns }, builder.filter, null);
}

function partsWith(sensitivity: readonly SensitivityEntry[], bytes: ReadonlyMap<string, Uint8Array>) {
  const { sketches } = openSketches(bytes, ring);
  return traceParts(ring.current, { rules: shippedRules, registers: { embargoes: [], sensitivity }, sketches });
}

/** A mail that was judged, and delivered to the first `delivered` of its recipients. */
async function sent(content: string, to: readonly string[], delivered = to.length): Promise<string> {
  const id = newMessageId();
  await messages.insert({
    id,
    kind: 'email',
    receivedAt: Date.parse('2017-07-19T08:00:00Z'),
    publishAt: null,
    envelope: { from: 'officer@department.example', to },
    messageId: `<${id}@department.example>`,
    content: Buffer.from('irrelevant here'),
    transport: {},
  });
  const trace = partsWith([], new Map()).trace(await messageOf('a.csv', content));
  if (trace === null) throw new Error('the table was not traced');
  const judgement = { verdict: 'pass', holdUntil: null, effectiveAt: 0, findings: [], incomplete: [] } as const;
  await messages.claimForScan(id, 'w', 60_000);
  await messages.recordJudgement(id, 'w', judgement, 'rules-1', { subject: null, releasedAtLift: false, trace });
  await messages.claimForDelivery(id, 'd', 60_000);
  const failed = to.slice(delivered).map((recipient) => ({ recipient, reply: '550 no' }));
  const result = { delivered: to.slice(0, delivered), failed, retryAfterMs: null, notice: null };
  await messages.recordDelivery(id, 'd', result);
  return id;
}

const recalled = async () =>
  (await createRecallStore(database.pool, keys).list(entry.id, 100)).flatMap(({ recipients }) =>
    recipients.map(({ address }) => address),
  );

it('lists exactly those whom it reached, whoever asks meanwhile', async () => {
  const table = (from: number, count: number) => toCsv([rows[0] ?? [], ...rows.slice(1 + from, 1 + from + count)]);
  await sent(table(0, 299), ['a@provider.example', 'b@provider.example']);
  await sent(table(40, 25), ['c@provider.example']);
  await sent(table(90, 25), ['not-reached@provider.example'], 0);
  await sent(toCsv(makeLettings(300, 2015)), ['another-year@provider.example']);
  await sent(`town,homes,share\n${'Anytown,210,4.5\n'.repeat(30)}`, ['benign@provider.example']);

  const recalls = createRecallStore(database.pool, keys);
  const registers = createRegisterStore(database.pool, keys);
  let registersVersion = 0;
  let parts = partsWith([], new Map());
  const engine = async () => ({ ...parts, registersVersion }) as unknown as Engine;
  const scan = startRetroScan({ recalls, engine, log, intervalMs: 20 });
  try {
    await registers.putSensitivity(sensitivityDocument, 'registrar', sketch());
    // The process learns of the entry later than its store: nothing may be missed by registers without it.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await recalled()).toEqual([]);
    parts = partsWith([entry], new Map([[entry.id, sketch()]]));
    registersVersion = Number(await registers.version());
    await until(async () => (await recalls.scans())[0]?.scannedAt != null, 10_000, 'the end of the search');
  } finally {
    await scan.stop();
  }
  expect((await recalled()).toSorted()).toEqual(['a@provider.example', 'b@provider.example', 'c@provider.example']);
  expect((await recalls.scans())[0]).toMatchObject({ entry: entry.id, traced: 4, found: 2 });
});

it('keeps who said that it is deleted, and accounts for it', async () => {
  const recalls = createRecallStore(database.pool, keys);
  const [mail] = await recalls.list(entry.id, 100);
  const recall = { entry: entry.id, message: mail?.message ?? '', note: 'told by telephone' };
  expect(await recalls.confirm({ ...recall, recipient: 'c@provider.example' }, 'reviewer-1')).toBe(true);
  expect(await recalls.confirm({ ...recall, recipient: 'nobody@provider.example' }, 'reviewer-1')).toBe(false);
  const [after] = await recalls.list(entry.id, 100);
  expect(after?.recipients).toEqual([
    expect.objectContaining({
      address: 'c@provider.example',
      note: 'told by telephone',
      confirmedAt: expect.any(Number),
    }),
  ]);
  const [act] = await createAuditLog(database.pool, keys).list({ limit: 1 });
  expect(act).toMatchObject({ action: 'recall.confirmed', actor: 'reviewer-1', target: entry.id });
});

it('lets traces go after their time, and with them nothing else', async () => {
  await database.pool.query(`update message_trace set kept_at = now() - interval '36 days'`);
  await messages.tidyUp({ heldDays: 90, contentDays: 30, traceDays: 35 });
  const { rows: left } = await database.pool.query('select from message_trace');
  expect(left).toHaveLength(0);
  expect(await recalled()).toHaveLength(3);
});

it('keeps a trace sealed', async () => {
  const content = toCsv(rows);
  const id = await sent(content, ['a@provider.example']);
  const { rows: kept } = await database.pool.query<{ sealed: Buffer }>(
    'select sealed from message_trace where message_id = $1',
    [id],
  );
  const trace = encodeTrace({ key: ring.current.id, tables: [], passages: [] });
  expect(kept[0]?.sealed.includes(Buffer.from(ring.current.id))).toBe(false);
  expect(Buffer.from(trace).includes(Buffer.from(ring.current.id))).toBe(true);
});
