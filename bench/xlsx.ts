import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInflateRaw } from 'node:zlib';
import { makeLettingsWorkbook } from '../src/cli/lettings-workbook.ts';
import { fileSource } from '../src/cli/read-paths.ts';
import { type ByteSource, memorySource, readAll } from '../src/core/byte-source.ts';
import { Budget, DEFAULT_LIMITS } from '../src/extract/budget.ts';
import { extractors } from '../src/extract/index.ts';
import { readZipDirectory } from '../src/extract/zip-directory.ts';
import { locateEntryData } from '../src/extract/zip-entry.ts';
import { openParts } from '../src/scan/open-parts.ts';
import { makeRecordWorkbook } from './opening/make-record-workbook.ts';

/**
 * What reading a record-level workbook costs against inflating it alone, each in a process of its own that has opened a small
 * workbook before, as a service has.
 *
 *     node bench/xlsx.ts [FILE] [--peers] [--runs=3]
 *
 * `inflate` is Node's streaming inflate of the workbook's parts in chunks of 1 MB. Runs take turns, and the quickest of each
 * counts. CPU time is printed beside wall time: on a busy machine the first still means something. `--peers` runs SheetJS and
 * exceljs too, which takes minutes and gigabytes; exceljs is no dependency and is looked for in the folder that
 * `HOLDFAST_BENCH_PEERS` names (`npm i exceljs` there).
 */
const now = (): number => performance.now();
const PEERS = process.env['HOLDFAST_BENCH_PEERS'];

const WORK: Readonly<Record<string, (source: ByteSource, file: string) => Promise<string>>> = {
  async inflate(source) {
    const budget = new Budget(DEFAULT_LIMITS, now);
    const { entries } = await readZipDirectory(source, budget);
    let total = 0;
    for (const entry of entries) {
      const { start, end } = await locateEntryData(source, entry);
      const inflate = createInflateRaw({ chunkSize: 1024 ** 2 });
      inflate.end(await source.read(start, end));
      for await (const chunk of inflate as AsyncIterable<Uint8Array>) total += chunk.length;
    }
    return `${Math.round(total / 1e6)} MB out`;
  },
  read: (source) => readAsHoldfast(source),
  'first rows': (source) => readAsHoldfast(source, 200),
  async sheetjs(source) {
    const { read } = createRequire(import.meta.url)('@e965/xlsx') as typeof import('@e965/xlsx');
    return `${read(Buffer.from(await readAll(source)), { type: 'buffer', dense: true }).SheetNames.length} sheet`;
  },
  /** The streaming reader: the other one does not get through such a file. */
  async exceljs(_, file) {
    if (file === '') return '';
    const { default: exceljs } = (await import(exceljsPath() ?? '')) as { readonly default: ExcelJs };
    const reader = new exceljs.stream.xlsx.WorkbookReader(file, { sharedStrings: 'cache', worksheets: 'emit' });
    let rows = 0;
    for await (const sheet of reader) for await (const row of sheet) rows += row.number > 0 ? 1 : 0;
    return `${rows} rows`;
  },
};

interface ExcelJs {
  readonly stream: {
    readonly xlsx: {
      readonly WorkbookReader: new (
        file: string,
        options: object,
      ) => AsyncIterable<AsyncIterable<{ readonly number: number }>>;
    };
  };
}

function exceljsPath(): string | null {
  const path = resolve(PEERS ?? '.', 'node_modules', 'exceljs', 'excel.js');
  return PEERS !== undefined && existsSync(path) ? path : null;
}

async function readAsHoldfast(source: ByteSource, firstRows?: number): Promise<string> {
  const deps = { extractors, limits: DEFAULT_LIMITS, now };
  const quick = firstRows === undefined ? {} : { firstRows };
  const opened = await openParts({ kind: 'file', name: 'a.xlsx', source }, { ...deps, ...quick });
  const tables = opened.parts.flatMap(({ content }) => (content.kind === 'table' ? [content.table] : []));
  return tables.map((table) => `${table.rows} x ${table.columns}`).join(', ');
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
  await WORK[name]?.(memorySource(await makeLettingsWorkbook(300, 7)), '');
  const source = await fileSource(file, 0);
  const cpu = process.cpuUsage();
  const started = now();
  const said = await WORK[name]?.(source, file);
  const wall = now() - started;
  const used = process.cpuUsage(cpu);
  const rss = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ wall, cpu: (used.user + used.system) / 1000, rss, said }));
}

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const given = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
  const file = given ?? join(folder, 'records.xlsx');
  if (given === undefined) writeFileSync(file, await makeRecordWorkbook(85_000, 7));
  const runs = Number(process.argv.find((argument) => argument.startsWith('--runs='))?.slice(7) ?? 3);
  const ours = ['inflate', 'read', 'first rows'];
  const costs = new Map<string, Cost>();
  for (let turn = 0; turn < runs; turn += 1)
    for (const name of ours) costs.set(name, quicker(costs.get(name), run(name, file)));
  if (process.argv.includes('--peers')) {
    costs.set('sheetjs', run('sheetjs', file));
    if (exceljsPath() !== null) costs.set('exceljs', run('exceljs', file));
    else console.log('exceljs is not measured: HOLDFAST_BENCH_PEERS names no folder that has it');
  }
  rmSync(folder, { recursive: true });
  const base = costs.get('inflate');
  for (const [name, cost] of costs)
    console.log(
      `${name.padEnd(10)} ${String(Math.round(cost.wall)).padStart(6)} ms wall (${ratio(cost.wall, base?.wall)}), ` +
        `${String(Math.round(cost.cpu)).padStart(6)} ms CPU (${ratio(cost.cpu, base?.cpu)}), ${Math.round(cost.rss)} MB peak: ${cost.said}`,
    );
}

function quicker(one: Cost | undefined, other: Cost): Cost {
  if (one === undefined) return other;
  return { ...other, wall: Math.min(one.wall, other.wall), cpu: Math.min(one.cpu, other.cpu) };
}

function run(name: string, file: string): Cost {
  // The young generation as the scan pool's children have it; the peers need an old one larger than theirs.
  const flags = ['--no-warnings', '--max-old-space-size=6144', '--max-semi-space-size=8'];
  const ran = spawnSync(process.execPath, [...flags, self || fileURLToPath(import.meta.url), '--work', name, file]);
  if (ran.status !== 0) throw new Error(`${name}: ${ran.stderr.toString().slice(0, 400)}`);
  return JSON.parse(ran.stdout.toString()) as Cost;
}

function ratio(cost: number, base: number | undefined): string {
  return base === undefined ? '' : `${(cost / base).toFixed(1)} x`;
}
