import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun } from '../src/cli/command.ts';
import { fingerprint } from '../src/cli/fingerprint.ts';
import { sketchUploads } from '../src/cli/sketch-upload.ts';
import { parseSketch } from '../src/registers/sketch.ts';
import { readKeyFile } from '../src/store/key-file.ts';
import { makeLettings, toCsv } from './protected-data/core-lettings.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-fingerprint-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function run(...args: readonly string[]): Promise<string> {
  let out = '';
  const status = await fingerprint.run(args, {
    out: (text) => {
      out += text;
    },
    err: () => {},
    stdin: () => Promise.resolve(new Uint8Array()),
    isTerminal: false,
    now: () => Date.parse('2017-07-19T09:00:00Z'),
    env: { HOLDFAST_DATA: folder },
  });
  expect(status).toBe(0);
  return out;
}

describe('holdfast fingerprint', () => {
  it('makes a sketch that holds no value of the file, and says what became of each column', async () => {
    const rows = makeLettings(120, 2016);
    const file = join(folder, 'core.csv');
    await writeFile(file, toCsv(rows));
    const said = await run(file, '--out', join(folder, 'core.sketch'));
    expect(said).toMatch(/120 rows, 0 passages\nkept, in combinations of two: .*postcode_full \(/);
    expect(said).toMatch(/left out, serial numbers, the same in every such file: .*formid/);
    const bytes = await readFile(join(folder, 'core.sketch'));
    expect(parseSketch(bytes)).toMatchObject({ ok: true, value: { header: { rows: 120 } } });
    for (const cell of rows.slice(1, 20).flat()) if (cell.length > 6) expect(bytes.includes(cell)).toBe(false);
    expect((await stat(join(folder, 'core.sketch'))).mode & 0o007).toBe(0);
  });

  it.each([
    ['no file', (at: string) => ['--out', join(at, 'x')], 'give one FILE'],
    ['no --out', (at: string) => [join(at, 'core.csv')], '--out'],
    [
      'a file that is not there',
      (at: string) => [join(at, 'nothing.csv'), '--out', join(at, 'x')],
      'nothing.csv: no such file',
    ],
    ['an unknown option', (at: string) => [join(at, 'core.csv'), '--into', 'x'], "Unknown option '--into'"],
  ])('ends with one line for %s', async (_, args, message) => {
    await expect(run(...args(folder))).rejects.toThrow(message);
    await expect(run(...args(folder))).rejects.toBeInstanceOf(CannotRun);
  });

  const rows = (cells: (row: number) => readonly unknown[]) =>
    ['first,second,third', ...Array.from({ length: 400 }, (_, row) => cells(row).join(','))].join('\n');
  it.each([
    ['no table at all', 'Nothing much.\n', 'has neither rows nor running text'],
    ['too few rows', 'a,b\n1,2\n', 'the 8 rows that it takes'],
    [
      'codes alone',
      rows((row) => [row % 7, (row * 3) % 5, (row * 5) % 9]),
      'no two of its columns together tell its 400 rows from those of other files (first, second, third: too few different values, even beside another); write its column names into the entry instead',
    ],
    [
      'running numbers beside codes',
      rows((row) => [`v${row}_1`, row % 5, 10_000 + row]),
      '(first, third: serial numbers, the same in every such file; second: too few different values',
    ],
  ])('refuses a file of %s, and says why', async (_, content, message) => {
    const file = join(folder, 'small.csv');
    await writeFile(file, content);
    await expect(run(file, '--out', join(folder, 'x'))).rejects.toThrow(message);
  });

  it('sketches an upload that lies on no disk as it does the file', async () => {
    const content = Buffer.from(toCsv(makeLettings(120, 2016)));
    const file = join(folder, 'core.csv');
    await writeFile(file, content);
    await run(file, '--out', join(folder, 'core.sketch'));
    const keys = await readKeyFile({ keyFile: join(folder, 'keys.json'), kek: null });
    if (!keys.ok || keys.value === null) throw new Error('the keys are not there');
    const make = sketchUploads(keys.value);
    const upload = { name: '../../core.csv', content };
    const [made, second, third] = await Promise.all([
      make(upload, () => {}),
      make(upload, () => {}),
      make(upload, () => {}),
    ]);
    expect(made.ok && Buffer.compare(made.value.bytes, await readFile(join(folder, 'core.sketch')))).toBe(0);
    expect(second.ok).toBe(true);
    expect(third).toEqual({ ok: false, error: expect.stringContaining('begin again in a minute') });
  });
});
