import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { postgresUser, type RunAs } from './postgres-user.ts';
import { isAlive, readPostmaster, stopPostmaster } from './postmaster.ts';

/** A running PostgreSQL in the data folder. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** True where this process started it, and so answers for stopping it. */
  readonly started: boolean;
  /** Settles when the server is gone, whether asked to or not. */
  readonly gone: Promise<void>;
  /** Ends sessions, writes everything out and waits until the server is gone. */
  stop(): Promise<void>;
}

const MAJOR = '18';
const START_LIMIT_MS = 60_000;
const accessSchema = z.strictObject({ password: z.string(), port: z.int() });

/** A fault of the data folder or its server that the user can mend; one line. */
export class EmbeddedPostgresFault extends Error {
  override readonly name = 'EmbeddedPostgresFault';
}

/** The server that runs in a data folder already, if one does and answers for itself. */
export function runningPostgres(dataFolder: string): { readonly url: string; readonly pid: number } | null {
  const running = readPostmaster(join(dataFolder, 'postgres'));
  const access = readAccess(dataFolder);
  if (running === null || access === null || running.status !== 'ready') return null;
  return { url: urlOf({ ...access, port: running.port }), pid: running.pid };
}

/**
 * Starts PostgreSQL on `dataFolder/postgres`, on a free loopback port, making the database on first start.
 *
 * Durable: fsync and synchronous commit are on. A server left over by a killed process is stopped first, and a stale
 * `postmaster.pid` does not stand in the way. The server ends when this process does, even by kill -9.
 *
 * @throws EmbeddedPostgresFault where the folder or the platform does not allow it.
 */
export async function startEmbeddedPostgres(dataFolder: string): Promise<EmbeddedPostgres> {
  const folder = join(dataFolder, 'postgres');
  const runAs = postgresUser(folder);
  if (runAs === null && process.getuid?.() === 0) {
    throw new EmbeddedPostgresFault(
      'PostgreSQL does not run as root and there is no user postgres or nobody: start as an ordinary user or set DATABASE_URL',
    );
  }
  const binaries = postgresBinaries(runAs, dataFolder);
  await clearTheWay(folder);
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise(dataFolder, folder, binaries, runAs);
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (version !== MAJOR) {
    throw new EmbeddedPostgresFault(
      `${folder}: made by PostgreSQL ${version}, this is ${MAJOR}: dump it with the old version and load it into a new data folder`,
    );
  }
  const password = readAccess(dataFolder)?.password;
  if (password === undefined)
    throw new EmbeddedPostgresFault(
      `${join(dataFolder, 'postgres.json')}: missing or damaged, restore it from a backup`,
    );
  let failure = '';
  for (let attempt = 0; attempt < 3; attempt++) {
    const port = await freePort();
    writeAccess(dataFolder, { password, port });
    const server = await launch(dataFolder, folder, binaries, runAs, port);
    if (server.ok) return { ...server.value, url: urlOf({ password, port }), started: true };
    failure = server.error;
  }
  throw new EmbeddedPostgresFault(`the embedded PostgreSQL did not start: ${failure}`);
}

async function clearTheWay(folder: string): Promise<void> {
  const left = readPostmaster(folder);
  if (left === null) {
    // A pid file whose process is gone, or has become another program, would make PostgreSQL refuse to start.
    rmSync(join(folder, 'postmaster.pid'), { force: true });
    return;
  }
  if (!(await stopPostmaster(left.pid))) {
    throw new EmbeddedPostgresFault(
      `${folder}: a PostgreSQL of another user still runs there (process ${left.pid}): stop it`,
    );
  }
}

