import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { runningPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { lockFolder } from '../../src/store/folder-lock.ts';
import { openStore, StoreFault } from '../../src/store/open-store.ts';
import { isAlive, readPostmaster } from '../../src/store/postmaster.ts';
import { until } from '../services/until.ts';

const HOLDER = fileURLToPath(new URL('./hold-postgres.ts', import.meta.url));
const NODE = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));

let folder: string;
const holders: ChildProcess[] = [];

beforeEach(() => {
  // Only its owner may step through it: the hardest case for root, who has to run PostgreSQL as somebody else.
  folder = mkdtempSync(join(tmpdir(), 'holdfast-embedded-'));
  chmodSync(folder, 0o700);
});
afterEach(async () => {
  for (const holder of holders.splice(0)) holder.kill('SIGKILL');
  const left = readPostmaster(join(folder, 'postgres'));
  if (left !== null) process.kill(left.pid, 'SIGKILL');
  await until(() => readPostmaster(join(folder, 'postgres')) === null);
  rmSync(folder, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Another process that starts PostgreSQL in the folder and holds on to it. */
async function hold(): Promise<ChildProcess> {
  const holder = spawn(NODE, [HOLDER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  holders.push(holder);
  await new Promise<void>((resolve, reject) => {
    holder.stdout?.once('data', () => resolve());
    holder.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
  return holder;
}

describe('the embedded PostgreSQL', () => {
  it('is durable, on loopback alone, behind a password, and keeps what was committed', async () => {
    const first = await startEmbeddedPostgres(folder);
    const [settings] = await query(
      first.url,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
         current_setting('listen_addresses') as listen, current_setting('unix_socket_directories') as sockets`,
    );
    expect(settings).toEqual({ fsync: 'on', commit: 'on', listen: '127.0.0.1', sockets: '' });
    const stranger = new URL(first.url);
    stranger.password = 'wrong';
    await expect(query(stranger.href, 'select 1')).rejects.toThrow(/password/);
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(runningPostgres(folder)).toBeNull();
    const second = await startEmbeddedPostgres(folder);
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it('ends with the process that started it, though that be killed', async () => {
    const holder = await hold();
    const running = readPostmaster(join(folder, 'postgres'));
    expect(running?.status).toBe('ready');
    holder.kill('SIGKILL');
    await until(() => !isAlive(running?.pid ?? 0));
  });

  it('starts again over a killed server and its stale pid file', async () => {
    const holder = await hold();
    const running = readPostmaster(join(folder, 'postgres'));
    await query(runningPostgres(folder)?.url ?? '', 'create table kept as select 42 as answer');
    process.kill(running?.pid ?? 0, 'SIGKILL');
    holder.kill('SIGKILL');
    await until(() => !isAlive(running?.pid ?? 0));
    const again = await startEmbeddedPostgres(folder);
    expect(await query(again.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await again.stop();
  });

  it('comes back at the same address when it is killed, with what was committed', async () => {
    const server = await startEmbeddedPostgres(folder);
    await query(server.url, 'create table kept as select 42 as answer');
    const running = readPostmaster(join(folder, 'postgres'));
    process.kill(running?.pid ?? 0, 'SIGKILL');
    await until(() =>
      query(server.url, 'select answer from kept').then(
        ([row]) => row?.['answer'] === 42,
        () => false,
      ),
    );
    expect(readPostmaster(join(folder, 'postgres'))?.pid).not.toBe(running?.pid);
    await server.stop();
    await server.gone;
    expect(readPostmaster(join(folder, 'postgres'))).toBeNull();
  });

  it('comes back where its folder could not be written for a while after it was killed, as on a disk that fails', async () => {
    const server = await startEmbeddedPostgres(folder);
    const log = join(folder, 'postgres.log');
    // Root may write to any file, but to none that is a folder.
    rmSync(log);
    mkdirSync(log);
    process.kill(readPostmaster(join(folder, 'postgres'))?.pid ?? 0, 'SIGKILL');
    await until(() => readPostmaster(join(folder, 'postgres')) === null);
    await sleep(600);
    rmSync(log, { recursive: true });
    await until(() =>
      query(server.url, 'select 42 as answer').then(
        ([row]) => row?.['answer'] === 42,
        () => false,
      ),
    );
    await server.stop();
  });

  it('starts again where the number in the pid file is now another program of the same user', async () => {
    const first = await startEmbeddedPostgres(folder);
    await first.stop();
    writeFileSync(
      join(folder, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${join(folder, 'postgres')}\n0\n5432\n\n\n\nready   \n`,
    );
    const again = await startEmbeddedPostgres(folder);
    await again.stop();
  });

  it('makes its folder anew where the first start was killed in the middle', async () => {
    mkdirSync(join(folder, 'postgres.new', 'base'), { recursive: true });
    const first = await startEmbeddedPostgres(folder);
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await first.stop();
  });

  it('writes neither statements nor values into its log', async () => {
    const first = await startEmbeddedPostgres(folder);
    await query(first.url, 'create table kept (id text primary key)');
    await query(first.url, `insert into kept values ('Zq7 secret')`);
    await expect(query(first.url, `insert into kept values ('Zq7 secret')`)).rejects.toThrow();
    await expect(query(first.url, `select 'Zq7 secret'::int`)).rejects.toThrow();
    await first.stop();
    const log = readFileSync(join(folder, 'postgres.log'), 'utf8');
    expect(log).toMatch(/duplicate key/);
    expect(log).not.toMatch(/insert into|select/);
  });
});

describe('a data folder', () => {
  const settings = { databaseUrl: null, connections: 2, onError: () => {} } as const;

  it('has one server, and commands use the one that runs', async () => {
    const server = await openStore({ ...settings, data: folder, role: 'serve' });
    await expect(openStore({ ...settings, data: folder, role: 'serve' })).rejects.toThrow(
      /another holdfast runs on this data folder/,
    );
    const command = await openStore({ ...settings, data: folder, role: 'command' });
    expect(command.url).toBe(server.url);
    await command.close();
    expect((await server.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await server.close();
    const alone = await openStore({ ...settings, data: folder, role: 'command' });
    await alone.close();
    expect(runningPostgres(folder)).toBeNull();
  });

  it('is not kept by a lock whose process is gone', () => {
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, birth: 'another boot', purpose: 'serve' }));
    const lock = lockFolder(folder, 'serve');
    expect(lock.ok).toBe(true);
    expect(lockFolder(folder, 'serve')).toMatchObject({ ok: false, pid: process.pid });
    if (lock.ok) lock.release();
    expect(lockFolder(folder, 'serve').ok).toBe(true);
  });

  it.each([
    ['postgres://127.0.0.1:1/none', /nothing listens there/],
    ['postgres://nobody:x@127.0.0.1:1/none', /DATABASE_URL 127\.0\.0\.1:1\/none/],
    ['postgres://no-such-host.invalid/none', /DATABASE_URL no-such-host\.invalid/],
  ])('says in one line what is wrong with %s', async (databaseUrl, line) => {
    const opened = openStore({ ...settings, data: folder, databaseUrl, role: 'serve' });
    await expect(opened).rejects.toThrow(StoreFault);
    await expect(opened).rejects.toThrow(line);
    await expect(opened).rejects.toThrow(/^[^\n]*$/);
  });

  it('whose disk went read-only is refused in one line, and its lock is let go of without an error', async () => {
    const lock = lockFolder(folder, 'serve');
    // A folder where the file should be: as little to be removed or linked over as on such a disk, by root either.
    rmSync(join(folder, 'lock'));
    mkdirSync(join(folder, 'lock', 'in-the-way'), { recursive: true });
    if (lock.ok) lock.release();
    await expect(openStore({ ...settings, data: folder, role: 'serve' })).rejects.toThrow(
      /HOLDFAST_DATA .* cannot be written/,
    );
  });

  it('that cannot be written is refused in one line', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openStore({ ...settings, data: join(folder, 'file', 'data'), role: 'serve' })).rejects.toThrow(
      /HOLDFAST_DATA .* cannot be written \(ENOTDIR\)/,
    );
  });
});
