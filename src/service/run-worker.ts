import { type DeliverDeps, deliverMessage } from './deliver-message.ts';
import { createDeliveryLane } from './delivery-lane.ts';
import { type JudgeDeps, judgeMessage } from './judge-message.ts';
import type { NextHop } from './next-hop.ts';
import type { JobQueue, MessageStore, PendingJob } from './ports.ts';
import { startSweeper } from './start-sweeper.ts';

export interface WorkerDeps extends JudgeDeps, Omit<DeliverDeps, 'store' | 'nextHop'> {
  readonly store: JudgeDeps['store'] & DeliverDeps['store'] & Pick<MessageStore, 'pending'>;
  readonly queue: JobQueue;
  /** Null: cleared mail waits in the store. */
  readonly nextHop: NextHop | null;
  /** Unique to this process. */
  readonly workerId: string;
  readonly concurrency: number;
}

export interface Worker {
  /** Takes no more jobs, finishes those in hand and closes the next hop's connections. */
  stop(): Promise<void>;
}

/** Jobs that come closer together than this are a queue that works. */
const BUSY_MS = 1000;

/**
 * Starts judging and delivering: hands queued hints to the use cases, and sweeps the store for what no hint told of.
 *
 * A job never fails towards the queue: what is still to be done, the store knows.
 */
export async function runWorker(deps: WorkerDeps): Promise<Worker> {
  const { store, queue, nextHop, log } = deps;
  let claims = 0;
  let lastJob = Number.NEGATIVE_INFINITY;
  // A claimant's name is never used twice, so that a result that comes after its lease ran out is not taken.
  const claimant = () => `${deps.workerId}/${++claims}`;
  const lane = createDeliveryLane(async (id) => {
    try {
      if (nextHop !== null) await deliverMessage(id, claimant(), { ...deps, nextHop });
    } catch (err) {
      log.error({ err, id }, 'delivery failed, the sweeper will find it again');
    }
  });
  const handle = async ({ kind, id }: PendingJob): Promise<void> => {
    lastJob = performance.now();
    if (kind === 'deliver') {
      lane.offer(id);
      return;
    }
    try {
      const verdict = await judgeMessage(id, claimant(), deps);
      const mayGo = verdict !== null && verdict !== 'hold' && nextHop !== null;
      if (mayGo && !lane.offer(id)) await queue.add({ kind: 'deliver', id });
    } catch (err) {
      log.error({ err, id }, 'judging failed, the sweeper will find it again');
    }
  };
  await queue.work(handle, deps.concurrency);
  const sweeper = startSweeper({
    pending: (limit) => store.pending(deps.now(), limit, nextHop === null ? ['scan'] : ['scan', 'deliver']),
    queue,
    log,
    isBusy: () => performance.now() - lastJob < BUSY_MS,
  });
  return {
    async stop() {
      await sweeper.stop();
      await queue.close();
      await lane.close();
      await nextHop?.close();
    },
  };
}
