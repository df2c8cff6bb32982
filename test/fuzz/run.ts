// Damages files in every way, opens them as the service does, and looks for crashes, hangs, and damage that reads as clean.
//
//   npm run fuzz -- --minutes 10 --seed 1 [--keep FOLDER] [CORPUS_FOLDER]
//
// Half of the runs damage small files of our own with a marker in them: where a reader that knows nothing of formats still finds
// the marker, we must find it too or say that the file is incomplete. The other half damage files of the corpus.
// A finding is a child that crashed, memory over 1 GB, an answer after more than 60 s, and a marker that is readable and neither
// seen nor told incomplete. What a limit ended inside of these bounds is held with its reason: it is listed, and is no finding.
// Equal seeds damage alike. Exit 1 where anything was found; what was is kept in the folder.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { memorySource } from '../../src/core/byte-source.ts';
import { incompleteParts, type OpenedMessage } from '../../src/core/part.ts';
import { createScanPool } from '../../src/scan/scan-pool.ts';
import { MARKER, markedFiles } from './marked-files.ts';
import { mutations } from './mutations.ts';
import { holdsWords } from './plain-reader.ts';
import { seededRandom } from './random.ts';

const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, keep: { type: 'string' } },
  allowPositionals: true,
});
const seed = Number(values.seed ?? 1);
const keep = values.keep ?? join(tmpdir(), `holdfast-fuzz-${seed}`);
const deadline = performance.now() + Number(values.minutes ?? 1) * 60_000;
const say = (line: string) => process.stdout.write(`${line}\n`);
const random = seededRandom(seed);
/** Larger files of a corpus cost time and show nothing that smaller ones do not. */
const LARGEST = 256 * 1024;

const corpus = positionals.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => statSync(file).size > 0 && statSync(file).size <= LARGEST)
    .sort(),
);
const pool = createScanPool({ size: 2 });
const MAX_MS = 60_000;
const MAX_MB = 1024;
const WATCH_EVERY = 20;
const counts = { executions: 0, marked: 0, readable: 0, seen: 0, incomplete: 0 };
const findings: string[] = [];
const ended: string[] = [];
const costs = { ms: 0, mb: 0 };
/** Megabytes at most of the children since the executions in hand began. */
const peaks = new Set<{ mb: number }>();
const watch = setInterval(watchMemory, WATCH_EVERY);
mkdirSync(keep, { recursive: true });

await Promise.all([lane(), lane()]);
clearInterval(watch);
await pool.close();
say(
  `seed ${seed}: ${counts.executions} executions over ${markedFiles.length} marked files and ${corpus.length} of the corpus; ` +
    `marker still readable in ${counts.readable} of ${counts.marked}: seen in ${counts.seen}, incomplete in ${counts.incomplete}; ` +
    `longest ${(costs.ms / 1000).toFixed(1)} s, largest child ${costs.mb.toFixed(0)} MB; ` +
    `${ended.length} ended by a limit, ${findings.length} findings`,
);
for (const line of findings.slice(0, 100)) say(`  ${line}`);
if (ended.length > 0) say('ended by a limit:');
for (const line of ended.slice(0, 100)) say(`  ${line}`);
if (findings.length + ended.length > 0) say(`kept in ${keep}`);
process.exitCode = findings.length === 0 ? 0 : 1;

async function lane(): Promise<void> {
  while (performance.now() < deadline) {
    const isMarked = corpus.length === 0 || random.below(2) === 0;
    const file = isMarked ? random.pick(markedFiles) : fromCorpus();
    const other = random.below(2) === 0 || corpus.length === 0 ? random.pick(markedFiles).bytes : fromCorpus().bytes;
    const names = Array.from({ length: 1 + random.below(2) }, () => random.pick(Object.keys(mutations)));
    let { bytes } = file;
    for (const name of names) if (bytes.length > 0) bytes = mutations[name]?.(bytes, random, other) ?? bytes;
    await execute(file.name, names, bytes, isMarked);
  }
}

function fromCorpus() {
  const file = random.pick(corpus);
  return { name: file.slice(file.lastIndexOf('/') + 1), bytes: readFileSync(file) };
}

async function execute(name: string, names: readonly string[], bytes: Buffer, isMarked: boolean): Promise<void> {
  counts.executions += 1;
  const number = counts.executions;
  const kind = name.endsWith('.eml') ? 'email' : 'file';
  const peak = { mb: 0 };
  peaks.add(peak);
  const started = performance.now();
  const opened = await pool.open({ kind, name, source: memorySource(bytes) });
  const ms = performance.now() - started;
  peaks.delete(peak);
  costs.ms = Math.max(costs.ms, ms);
  const reasons = incompleteParts(opened).map(({ reason }) => reason);
  const told = (what: string, list: string[]) => {
    const cost = `${bytes.length} bytes, ${ms.toFixed(0)} ms, ${peak.mb.toFixed(0)} MB`;
    list.push(`${kept(number, name, bytes)} ${what}: ${name}, ${names.join(', ')} (${cost})`);
  };
  const lost = opened.parts.flatMap(({ content }) =>
    content.kind === 'incomplete' && isLost(content.detail) ? [content.reason] : [],
  );
  if (lost.includes('crashed')) told('crashed its child', findings);
  else if (ms > MAX_MS) told('took over 60 s', findings);
  else if (lost.length > 0 && peak.mb > MAX_MB) told('took over 1 GB', findings);
  else if (lost.length > 0 || reasons.includes('timed-out')) told([...new Set(reasons)].join(', '), ended);
  if (!isMarked) return;
  counts.marked += 1;
  if (!holdsWords(bytes, MARKER)) return;
  counts.readable += 1;
  if (isSeen(opened)) counts.seen += 1;
  else if (reasons.length > 0) counts.incomplete += 1;
  else told('CLEAN without the marker', findings);
}

/** The pool says so of a message whose child was killed or died. */
function isLost(detail: string | undefined): boolean {
  return detail === 'opening the message in full failed' || detail === 'the message could not be opened';
}

function isSeen({ parts }: OpenedMessage): boolean {
  return parts.some(({ path, content }) =>
    ('text' in content ? `${path} ${content.text}` : path).replace(/\s+/g, ' ').includes(MARKER),
  );
}

function kept(number: number, name: string, bytes: Buffer): string {
  const file = `${seed}-${number}${extname(name)}`;
  writeFileSync(join(keep, file), bytes);
  return file;
}

/** Linux; elsewhere nothing is known of memory, and the pool's own limit holds. */
function watchMemory(): void {
  for (const pid of pool.pids()) {
    let mb = 0;
    try {
      mb = (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1024 ** 2;
    } catch {
      // It ended in between.
    }
    costs.mb = Math.max(costs.mb, mb);
    for (const peak of peaks) peak.mb = Math.max(peak.mb, mb);
  }
}
