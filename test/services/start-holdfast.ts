import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

export interface HoldfastTree {
  /** Of `serve` itself. */
  readonly pid: number;
  readonly smtpPort: number;
  readonly http: string;
  /** What the tree wrote so far. */
  readonly said: () => string;
  /** A signal to the tree's workers, or to its PostgreSQL; answers how many processes got it. */
  signal(which: 'worker' | 'postgres', signal: NodeJS.Signals, atMost?: number): number;
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** kill -9 of every process of the tree, its PostgreSQL too. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit status. */
  stop(): Promise<number | null>;
}

export const TOKEN = 'token-of-this-test-alone-0000000000';
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Starts `holdfast serve` on free ports as its users do, and waits until it is ready. */
export async function startHoldfast(data: string, env: Readonly<Record<string, string>> = {}): Promise<HoldfastTree> {
  const [smtpPort, httpPort] = [await freePort(), await freePort()];
  const http = `http://127.0.0.1:${httpPort}`;
  const child = spawn(process.execPath, ['--no-warnings', MAIN, 'serve'], {
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOLDFAST_DATA: data,
      HOLDFAST_HTTP: `127.0.0.1:${httpPort}`,
      HOLDFAST_SMTP: `127.0.0.1:${smtpPort}`,
      HOLDFAST_API_TOKEN: TOKEN,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const isReady = () =>
    fetch(`${http}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`holdfast ended with ${child.exitCode}: ${said}`);
      return isReady();
    },
    60_000,
    'readiness',
  ).catch(async (error: unknown) => {
    await killTree(child);
    throw new Error(`holdfast did not start: ${said}`, { cause: error });
  });
  return {
    pid: child.pid ?? 0,
    smtpPort,
    http,
    said: () => said,
    signal(which, signal, atMost) {
      const all = descendants(child.pid ?? 0).filter((pid) => {
        const command = commandOf(pid);
        return which === 'worker' ? command.includes('worker') : (command[0] ?? '').endsWith('/postgres');
      });
      const found = all.slice(0, atMost);
      for (const pid of found) process.kill(pid, signal);
      return found.length;
    },
    async call(method, path, body) {
      const response = await fetch(`${http}${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
    kill: () => killTree(child),
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return ended;
}

/** Stopped first, so that none of them sees another die and does something about it. */
async function killTree(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const all = [pid, ...descendants(pid)];
  for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
    for (const one of all) {
      try {
        process.kill(one, signal);
      } catch {
        // Gone already.
      }
    }
  }
  await ended;
  await until(() => all.every((one) => !isRunning(one)), 5000, 'the end of the tree');
}

function descendants(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
  const found: number[] = [];
  const queue = [pid];
  for (let parent = queue.shift(); parent !== undefined; parent = queue.shift()) {
    for (const [child, of] of parents) {
      if (of !== parent) continue;
      found.push(child);
      queue.push(child);
    }
  }
  return found;
}

function parentOf(name: string): number | null {
  try {
    const stat = readFileSync(join('/proc', name, 'stat'), 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

function commandOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return false;
  }
}
