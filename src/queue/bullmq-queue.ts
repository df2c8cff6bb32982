import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { Log } from '../service/log.ts';
import type { JobQueue } from '../service/ports.ts';
import { type Hint, HintBatch } from './hint-batch.ts';

const Payload = z.strictObject({ id: z.string() });
const Kind = z.enum(['scan', 'deliver', 'take']);
const NAME = 'holdfast';

/**
 * The queue on Redis, by BullMQ, for any number of workers.
 *
 * Jobs carry ids only, as Redis keeps them in the clear. Redis may lose everything at any time: the sweeper gives the hints again.
 */
export function createBullQueue(url: string, log: Log, prefix = 'holdfast'): JobQueue {
  // Without Redis a hint fails at once instead of waiting in memory for it to come back.
  const producer = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, lazyConnect: false });
  const consumer = new Redis(url, { maxRetriesPerRequest: null });
  for (const redis of [producer, consumer]) redis.on('error', () => {});
  const onError = onceAMinute((err: Error) => log.warn({ err }, 'Redis not reached'));
  const queue = new Queue(NAME, { connection: producer, prefix, skipVersionCheck: true });
  queue.on('error', onError);
  const hints = new HintBatch(async (batch) => {
    await queue.addBulk(batch.map(toJob));
  }, log);
  let worker: Worker | null = null;
  return {
    add: (job, options) => hints.add({ job, runAt: options?.runAt ?? null, priority: options?.priority ?? 'bulk' }),
    async work(handle, concurrency) {
      worker = new Worker(NAME, (job) => handle({ kind: Kind.parse(job.name), id: Payload.parse(job.data).id }), {
        connection: consumer,
        prefix,
        concurrency,
        skipVersionCheck: true,
        lockDuration: 30_000,
        stalledInterval: 15_000,
      });
      worker.on('error', onError);
    },
    async close() {
      await hints.settled();
      await worker?.close();
      await queue.close().catch(() => {});
      producer.disconnect();
      consumer.disconnect();
    },
  };
}

function toJob({ job, runAt, priority }: Hint) {
  return {
    name: job.kind,
    data: { id: job.id },
    opts: {
      jobId: `${job.kind}-${job.id}`,
      attempts: 1,
      // A finished job that stayed would swallow the next hint of the same id.
      removeOnComplete: true,
      removeOnFail: true,
      lifo: priority === 'interactive',
      ...(runAt === null ? {} : { delay: Math.max(0, runAt - Date.now()) }),
    },
  };
}

function onceAMinute<T>(write: (value: T) => void): (value: T) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (value) => {
    if (performance.now() - last < 60_000) return;
    last = performance.now();
    write(value);
  };
}
