import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeLettingsWorkbook } from '../src/cli/lettings-workbook.ts';
import { fileSource } from '../src/cli/read-paths.ts';
import { type ByteSource, readAll } from '../src/core/byte-source.ts';
import { Budget, DEFAULT_LIMITS } from '../src/extract/budget.ts';
import { extractors } from '../src/extract/index.ts';
import { readZipDirectory } from '../src/extract/zip-directory.ts';
import { readZipEntry } from '../src/extract/zip-entry.ts';
import { openParts } from '../src/scan/open-parts.ts';

/**
 * What reading a record-level workbook costs against inflating it alone, each in a process of its own.
 *
 *     node bench/xlsx.ts [FILE] [--peers]
 *
 * CPU time is printed beside wall time: on a busy machine the first still means something. `--peers` runs SheetJS too, which
 * takes a minute and gigabytes.
 */
const now = (): number => performance.now();

const WORK: Readonly<Record<string, (source: ByteSource) => Promise<string>>> = {
  async inflate(source) {
    const budget = new Budget(DEFAULT_LIMITS, now);
    let total = 0;
    for (const entry of (await readZipDirectory(source, budget)).entries)
      for await (const chunk of readZipEntry(source, entry, budget)) total += chunk.length;
    return `${Math.round(total / 1e6)} MB out`;
  },
  async read(source) {
    const opened = await openParts(
      { kind: 'file', name: 'a.xlsx', source },
      { extractors, limits: DEFAULT_LIMITS, now },
    );
    const tables = opened.parts.flatMap(({ content }) => (content.kind === 'table' ? [content.table] : []));
    return tables.map((table) => `${table.rows} x ${table.columns}`).join(', ');
  },
  async sheetjs(source) {
    const { read } = createRequire(import.meta.url)('@e965/xlsx') as typeof import('@e965/xlsx');
    return `${read(Buffer.from(await readAll(source)), { type: 'buffer', dense: true }).SheetNames.length} sheet`;
  },
};

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
  const source = await fileSource(file, 0);
  const cpu = process.cpuUsage();
  const started = now();
  const said = await WORK[name]?.(source);
  const used = process.cpuUsage(cpu);
  const cost = {
    wall: now() - started,
    cpu: (used.user + used.system) / 1000,
    rss: process.resourceUsage().maxRSS / 1024,
    said,
  };
  console.log(JSON.stringify(cost));
}

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const given = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
  const file = given ?? join(folder, 'lettings.xlsx');
  if (given === undefined) writeFileSync(file, await makeLettingsWorkbook(85_000, 7));
  const names = process.argv.includes('--peers') ? ['inflate', 'read', 'sheetjs'] : ['inflate', 'read'];
  const costs = new Map(names.map((name) => [name, best(name, file)]));
  rmSync(folder, { recursive: true });
  const base = costs.get('inflate');
  for (const [name, cost] of costs)
    console.log(
      `${name.padEnd(8)} ${String(Math.round(cost.wall)).padStart(6)} ms wall (${ratio(cost.wall, base?.wall)}), ` +
        `${String(Math.round(cost.cpu)).padStart(6)} ms CPU (${ratio(cost.cpu, base?.cpu)}), ${Math.round(cost.rss)} MB peak: ${cost.said}`,
    );
}

/** The quicker of two runs: the first pays for cold caches. */
function best(name: string, file: string): Cost {
  const runs = [0, 1].map(() => run(name, file));
  return runs.reduce((one, other) => (other.cpu < one.cpu ? other : one));
}

function run(name: string, file: string): Cost {
  // The young generation as the scan pool's children have it.
  const flags = ['--no-warnings', '--max-old-space-size=4096', '--max-semi-space-size=8'];
  const ran = spawnSync(process.execPath, [...flags, self || fileURLToPath(import.meta.url), '--work', name, file]);
  if (ran.status !== 0) throw new Error(`${name}: ${ran.stderr.toString().slice(0, 400)}`);
  return JSON.parse(ran.stdout.toString()) as Cost;
}

function ratio(cost: number, base: number | undefined): string {
  return base === undefined ? '' : `${(cost / base).toFixed(1)} x`;
}
