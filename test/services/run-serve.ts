import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NODE = join(ROOT, 'node_modules', 'node', 'bin', 'node');
const MAIN = join(ROOT, 'src', 'main.ts');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Serve {
  readonly url: string;
  readonly smtpPort: number;
  readonly said: () => string;
  /** Signals, and what came of it. */
  stop(signals?: readonly NodeJS.Signals[]): Promise<Ended>;
  /** kill -9 of every process of the tree at once. */
  killTree(): Promise<void>;
}

type Settings = Readonly<Record<string, string>>;

function start(
  args: readonly string[],
  settings: Settings,
): { child: ChildProcess; ended: Promise<Ended>; said: () => string } {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOLDFAST_HTTP: '127.0.0.1:0',
    HOLDFAST_SMTP: '127.0.0.1:0',
    ...settings,
  };
  const child = spawn(NODE, ['--no-warnings', MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  return { child, ended, said: () => out + err };
}

/** Runs a command to its end. */
export function runHoldfast(args: readonly string[], settings: Settings): Promise<Ended> {
  return start(args, settings).ended;
}

/** Starts `serve` on free ports; resolves with its ready line. */
export async function startServe(settings: Settings): Promise<Serve> {
  const { child, ended, said } = start(['serve'], settings);
  await until(() => /: ready, /.test(said()) || child.exitCode !== null, 60_000, 'ready line');
  const found = /ready, web and API on (http:\S+), SMTP on \S+:(\d+)/.exec(said());
  if (found === null) throw new Error(`serve did not start: ${said()}`);
  return {
    url: found[1] ?? '',
    smtpPort: Number(found[2]),
    said,
    async stop(signals = ['SIGTERM']) {
      for (const signal of signals) child.kill(signal);
      return ended;
    },
    async killTree() {
      const pids = processesOf(settings['HOLDFAST_DATA'] ?? '');
      for (const pid of pids) killIfThere(pid);
      await ended;
    },
  };
}

/** A child may have ended since it was listed. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Every process that was started with a data folder or works in it. */
export function processesOf(data: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0 && pid !== process.pid && belongsTo(pid, data));
}

function belongsTo(pid: number, data: string): boolean {
  try {
    if (readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`HOLDFAST_DATA=${data}`)) return true;
  } catch {
    // Not ours to read, or gone.
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(`${data}/`);
  } catch {
    return false;
  }
}
