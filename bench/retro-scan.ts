import { randomBytes } from 'node:crypto';
import { memorySource } from '../src/core/byte-source.ts';
import { SketchBuilder } from '../src/detect/sketch-builder.ts';
import { DEFAULT_LIMITS } from '../src/extract/budget.ts';
import { extractors } from '../src/extract/index.ts';
import { makeDigest } from '../src/registers/cell-digest.ts';
import { ephemeralKeyRing } from '../src/registers/keys.ts';
import { SensitivityDocument } from '../src/registers/sensitivity-document.ts';
import { encodeSketch } from '../src/registers/sketch.ts';
import type { Engine } from '../src/scan/engine.ts';
import { openParts } from '../src/scan/open-parts.ts';
import { openSketches } from '../src/scan/open-sketches.ts';
import { traceParts } from '../src/scan/trace-parts.ts';
import { newMessageId } from '../src/service/message-id.ts';
import { startRetroScan } from '../src/service/start-retro-scan.ts';
import { createMessageStore } from '../src/store/message-store.ts';
import { createRecallStore } from '../src/store/recall-store.ts';
import { createRegisterStore } from '../src/store/register-store.ts';
import { EXPORT_NAMES, eachLetting, makeLettings, toCsv } from '../test/protected-data/core-lettings.ts';
import { coreEntry } from '../test/protected-data/message-of.ts';
import { shippedRules } from '../test/protected-data/shipped-rules.ts';
import { aDatabase, storeKeys } from '../test/services/a-database.ts';
import { until } from '../test/services/until.ts';

/** A dataset registered late: the search through 100,000 retained mails that all have a table takes at most 60 s, and finds exactly those that carried it. */
const MAILS = Number(process.env['MAILS'] ?? 100_000);
const CARRY = 20;
const ROWS = 5_000;
const LIMIT_SECONDS = 60;

const ring = ephemeralKeyRing(randomBytes(32));
const keys = storeKeys();
const entry = { ...coreEntry, id: 'late', dataset: null, sketch: 'late.sketch' };
const database = await aDatabase();
const messages = createMessageStore(database.pool, keys, () => Date.now());
const registers = createRegisterStore(database.pool, keys);
const recalls = createRecallStore(database.pool, keys);

const builder = new SketchBuilder(
  EXPORT_NAMES,
  [...eachLetting(ROWS, 2016)].slice(0, 1000),
  ROWS,
  makeDigest(ring.current.sketches),
);
for (const row of eachLetting(ROWS, 2016)) builder.addRow(row);
const sketch = encodeSketch({ key: ring.current.id, rows: ROWS, columns: builder.plan.columns }, builder.filter, null);
const { sketches } = openSketches(new Map([[entry.id, sketch]]), ring);
const parts = traceParts(ring.current, {
  rules: shippedRules,
  registers: { embargoes: [], sensitivity: [entry] },
  sketches,
});

async function traceOf(csv: string): Promise<Uint8Array> {
  const opened = await openParts(
    { kind: 'file', name: 'a.csv', source: memorySource(Buffer.from(csv)) },
    { extractors, limits: DEFAULT_LIMITS, now: () => performance.now() },
  );
  const trace = parts.trace(opened);
  if (trace === null) throw new Error('no trace');
  return trace;
}

const rows = makeLettings(ROWS, 2016);
const carrying = await traceOf(toCsv([rows[0] ?? [], ...rows.slice(100, 150)]));
const others = await Promise.all([2014, 2015, 2017, 2018].map((year) => traceOf(toCsv(makeLettings(60, year)))));
const judgement = { verdict: 'pass', holdUntil: null, effectiveAt: 0, findings: [], incomplete: [] } as const;

async function send(at: number): Promise<void> {
  const id = newMessageId();
  const to = `r${at}@provider.example`;
  await messages.insert({
    id,
    kind: 'email',
    receivedAt: Date.now(),
    publishAt: null,
    envelope: { from: 'officer@department.example', to: [to] },
    messageId: null,
    content: Buffer.from('x'),
    transport: {},
  });
  const trace = at % (MAILS / CARRY) === 7 ? carrying : others[at % others.length];
  await messages.claimForScan(id, 'w', 600_000);
  await messages.recordJudgement(id, 'w', judgement, 'rules-1', {
    subject: null,
    releasedAtLift: false,
    ...(trace && { trace }),
  });
  await messages.claimForDelivery(id, 'd', 600_000);
  await messages.recordDelivery(id, 'd', { delivered: [to], failed: [], retryAfterMs: null, notice: null });
}

const filling = performance.now();
for (let at = 0; at < MAILS; at += 500)
  await Promise.all(Array.from({ length: Math.min(500, MAILS - at) }, (_, index) => send(at + index)));
console.log(
  `${MAILS} mails with a trace of ${Math.round(carrying.length / 1024)} KB each, put in within ${Math.round((performance.now() - filling) / 1000)} s`,
);

const started = performance.now();
await registers.putSensitivity(
  SensitivityDocument.parse({ id: entry.id, title: entry.title, owner: entry.owner, sketch: entry.sketch }),
  'registrar',
  sketch,
);
const registersVersion = Number(await registers.version());
const log = { info: () => {}, warn: console.error, error: console.error };
const scan = startRetroScan({
  recalls,
  engine: async () => ({ ...parts, registersVersion }) as unknown as Engine,
  log,
  intervalMs: 10,
});
await until(async () => (await recalls.scans())[0]?.scannedAt != null, 600_000, 'the end of the search');
const seconds = (performance.now() - started) / 1000;
await scan.stop();
const found = (await recalls.list(entry.id, MAILS)).map(({ recipients }) =>
  Number(/\d+/.exec(recipients[0]?.address ?? '')?.[0]),
);
const wanted = Array.from({ length: CARRY }, (_, at) => at * (MAILS / CARRY) + 7);
const isExact = JSON.stringify(found.toSorted((a, b) => a - b)) === JSON.stringify(wanted);
console.log(
  `searched in ${seconds.toFixed(1)} s (limit ${LIMIT_SECONDS} s for 100,000), ${found.length} of ${CARRY} found, ${isExact ? 'exactly those' : 'NOT those'}`,
);
await database.close();
if (!isExact || seconds > LIMIT_SECONDS) process.exitCode = 1;
