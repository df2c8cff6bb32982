import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

import { initialisePostgres } from './initialise-postgres.ts';
import { launchPostgres, type RunningPostgres } from './launch-postgres.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { postgresUser } from './postgres-user.ts';
import { isAlive, readPostmaster, stopPostmaster } from './postmaster.ts';
import { watchForStuck } from './stuck-postmaster.ts';

/** A running PostgreSQL in the data folder. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** Settles when the server is gone for good: stopped, or ended and not to be started again. */
  readonly gone: Promise<void>;
  /** Ends sessions, writes everything out and waits until the server is gone. */
  stop(): Promise<void>;
}

const MAJOR = '18';
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
 * `postmaster.pid` does not stand in the way. The server ends when this process does, even by kill -9; where it ends by itself, or
 * hangs in a recovery that failed, it is started again at the same address.
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
  const place = { dataFolder, folder, runAs, binaries: postgresBinaries(runAs, dataFolder) };
  await clearTheWay(folder);
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    await initialisePostgres(place, (password) => writeAccess(dataFolder, { password, port: 0 })).catch((cause) => {
      throw new EmbeddedPostgresFault(cause.message, { cause });
    });
  }
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
    const server = await launchPostgres(place, port);
    if (server.ok) return { ...keepRunning(server.value, place, port), url: urlOf({ password, port }) };
    failure = server.error;
  }
  throw new EmbeddedPostgresFault(`the embedded PostgreSQL did not start: ${failure}`);
}

const RESTARTS = 20;
const RESTART_PAUSE_MS = 250;

/** Starts the server again when it ends unasked: what is committed is there, and connections come back by themselves. */
function keepRunning(
  first: RunningPostgres,
  place: PostgresPlace,
  port: number,
): Pick<EmbeddedPostgres, 'gone' | 'stop'> {
  let running = first;
  let isStopped = false;
  const stopped = Promise.withResolvers<void>();

  async function restart(): Promise<boolean> {
    running.release();
    for (let attempt = 0; attempt < RESTARTS && !isStopped; attempt++) {
      // Its orphaned helpers take a moment to notice that it is gone, and hold on to its memory until then.
      await sleep(RESTART_PAUSE_MS);
      const again = await launchPostgres(place, port);
      if (!again.ok) continue;
      running = again.value;
      if (isStopped) await running.stop();
      return !isStopped;
    }
    return false;
  }

  async function watch(): Promise<void> {
    do await goneOrStuck(running);
    while (!isStopped && (await restart()));
    stopped.resolve();
  }

  async function goneOrStuck({ pid, gone }: RunningPostgres): Promise<void> {
    const unwatch = watchForStuck(pid, () => {
      if (!isStopped && isAlive(pid)) process.kill(pid, 'SIGKILL');
    });
    await gone;
    unwatch();
  }

  void watch();
  return {
    gone: stopped.promise,
    async stop() {
      isStopped = true;
      await running.stop();
    },
  };
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
