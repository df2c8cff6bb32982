import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLine, type PostgresPlace, serverEnvironment, tellFolder } from './postgres-place.ts';
import type { RunAs } from './postgres-user.ts';
import { isAlive, readPostmaster, stopPostmaster } from './postmaster.ts';

const START_LIMIT_MS = 60_000;

export interface RunningPostgres {
  readonly pid: number;
  /** Settles when the server is gone, whether asked to or not. */
  readonly gone: Promise<void>;
  /** Ends sessions, writes everything out and waits until the server is gone. */
  stop(): Promise<void>;
  /** Lets go of a server that is gone already. */
  release(): void;
}

type Launched = { readonly ok: true; readonly value: RunningPostgres } | { readonly ok: false; readonly error: string };

/** Starts the server and waits until it takes connections, or ends, or has had its time. */
export async function launchPostgres(
  { dataFolder, folder, binaries, runAs }: PostgresPlace,
  port: number,
): Promise<Launched> {
  const logFile = join(dataFolder, 'postgres.log');
  const opened = openLog(logFile);
  if (typeof opened === 'string') return { ok: false, error: opened };
  const { log, before } = opened;
  const place = tellFolder(folder, runAs);
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
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
      return { ok: true, value: { pid, gone, release, stop: () => stopChild(child, gone, release) } };
    }
    await sleep(20);
  }
  if (!ended) child.kill('SIGKILL');
  const said = readFileSync(logFile).subarray(before).toString('utf8');
  return { ok: false, error: lastLine(said) };
}

/** The log to append to, and its length; why not, on a disk that fails: it may be mended before the next attempt. */
function openLog(file: string): { readonly log: number; readonly before: number } | string {
  try {
    const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const isFull = before > 5_000_000;
    return { log: openSync(file, isFull ? 'w' : 'a', 0o600), before: isFull ? 0 : before };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '300',
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

async function stopChild(child: ChildProcess, gone: Promise<void>, release: () => void): Promise<void> {
  release();
  // Until it has ended there is something to wait for; before, it was no reason to stay.
  child.ref();
  const { pid } = child;
  if (pid !== undefined && isAlive(pid)) await stopPostmaster(pid);
  await gone;
}
