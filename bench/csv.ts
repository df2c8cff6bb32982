import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { fileSource } from '../src/cli/read-paths.ts';
import { type ByteSource, memorySource } from '../src/core/byte-source.ts';
import { DEFAULT_LIMITS } from '../src/extract/budget.ts';
import { extractors } from '../src/extract/index.ts';
import { openParts } from '../src/scan/open-parts.ts';

/**
 * What reading a long CSV file costs against `node:readline` counting its lines, and what memory twice the file takes, also through
 * `holdfast open --text`; each in a process of its own.
 *
 *     node bench/csv.ts [FILE] [--runs=3]
 */
const now = (): number => performance.now();
const MB = 1e6;

const WORK: Readonly<Record<string, (file: string) => Promise<string>>> = {
  async readline(file) {
    let lines = 0;
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }))
      lines += line.length >= 0 ? 1 : 0;
    return `${lines} lines`;
  },
  async read(file) {
    return read(await fileSource(file, 0));
  },
};

async function read(source: ByteSource): Promise<string> {
  const opened = await openParts({ kind: 'file', name: 'a.csv', source }, { extractors, limits: DEFAULT_LIMITS, now });
  return opened.parts
    .flatMap(({ content }) => (content.kind === 'table' ? [`${content.table.rows} x ${content.table.columns}`] : []))
    .join(', ');
}

interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly rss: number;
  readonly said: string;
}

const [, self = '', first, second] = process.argv;
if (first === '--work') await work(second ?? '', process.argv[4] ?? '');
else await compare();

async function work(name: string, file: string): Promise<void> {
  await read(memorySource(Buffer.from(rowsOf(1, 3000))));
  const cpu = process.cpuUsage();
  const started = now();
  const said = await WORK[name]?.(file);
  const wall = now() - started;
  const used = process.cpuUsage(cpu);
  const rss = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ wall, cpu: (used.user + used.system) / 1000, rss, said }));
}

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const given = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
  const runs = Number(process.argv.find((argument) => argument.startsWith('--runs='))?.slice(7) ?? 3);
  const file = given ?? (await makeFile(join(folder, 'lettings.csv'), 60 * MB));
  const costs = new Map<string, Cost>();
  for (let turn = 0; turn < runs; turn += 1)
    for (const name of Object.keys(WORK)) costs.set(name, quicker(costs.get(name), run(name, file)));
  const base = costs.get('readline');
  for (const [name, cost] of costs) console.log(line(name, cost, base));
  const twice = await makeFile(join(folder, 'twice.csv'), 120 * MB);
  console.log(line('120 MB', run('read', twice), undefined));
  const opened = peakOf(['open', '--text', twice]);
  console.log(
    `open --text ${Math.round(opened.wall)} ms wall, ${Math.round(opened.rss)} MB peak of the largest process`,
  );
  rmSync(folder, { recursive: true });
}

function line(name: string, { wall, cpu, rss, said }: Cost, base: Cost | undefined): string {
  const ratio = (own: number, other: number | undefined): string =>
    other === undefined ? '' : ` (${(own / other).toFixed(1)} x)`;
  return `${name.padEnd(10)} ${Math.round(wall)} ms wall${ratio(wall, base?.wall)}, ${Math.round(cpu)} ms CPU${ratio(cpu, base?.cpu)}, ${Math.round(rss)} MB peak: ${said}`;
}

function quicker(one: Cost | undefined, other: Cost): Cost {
  if (one === undefined) return other;
  return { ...other, wall: Math.min(one.wall, other.wall), cpu: Math.min(one.cpu, other.cpu) };
}

function run(name: string, file: string): Cost {
  const flags = ['--no-warnings', '--max-semi-space-size=8'];
  const ran = spawnSync(process.execPath, [...flags, self || fileURLToPath(import.meta.url), '--work', name, file]);
  if (ran.status !== 0) throw new Error(`${name}: ${ran.stderr.toString().slice(0, 400)}`);
  return JSON.parse(ran.stdout.toString()) as Cost;
}

/** The peak of a command and of the children it started, by the kernel's own account. */
function peakOf(args: readonly string[]): { readonly rss: number; readonly wall: number } {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const script = `
    import resource, subprocess, sys
    subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)`.replaceAll('\n    ', '\n');
  const started = now();
  const ran = spawnSync('python3', ['-c', script, process.execPath, '--no-warnings', main, ...args]);
  if (ran.status !== 0) throw new Error(`open: ${ran.stderr.toString().slice(0, 400)}`);
  return { rss: Number(ran.stdout.toString()), wall: now() - started };
}

async function makeFile(path: string, size: number): Promise<string> {
  const out = createWriteStream(path);
  let written = 0;
  for (let seed = 1; written < size; seed += 1) {
    const rows = rowsOf(seed, 2000);
    written += rows.length;
    if (!out.write(rows)) await new Promise((resolve) => out.once('drain', () => resolve(null)));
  }
  out.end();
  await finished(out);
  return path;
}

/** Rows of 120 columns as record-level files have them: mostly codes, some amounts, dates, references, and every fourth cell empty. */
function rowsOf(seed: number, count: number): string {
  let state = seed * 48_271;
  const draw = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const cells: readonly (() => string)[] = [
    () => String(draw(10)),
    () => '',
    () => String(draw(3)),
    () => String(18 + draw(70)),
    () => (draw(4) === 0 ? '' : String(1 + draw(2))),
    () => `2016-${String(1 + draw(12)).padStart(2, '0')}-${String(1 + draw(28)).padStart(2, '0')}`,
    () => '',
    () => String(draw(2)),
    () => `E0700${String(8 + draw(180)).padStart(4, '0')}`,
    () => (draw(60_000) / 100).toFixed(2),
    () => String(draw(9)),
    () => `T${draw(10_000_000)}`,
  ];
  let text = seed === 1 ? `${Array.from({ length: 120 }, (_, at) => `column${at}`).join(',')}\n` : '';
  for (let row = 0; row < count; row += 1)
    text += `${Array.from({ length: 120 }, (_, at) => (cells[at % cells.length] as () => string)()).join(',')}\n`;
  return text;
}
