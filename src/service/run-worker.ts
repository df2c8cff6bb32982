import type { Verdict } from '../core/verdict.ts';
import { type DeliverDeps, deliverMessage } from './deliver-message.ts';
import { createDeliveryLane } from './delivery-lane.ts';
import { type JudgeDeps, judgeMessage, judgeTaken } from './judge-message.ts';
import type { NextHop } from './next-hop.ts';
import type { JobQueue, MessageStore, PendingJob } from './ports.ts';
import { startSweeper } from './start-sweeper.ts';
import { startTaking, type Taking } from './start-taking.ts';
import type { ClaimedMessage, MessageRecord } from './stores.ts';
import { LEASE_MS } from './with-lease.ts';

export interface WorkerDeps extends JudgeDeps, Omit<DeliverDeps, 'store' | 'nextHop'> {
  readonly store: JudgeDeps['store'] &
    DeliverDeps['store'] &
    Pick<MessageStore, 'pending'> &
    Partial<Pick<MessageRecord, 'takeFresh'>>;
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

/** A message that waits for its delivery keeps its content in memory where it is no larger. */
const KEPT_BYTES = 32 * 1024;

/**
 * Starts judging and delivering: hands queued hints to the use cases, and sweeps the store for what no hint told of.
 *
 * A job never fails towards the queue: what is still to be done, the store knows.
 */
export async function runWorker(deps: WorkerDeps): Promise<Worker> {
  const { store, queue, nextHop, log } = deps;
  let claims = 0;
  // A claimant's name is never used twice, so that a result that comes after its lease ran out is not taken.
  const claimant = () => `${deps.workerId}/${++claims}`;
  const lane = createDeliveryLane(async (id, content) => {
    try {
      if (nextHop !== null) await deliverMessage(id, claimant(), { ...deps, nextHop }, content);
    } catch (err) {
      log.error({ err, id }, 'delivery failed, the sweeper will find it again');
    }
  });
  const judge = async (id: string, judging: () => Promise<Verdict | null>, content?: Uint8Array): Promise<void> => {
    try {
      const verdict = await judging();
      const mayGo = verdict !== null && verdict !== 'hold' && nextHop !== null;
      const isSmall = content !== undefined && content.length <= KEPT_BYTES;
      if (mayGo && !lane.offer(id, isSmall ? content : undefined)) await queue.add({ kind: 'deliver', id });
    } catch (err) {
      log.error({ err, id }, 'judging failed, the sweeper will find it again');
    }
  };
  const handle = async ({ kind, id }: PendingJob): Promise<void> => {
    if (kind === 'take') taking?.wake();
    else if (kind === 'deliver') lane.offer(id);
    else await judge(id, () => judgeMessage(id, claimant(), deps));
  };
  const taking = takeFrom(deps, claimant, ({ message, name }) =>
    judge(message.id, () => judgeTaken(message, name, deps), message.content ?? undefined),
  );
  await queue.work(handle, deps.concurrency);
  const kinds: readonly PendingJob['kind'][] = [
    'scan',
    ...(nextHop === null ? [] : ['deliver' as const]),
    ...(taking === null ? [] : ['take' as const]),
  ];
  const sweeper = startSweeper({ pending: (limit) => store.pending(deps.now(), limit, kinds), queue, log });
  return {
    async stop() {
      await sweeper.stop();
      await Promise.all([queue.close(), taking?.stop()]);
      await lane.close();
      await nextHop?.close();
    },
  };
}

/** Takes what nobody has looked at yet by the turns of its senders; null where the store does not know turns. */
function takeFrom(
  { store, engine, concurrency, log }: WorkerDeps,
  claimant: () => string,
  judge: (taken: { readonly message: ClaimedMessage; readonly name: string }) => Promise<void>,
): Taking | null {
  const { takeFresh } = store;
  if (takeFresh === undefined) return null;
  return startTaking({
    ready: engine,
    async take(limit) {
      const name = claimant();
      const taken = await takeFresh(name, LEASE_MS, limit);
      return taken.map((message) => ({ message, name }));
    },
    judge,
    most: concurrency,
    log,
  });
}
