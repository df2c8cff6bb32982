import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aDatabase, type TestDatabase } from './services/a-database.ts';
import { runHoldfast } from './services/run-serve.ts';

// The drill of docs/operating.md, line by line, with the places of this machine.

const ROOT = join(import.meta.dirname, '..');
const folders: string[] = [];
const NAME = `holdfast_drill_${process.pid}`;
let database: TestDatabase;
beforeAll(async () => {
  database = await aDatabase();
}, 60_000);
afterAll(async () => {
  await database?.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function shell(script: string, env: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
  const child = spawn('/bin/sh', ['-euc', script], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

it('brings a lost machine back, as the manual has it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-drill-'));
  folders.push(folder);
  const [lost, safe, backups] = ['lost', 'safe', 'backups'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [lost, safe, backups]) mkdirSync(one, { mode: 0o700 });
  cpSync(join(ROOT, 'fixtures/registers'), join(lost, 'registers'), { recursive: true });
  // Two databases of one server, so that no command has to start its own.
  await database.pool.query(`create database ${NAME}`);
  const other = new URL(database.url);
  other.pathname = `/${NAME}`;
  const settings = { HOLDFAST_DATA: lost, DATABASE_URL: other.href };
  expect(await runHoldfast(['registers', 'import', join(lost, 'registers')], settings)).toMatchObject({ code: 0 });
  expect(await runHoldfast(['backup', join(backups, 'latest.backup')], settings)).toMatchObject({ code: 0, err: '' });
  cpSync(join(lost, 'keys.json'), join(safe, 'keys.json'));
  rmSync(lost, { recursive: true });
  await database.pool.query(`drop database ${NAME} with (force)`);

  const manual = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
  const [, drill] = /```sh drill\n([\s\S]*?)```/.exec(manual) ?? [];
  if (drill === undefined) throw new Error('the manual has no drill');
  const here = drill
    .replaceAll('/var/lib/holdfast-drill', join(folder, 'found'))
    .replaceAll('/media/safe', safe)
    .replaceAll('/media/backups', backups);
  expect(here).not.toMatch(/\/var\/|\/media\//);
  // `holdfast` as it is installed: here it runs from the sources.
  mkdirSync(join(folder, 'bin'));
  const program = `#!/bin/sh\nexec ${join(ROOT, 'node_modules/node/bin/node')} --no-warnings ${join(ROOT, 'src/main.ts')} "$@"\n`;
  writeFileSync(join(folder, 'bin/holdfast'), program, { mode: 0o755 });
  const { code, said } = await shell(here, {
    PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    DATABASE_URL: database.url,
  });
  expect({ code, said }).toMatchObject({ code: 0 });
  expect(said).toMatch(/restored, as of [\s\S]*audit log verified: [\s\S]*audit log verified: [\s\S]*written with/);
}, 90_000);
