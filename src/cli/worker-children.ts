import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Log } from '../service/log.ts';

const MAIN = fileURLToPath(new URL(`../main${extname(fileURLToPath(import.meta.url))}`, import.meta.url));
/**
 * Room for what is read of a mail, which lives no longer than its judgement (MB), and how far the heap may grow past what lives in
 * it (per cent) before it is cleared up. Left to itself a heap grows fourfold, and a worker with texts of 8 million characters past 500 MB;
 * with 100 it passes 400 MB, and with 40 a tenth more of a worker's time goes into clearing up.
 */
const HEAP = ['--max-semi-space-size=16', '--heap-growing-percent=50'];
/**
 * To glibc's allocator: what large mails leave behind goes back to the system at once. Left to itself it keeps it, in a heap for
 * each thread, full of holes: some 350 MB after a few dozen large mails.
 */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '1048576' };
/** How far workers and their children stand back for the server (nice): whoever waits for an answer on a full machine has it first. */
const STEP_BACK = 6;
const MAX_PAUSE_MS = 10_000;
/** A worker that ran this long before it ended is started again at once. */
const STEADY_MS = 30_000;

export interface WorkerChildren {
  /** Resolves when every worker has told that it works. */
  readonly ready: Promise<void>;
  /** Has each read the registers (`refresh`), or rules and registers (`reload`), anew now. */
  tell(what: 'refresh' | 'reload'): void;
  /** What each measured, as `prom-client` passes it between processes; one that does not answer is left out. */
  measured(): Promise<readonly object[]>;
  /** Lets each finish what it has in hand. */
  stop(): Promise<void>;
}

/** Keeps `count` worker processes running; one that ends unasked is started again. */
export function startWorkerChildren(
  count: number,
  env: NodeJS.ProcessEnv,
  log: Log,
  onRestart: () => void = () => {},
): WorkerChildren {
  const slots = Array.from({ length: count }, () => startSlot(env, log, onRestart));
  return {
    ready: Promise.all(slots.map((slot) => slot.ready)).then(() => {}),
    tell(what) {
      for (const slot of slots) slot.tell(what);
    },
    async measured() {
      return (await Promise.all(slots.map((slot) => slot.measured()))).flat();
    },
    async stop() {
      await Promise.all(slots.map((slot) => slot.stop()));
    },
  };
}

function startSlot(env: NodeJS.ProcessEnv, log: Log, onRestart: () => void): WorkerChildren {
  const ready = Promise.withResolvers<void>();
  let child: ChildProcess | null = null;
  let isStopped = false;
  let pause = 100;
  let timer: NodeJS.Timeout | undefined;
  let ended = Promise.resolve();

  function start(): void {
    const startedAt = performance.now();
    // Its own process group: Ctrl-C must not end it before what it has in hand is finished.
    const started = fork(MAIN, ['worker'], {
      env: { ...ALLOCATOR, ...env },
      execArgv: [...process.execArgv, ...HEAP],
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child = started;
    stepBack(started.pid);
    started.once('message', () => ready.resolve());
    // Every scrape listens for its own answer.
    started.setMaxListeners(50);
    ended = new Promise((resolve) => {
      started.once('error', (err) => log.error({ err }, 'worker could not be started'));
      started.once('close', (code, signal) => {
        child = null;
        resolve();
        if (isStopped) return;
        log.error({ code, signal }, 'worker ended, starting another');
        onRestart();
        pause = performance.now() - startedAt > STEADY_MS ? 100 : Math.min(MAX_PAUSE_MS, pause * 2);
        timer = setTimeout(start, pause);
      });
    });
  }

  start();
  return {
    ready: ready.promise,
    tell(what) {
      if (child?.connected === true) child.send(what, () => {});
    },
    measured: () => ask(child),
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      ready.resolve();
      child?.kill('SIGTERM');
      await ended;
    },
  };
}

function stepBack(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, STEP_BACK);
  } catch {
    // Gone already, or not allowed: then all have the same.
  }
}

const ANSWER_MS = 1_000;

function ask(child: ChildProcess | null): Promise<readonly object[]> {
  if (child?.connected !== true) return Promise.resolve([]);
  return new Promise((resolve) => {
    const answer = (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'metrics' in message && Array.isArray(message.metrics)) {
        settle([message.metrics]);
      }
    };
    const timer = setTimeout(() => settle([]), ANSWER_MS);
    function settle(found: readonly object[]): void {
      clearTimeout(timer);
      child?.off('message', answer);
      resolve(found);
    }
    child.on('message', answer);
    child.send('metrics', (error) => {
      if (error !== null) settle([]);
    });
  });
}
