import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aDatabase, type TestDatabase } from './services/a-database.ts';
import { runHoldfast } from './services/run-serve.ts';

const REGISTERS = fileURLToPath(new URL('../fixtures/registers', import.meta.url));

let data: string;
let database: TestDatabase;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'holdfast-keys-'));
  cpSync(REGISTERS, join(data, 'registers'), { recursive: true });
  database = await aDatabase();
}, 60_000);
afterAll(async () => {
  await database?.close();
  rmSync(data, { recursive: true, force: true });
});

const run = (...args: readonly string[]) =>
  runHoldfast(args, { HOLDFAST_DATA: data, DATABASE_URL: database.url, HOLDFAST_NOW: '2016-01-20T09:22:00Z' });
const keysOfFigures = async (): Promise<readonly string[]> => {
  const { rows } = await database.pool.query<{ text: string }>('select document::text as text from embargo_entry');
  return [...new Set(rows.flatMap(({ text }) => text.match(/"key": "[^"]+"/g) ?? []))];
};

it('changes the key of the figures in the store, from their encrypted copies, and says what is to be done', async () => {
  expect(await run('registers', 'import', join(data, 'registers'))).toMatchObject({ code: 0 });
  const before = await keysOfFigures();
  expect(before).toHaveLength(1);
  expect(await run('keys', 'reseal')).toMatchObject({ code: 0, out: expect.stringContaining('already') });
  const added = await run('keys', 'add');
  expect(added).toMatchObject({ code: 0, err: '', out: expect.stringContaining('holdfast keys rotate') });
  expect(statSync(join(data, 'keys.json')).mode & 0o777).toBe(0o600);
  expect(await keysOfFigures()).toEqual(before);
  expect(await run('keys', 'reseal')).toMatchObject({ code: 0, out: expect.stringMatching(/^sealed 3 values anew/) });
  const after = await keysOfFigures();
  expect(after).toHaveLength(1);
  expect(after).not.toEqual(before);
  // Who did it is in the audit log, and the chain holds with the key it was begun with.
  const acts = await database.pool.query<{ actor: string }>(
    "select actor from audit_log where action = 'registers.imported'",
  );
  expect(acts.rows.at(-1)?.actor).toContain('sealed anew');
  expect(await run('audit', 'verify')).toMatchObject({ code: 0 });
}, 120_000);

it('names a figure whose key is gone, and changes nothing', async () => {
  const file = join(data, 'keys.json');
  const whole = readFileSync(file, 'utf8');
  const { version, keys } = JSON.parse(whole) as { version: number; keys: readonly unknown[] };
  writeFileSync(file, JSON.stringify({ version, keys: keys.slice(0, 1) }));
  const before = await keysOfFigures();
  const { code, err } = await run('keys', 'reseal');
  expect(code).toBe(0);
  expect(err).toContain(
    'warning: labour-market-2016-01: employment-rate: is sealed with a key that the key file does not have',
  );
  expect(await keysOfFigures()).toEqual(before);
  writeFileSync(file, whole);
}, 60_000);

it.each([['keys'], ['keys', 'burn'], ['keys', 'add', 'more']])('says how it is used: %s %s', async (...args) => {
  expect(await run(...args.filter((one) => one !== undefined))).toMatchObject({
    code: 2,
    err: 'holdfast: usage: holdfast keys rotate|retire KEY|status|wrap|unwrap|add|reseal\n',
  });
});