async function initialise(
  dataFolder: string,
  folder: string,
  binaries: PostgresBinaries,
  runAs: RunAs | null,
): Promise<void> {
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  const passwordFile = join(dataFolder, 'postgres.password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs !== null) for (const path of [fresh, passwordFile]) chownSync(path, runAs.uid, runAs.gid);
  const input = openSync(passwordFile, 'r');
  const place = placeOf(fresh, runAs);
  try {
    const args = [
      '--pgdata',
      place.path,
      '--username',
      'holdfast',
      '--pwfile',
      '/dev/stdin',
      '--auth',
      'scram-sha-256',
      '--encoding',
      'UTF8',
      '--locale',
      'C',
      '--no-instructions',
    ];
    const child = spawn(binaries.initdb, args, {
      ...place.options,
      env: serverEnvironment(),
      stdio: [input, 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said = (said + String(chunk)).slice(-2000);
    });
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (code !== 0) throw new EmbeddedPostgresFault(`${folder}: cannot be made: ${lastLine(said)}`);
  } finally {
    closeSync(input);
    rmSync(passwordFile, { force: true });
  }
  writeAccess(dataFolder, { password, port: 0 });
  // The rename is last, so that a start killed in the middle begins anew.
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

type Launched =
  | { readonly ok: true; readonly value: Pick<EmbeddedPostgres, 'gone' | 'stop'> }
  | { readonly ok: false; readonly error: string };

async function launch(
  dataFolder: string,
  folder: string,
  binaries: PostgresBinaries,
  runAs: RunAs | null,
  port: number,
): Promise<Launched> {
  const logFile = join(dataFolder, 'postgres.log');
  const log = openSync(
    logFile,
    (statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > 5_000_000 ? 'w' : 'a',
    0o600,
  );
  const place = placeOf(folder, runAs);
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const before = statSync(logFile).size;
  // Its own process group: Ctrl-C must not stop the store before what is in hand is finished.
  const child = spawn(binaries.postgres, ['-D', place.path, ...settings], {
    ...place.options,
    env: serverEnvironment(),
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let ended = false;
  const gone = new Promise<void>((resolve) => {
    const end = () => {
      ended = true;
      resolve();
    };
    child.once('error', end).once('exit', end);
  });
  const deadline = performance.now() + START_LIMIT_MS;
  while (!ended && performance.now() < deadline) {
    const status = readPostmaster(folder);
    if (status?.pid === child.pid && status?.status === 'ready') {
      const pid = child.pid ?? 0;
      const release = guard(pid, runAs);
      child.unref();
      return { ok: true, value: { gone, stop: () => stopChild(pid, gone, release) } };
    }
    await sleep(20);
  }
  if (!ended) child.kill('SIGKILL');
  const said = readFileSync(logFile).subarray(before).toString('utf8');
  return { ok: false, error: lastLine(said) };
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '100',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  // Statements and parameters may carry content; they never reach a log (promise 5).
  log_statement: 'none',
  log_min_error_statement: 'panic',
  log_min_duration_statement: '-1',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
  timezone: 'UTC',
  log_timezone: 'UTC',
} as const;

/**
 * Where the server finds its folder. For root on Linux it is the working directory: the user it runs as may not be allowed to
 * step through the folders above, and a process keeps the directory it was started in.
 */
function placeOf(folder: string, runAs: RunAs | null) {
  if (runAs === null) return { path: folder, options: {} };
  const path = process.platform === 'linux' ? '/proc/self/cwd' : folder;
  return { path, options: { cwd: folder, uid: runAs.uid, gid: runAs.gid } };
}

/** Stops the server when this process dies without a word: the pipe to the guard closes with us. */
function guard(pid: number, runAs: RunAs | null): () => void {
  const child = spawn('/bin/sh', ['-c', 'read -r word; [ "$word" = done ] || kill -INT "$0"', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: {},
    cwd: '/',
    ...(runAs ?? {}),
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  return () => child.stdin.end('done\n');
}

async function stopChild(pid: number, gone: Promise<void>, release: () => void): Promise<void> {
  release();
  if (isAlive(pid)) await stopPostmaster(pid);
  await Promise.race([gone, sleep(5_000, undefined, { ref: false })]);
}

function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function readAccess(dataFolder: string): z.infer<typeof accessSchema> | null {
  const file = join(dataFolder, 'postgres.json');
  if (!existsSync(file)) return null;
  try {
    return accessSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function writeAccess(dataFolder: string, access: z.infer<typeof accessSchema>): void {
  const file = join(dataFolder, 'postgres.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(access)}\n`, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}

function urlOf({ password, port }: { readonly password: string; readonly port: number }): string {
  return `postgres://holdfast:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
