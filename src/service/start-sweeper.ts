import type { Log } from './log.ts';
import type { JobQueue, PendingJob } from './ports.ts';

export interface SweeperDeps {
  readonly pending: (limit: number) => Promise<readonly PendingJob[]>;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly log: Log;
  /** Whether jobs keep coming: then hints are not lost, they wait their turn. */
  readonly isBusy?: () => boolean;
  readonly intervalMs?: number;
}

/** Between sweeps. Lifts are found by sweeping too, so this is how late held mail may leave. */
const SWEEP_MS = 1000;
/** A hint is given again only after this, so that a backlog is not queued anew at each sweep. */
const HINT_AGAIN_MS = { idle: 4000, busy: 30_000 } as const;
const BATCH = 1000;

/** Rebuilds the queue's hints from the store for as long as it runs, oldest first: a queue that lost everything is whole again within 5 s. */
export function startSweeper({ pending, queue, log, isBusy = () => false, intervalMs = SWEEP_MS }: SweeperDeps): {
  stop(): Promise<void>;
} {
  const hinted = new Map<string, number>();
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();

  async function sweep(): Promise<void> {
    const now = performance.now();
    const again = HINT_AGAIN_MS[isBusy() ? 'busy' : 'idle'];
    for (const [key, at] of hinted) if (now - at > again) hinted.delete(key);
    const lost = (await pending(BATCH)).filter(({ kind, id }) => !hinted.has(`${kind} ${id}`));
    if (isStopped) return;
    for (const { kind, id } of lost) hinted.set(`${kind} ${id}`, now);
    // Given together, so that the queue takes them together.
    await Promise.all(lost.map((job) => queue.add(job, { priority: 'bulk' })));
  }

  function next(): void {
    current = sweep()
      .catch((err: unknown) => log.warn({ err }, 'sweep failed'))
      .then(() => {
        if (!isStopped) timer = setTimeout(next, intervalMs);
      });
  }

  next();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
