// Opens every file of a folder in a child, as the service does, and prints what each cost.
//
//   npm run endure -- FOLDER [--worst 10]
//
// Time is wall clock, memory the child's resident peak. Exit 1 where a file took over 60 s or 1 GB, or crashed its child.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { memorySource } from '../../src/core/byte-source.ts';
import { incompleteParts, type OpenedMessage } from '../../src/core/part.ts';
import { createScanPool } from '../../src/scan/scan-pool.ts';

interface Cost {
  readonly file: string;
  readonly ms: number;
  readonly peakMb: number;
  readonly end: string;
}

const { values, positionals } = parseArgs({ options: { worst: { type: 'string' } }, allowPositionals: true });
const [folder] = positionals;
const say = (line: string) => process.stdout.write(`${line}\n`);
if (folder === undefined) {
  process.stderr.write('endure: no folder given, name one: npm run endure -- FOLDER\n');
  process.exit(2);
}
const worst = Number(values.worst ?? 10);
const MAX_MS = 60_000;
const MAX_MB = 1024;

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();
const pool = createScanPool({ size: 1 });
const costs: Cost[] = [];
for (const file of files) costs.push(await open(file));
await pool.close();

table('longest', [...costs].sort((a, b) => b.ms - a.ms).slice(0, worst));
table('largest', [...costs].sort((a, b) => b.peakMb - a.peakMb).slice(0, worst));
const bad = costs.filter(({ ms, peakMb, end }) => ms > MAX_MS || peakMb > MAX_MB || /crashed|timed-out/.test(end));
const complete = costs.filter(({ end }) => end === 'read').length;
say(
  `${costs.length} files, ${complete} read, ${costs.length - complete} incomplete with a reason; over ${MAX_MS / 1000} s, over ${MAX_MB} MB, crashed or timed out: ${bad.length}`,
);
for (const { file, ms, peakMb, end } of bad) say(`  ${file}: ${ms.toFixed(0)} ms, ${peakMb.toFixed(0)} MB, ${end}`);
process.exitCode = bad.length === 0 ? 0 : 1;

async function open(file: string): Promise<Cost> {
  const name = relative(folder ?? '', file);
  for (const pid of pool.pids()) forgetPeak(pid);
  const started = performance.now();
  const kind = /\.(eml|msg-mail)$/i.test(name) ? 'email' : 'file';
  const opened = await pool.open({ kind, name, source: memorySource(readFileSync(file)) });
  const ms = performance.now() - started;
  // A child that was killed has no peak to tell; then its limit is the answer, and the file is named.
  const peakMb = Math.max(0, ...pool.pids().map(peakOf));
  return { file: name, ms, peakMb, end: endOf(opened) };
}

function endOf(opened: OpenedMessage): string {
  const reasons = new Set(incompleteParts(opened).map(({ reason }) => reason));
  return reasons.size === 0 ? 'read' : [...reasons].join(', ');
}

/** Linux: begins the peak anew, so that each file has its own. */
function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Elsewhere the peak is that of all files so far.
  }
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function table(title: string, rows: readonly Cost[]): void {
  say(`\n${title}\n${'s'.padStart(7)} ${'MB'.padStart(6)}  file (end)`);
  for (const { file, ms, peakMb, end } of rows)
    say(`${(ms / 1000).toFixed(2).padStart(7)} ${peakMb.toFixed(0).padStart(6)}  ${file} (${end})`);
}
