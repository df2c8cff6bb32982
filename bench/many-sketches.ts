import { fileURLToPath } from 'node:url';
import { loadEngineParts, SHIPPED_RULES } from '../src/cli/load-engine.ts';
import { memorySource } from '../src/core/byte-source.ts';
import type { SensitivityEntry } from '../src/core/entry.ts';
import { SketchBuilder } from '../src/detect/sketch-builder.ts';
import { DEFAULT_LIMITS } from '../src/extract/budget.ts';
import { extractors } from '../src/extract/index.ts';
import { makeDigest } from '../src/registers/cell-digest.ts';
import { ephemeralKeyRing } from '../src/registers/keys.ts';
import { encodeSketch } from '../src/registers/sketch.ts';
import type { Engine } from '../src/scan/engine.ts';
import { openParts } from '../src/scan/open-parts.ts';
import { openSketches } from '../src/scan/open-sketches.ts';
import { createEngine } from '../src/scan/scan-message.ts';
import { EXPORT_NAMES, eachLetting, toCsv } from '../test/protected-data/core-lettings.ts';

/** A register of 20,000 sketches: what it adds to the scan of ordinary mails, without a table and with one. */
const ENTRIES = Number(process.env['ENTRIES'] ?? 20_000);
const ROWS = 60;
const LIMIT = 1.2;
const AT = Date.parse('2016-01-20T09:22:00Z');

const ring = ephemeralKeyRing(Buffer.alloc(32, 9));
const digest = makeDigest(ring.current.sketches);
const registers = fileURLToPath(new URL('../fixtures/registers', import.meta.url));
const io = {
  out: () => {},
  err: () => {},
  stdin: async () => new Uint8Array(),
  isTerminal: false,
  now: () => AT,
  env: {},
};
const parts = await loadEngineParts({ rules: SHIPPED_RULES, registers }, AT, io);

function aSketch(seed: number): Uint8Array {
  const rows = [...eachLetting(ROWS, seed)];
  const builder = new SketchBuilder(EXPORT_NAMES, rows, ROWS, digest);
  for (const row of rows) builder.addRow(row);
  return encodeSketch({ key: ring.current.id, rows: ROWS, columns: [] }, builder.filter, null);
}

function engineWith(count: number): Engine {
  const template = parts.registers.sensitivity[0];
  if (template === undefined) throw new Error('the demonstration register has a dataset');
  const entries: SensitivityEntry[] = Array.from({ length: count }, (_, at) => ({
    ...template,
    id: `file-${at}`,
    dataset: null,
    columns: [],
    sketch: `file-${at}.sketch`,
  }));
  const made = Array.from({ length: Math.min(200, count) }, (_, at) => aSketch(at + 3000));
  const bytes = new Map(entries.map(({ id }, at) => [id, made[at % made.length] ?? new Uint8Array()]));
  const { sketches } = openSketches(bytes, ring);
  return createEngine({
    ...parts,
    registers: { ...parts.registers, sensitivity: [...parts.registers.sensitivity, ...entries] },
    sketches,
    open: (request) => openParts(request, { extractors, limits: DEFAULT_LIMITS, now: () => performance.now() }),
  });
}

const prose = 'The minutes are a true record apart from item 4, which the chair will correct.\r\n'.repeat(50);
const head = 'From: a@department.example\r\nTo: b@council.example\r\nSubject: Minutes\r\nMIME-Version: 1.0\r\n';
const plain = `${head}\r\n${prose}`;
const table = [
  ['area', 'homes', 'share'],
  ...Array.from({ length: 60 }, (_, at) => [`Area ${at}`, `${at * 37}`, `${at / 7}`]),
];
const withTable = `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${prose}--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n${toCsv(table)}\r\n--b--\r\n`;

/** CPU seconds of so many judgements. */
async function cost(engine: Engine, mail: string, count: number): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < count; n += 1)
    await engine.judge({
      kind: 'email',
      name: 'message.eml',
      source: memorySource(Buffer.from(mail)),
      parties: null,
      now: AT,
      publishAt: null,
    });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const [few, many] = [engineWith(0), engineWith(ENTRIES)];
for (const [name, mail] of [
  ['without a table', plain],
  ['with a table of 60 rows', withTable],
] as const) {
  for (const engine of [few, many]) await cost(engine, mail, 200);
  const costs = { few: 0, many: 0 };
  // In turns, so that what else the machine does falls on both.
  for (let round = 0; round < 30; round += 1) {
    costs.few += await cost(few, mail, 30);
    costs.many += await cost(many, mail, 30);
  }
  const ratio = costs.many / costs.few;
  console.log(
    `mail ${name}: ${Math.round(900 / costs.few)}/s of CPU without, ${Math.round(900 / costs.many)}/s with ${ENTRIES} sketches: ${ratio.toFixed(2)} times the cost (limit ${LIMIT})`,
  );
  if (ratio > LIMIT) process.exitCode = 1;
}
