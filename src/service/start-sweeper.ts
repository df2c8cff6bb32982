import type { Log } from './log.ts';
import type { JobQueue, PendingJob } from './ports.ts';
import { type Repeating, repeat } from './repeat.ts';

export interface SweeperDeps {
  readonly pending: (limit: number) => Promise<readonly PendingJob[]>;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly log: Log;
  readonly intervalMs?: number;
}

/** Between sweeps. Lifts are found by sweeping too, so this is how late held mail may leave. */
const SWEEP_MS = 1000;
/**
 * A hint is given again only after this, so that a backlog is not queued anew at each sweep. Jobs that keep coming are no sign that
 * none was lost: what was hinted before the queue lost everything waits for this alone.
 */
const HINT_AGAIN_MS = 4000;
const BATCH = 1000;

/** Rebuilds the queue's hints from the store for as long as it runs, oldest first: a queue that lost everything is whole again within 5 s. */
export function startSweeper({ pending, queue, log, intervalMs = SWEEP_MS }: SweeperDeps): Repeating {
  const hinted = new Map<string, number>();

  async function sweep(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    for (const [key, at] of hinted) if (now - at >= HINT_AGAIN_MS) hinted.delete(key);
    const lost = (await pending(BATCH)).filter(({ kind, id }) => !hinted.has(`${kind} ${id}`));
    if (signal.aborted) return;
    for (const { kind, id } of lost) hinted.set(`${kind} ${id}`, now);
    // Given together, so that the queue takes them together.
    await Promise.all(lost.map((job) => queue.add(job, { priority: 'bulk' })));
  }

  return repeat(sweep, { everyMs: intervalMs, onError: (err) => log.warn({ err }, 'sweep failed') });
}
