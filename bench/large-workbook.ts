import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeLettingsWorkbook } from '../src/cli/lettings-workbook.ts';
import { loadEngineParts, SHIPPED_RULES } from '../src/cli/load-engine.ts';
import { fileSource } from '../src/cli/read-paths.ts';
import type { ScanRequest } from '../src/scan/engine.ts';
import { createEngine } from '../src/scan/scan-message.ts';
import { createScanPool } from '../src/scan/scan-pool.ts';

/**
 * What judging a record-level workbook costs against opening it alone, in a child as the service opens it; and how soon a hold is
 * told that its first rows are enough for.
 *
 *     node bench/large-workbook.ts [FILE] [--runs=5]
 */
const TIME = Date.parse('2017-07-20T10:00:00Z');
const registers = fileURLToPath(new URL('../fixtures/registers', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
const given = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const file = given ?? join(folder, 'lettings.xlsx');
if (given === undefined) writeFileSync(file, await makeLettingsWorkbook(85_000, 7));
const runs = Number(process.argv.find((argument) => argument.startsWith('--runs='))?.slice(7) ?? 5);

const parts = await loadEngineParts({ rules: SHIPPED_RULES, registers }, TIME, {
  out: () => {},
  err: () => {},
  stdin: async () => new Uint8Array(),
  isTerminal: false,
  now: () => TIME,
  env: {},
});
const pool = createScanPool({ size: 2 });
const engine = createEngine({ ...parts, open: pool.open });
const source = await fileSource(file);
const request: ScanRequest = { kind: 'file', name: 'a.xlsx', source, parties: null, now: TIME, publishAt: null };

const opening: number[] = [];
const judging: number[] = [];
const early: number[] = [];
let verdict = '';
for (let turn = 0; turn <= runs; turn += 1) {
  const opened = await timed(() => pool.open({ kind: 'file', name: 'a.xlsx', source }));
  const judged = await timed(async () => {
    verdict = (await engine.judge(request)).judgement.verdict;
  });
  const started = performance.now();
  let toldAfter = Number.POSITIVE_INFINITY;
  await engine.judge({
    ...request,
    onEarlyHold: () => {
      toldAfter = performance.now() - started;
    },
  });
  // The first turn starts the children.
  if (turn === 0) continue;
  opening.push(opened);
  judging.push(judged);
  early.push(toldAfter);
}
await pool.close();
rmSync(folder, { recursive: true });
const [open, judge] = [Math.min(...opening), Math.min(...judging)];
console.log(`opening in a child        ${Math.round(open)} ms`);
console.log(`opening and judging       ${Math.round(judge)} ms (${(judge / open).toFixed(2)} x): ${verdict}`);
console.log(`hold by the first rows    ${Math.round(Math.min(...early))} ms, median ${Math.round(median(early))} ms`);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
