import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun } from '../src/cli/command.ts';
import { fingerprint } from '../src/cli/fingerprint.ts';
import { parseSketch } from '../src/registers/sketch.ts';
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

  it('refuses a file without anything to recognise', async () => {
    const file = join(folder, 'short.csv');
    await writeFile(file, 'a,b\n1,2\n');
    await expect(run(file, '--out', join(folder, 'x'))).rejects.toThrow('neither rows nor running text');
  });
});
