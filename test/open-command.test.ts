import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CannotRun, type CommandIo } from '../src/cli/command.ts';
import { open } from '../src/cli/open.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-open-'));
  await writeFile(
    join(folder, 'a.csv'),
    `id,name\n${Array.from({ length: 3000 }, (_, at) => `${at},n${at}\n`).join('')}`,
  );
  await writeFile(join(folder, 'mail.eml'), 'Subject: Figures\r\n\r\nRecord \u001b[31memployment\r\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(args: readonly string[], isTerminal = false, input = '', env: CommandIo['env'] = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const io: CommandIo = {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    stdin: () => Promise.resolve(Buffer.from(input)),
    isTerminal,
    now: () => 0,
    env,
  };
  const status = await open.run(
    args.map((arg) => (arg.startsWith('-') ? arg : join(folder, arg))),
    io,
  );
  return { status, out: out.join(''), err: err.join('') };
}

const lines = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('holdfast open', () => {
  it('prints one JSON object a line for each part', async () => {
    const { status, out } = await run(['mail.eml']);
    expect(status).toBe(0);
    expect(lines(out)).toEqual([
      { path: 'mail.eml', type: 'message/rfc822', bytes: 44 },
      { path: 'subject', type: 'text/plain', bytes: 7, text: 'Figures' },
      { path: 'body', type: 'text/plain', bytes: 24, text: 'Record \u001b[31memployment\r\n' },
    ]);
  });

  it('shows a table by its shape, and with --text by every cell', async () => {
    const table = { name: 'a.csv', rows: 3001, columns: 2, header: ['id', 'name'], hidden: false };
    const [shape] = lines((await run(['a.csv'])).out);
    expect(shape).toEqual({ path: 'a.csv', type: 'text/csv', bytes: expect.any(Number), table });
    const [cells] = lines((await run(['a.csv', '--text'])).out);
    expect(cells).toMatchObject({ table, text: expect.stringMatching(/^id\tname\n0\tn0\n[\s\S]*\n2999\tn2999$/) });
  });

  it('prints a tree on a terminal, without what would steer it', async () => {
    const { out } = await run(['mail.eml'], true);
    expect(out).toContain('subject  [text/plain, 7 bytes]\n  | Figures');
    expect(out).not.toContain('\u001b');
  });

  it('shows a long table on a terminal by its first rows, and says so', async () => {
    const { out } = await run(['a.csv', '--text'], true);
    expect(out).toContain('3001 rows, 2 columns, its first rows and its words are shown]');
    expect(out).toContain('| 150\tn150\n');
    expect(out).not.toContain('2999');
  });

  it('opens within the limits that are set, as the server does', async () => {
    await writeFile(join(folder, 'large.txt.gz'), gzipSync(randomBytes(1024 * 1024).toString('hex')));
    const reasons = async (env: CommandIo['env']) =>
      lines((await run(['large.txt.gz'], false, '', env)).out).map(({ incomplete }) => incomplete);
    expect(await reasons({})).not.toContain('too-large');
    expect(await reasons({ HOLDFAST_LIMITS: 'expandedBytes=1048576' })).toContain('too-large');
  });

  it('says what is wrong with a setting', async () => {
    await expect(run(['a.csv'], false, '', { HOLDFAST_LIMITS: 'time=soon' })).rejects.toThrow('HOLDFAST_LIMITS');
  });

  it('reads standard input for -', async () => {
    const { out } = await run(['-'], false, 'hello');
    expect(lines(out)).toEqual([{ path: 'stdin', type: 'text/plain', bytes: 5, text: 'hello' }]);
  });

  it('prints what it can, one line for each path that it cannot read, and exits 2', async () => {
    const { status, out, err } = await run(['missing.csv', 'mail.eml', '.']);
    expect(status).toBe(2);
    expect(lines(out)).toHaveLength(3);
    expect(err.trim().split('\n')).toEqual([
      expect.stringMatching(/^holdfast: .*missing\.csv: no such file, check the path$/),
      expect.stringMatching(/^holdfast: .*: is a folder, name the files in it$/),
    ]);
  });

  it.each([[[]], [['--nonsense']]])('says what is wrong with %j', async (args) => {
    await expect(run(args)).rejects.toBeInstanceOf(CannotRun);
  });
});
