import { Logger, makeWorkerUtils, type Runner, run, type WorkerUtils } from 'graphile-worker';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Log } from '../service/log.ts';
import type { JobQueue, PendingJob } from '../service/ports.ts';
import { type Hint, HintBatch } from './hint-batch.ts';

const Payload = z.strictObject({ id: z.string() });
const PRIORITY = { interactive: 0, bulk: 10 } as const;
/** Longer than any job holds its lock: what is locked for longer belongs to a worker that died. */
const DEAD_AFTER = '15 minutes';

/**
 * The queue on the same PostgreSQL, by graphile-worker.
 *
 * A dead worker's job stays locked there for hours; that harms nothing here, as the sweeper's next hint for the same message
 * makes a new job, and old locks are cleared at start. A job is run once: whether it must be repeated, the store knows.
 */
export async function createEmbeddedQueue(pool: Pool, log: Log): Promise<JobQueue> {
  const logger = workerLogger(log);
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  await clearDeadJobs(utils, pool);
  const hints = new HintBatch(async (batch) => {
    await utils.addJobs(batch.map(toJob));
  }, log);
  let runner: Runner | null = null;
  return {
    add: (job, options) => hints.add({ job, runAt: options?.runAt ?? null, priority: options?.priority ?? 'bulk' }),
    async work(handle, concurrency) {
      const task = (kind: PendingJob['kind']) => (payload: unknown) => handle({ kind, id: Payload.parse(payload).id });
      runner = await run({
        pgPool: pool,
        logger,
        concurrency,
        noHandleSignals: true,
        pollInterval: 1000,
        taskList: { scan: task('scan'), deliver: task('deliver'), take: task('take') },
        preset: { worker: { localQueue: { size: concurrency * 8 }, completeJobBatchDelay: 5, failJobBatchDelay: 5 } },
      });
    },
    async close() {
      await hints.settled();
      await runner?.stop();
      await utils.release();
    },
  };
}

function toJob({ job, runAt, priority }: Hint) {
  return {
    identifier: job.kind,
    payload: { id: job.id },
    jobKey: `${job.kind}:${job.id}`,
    maxAttempts: 1,
    priority: PRIORITY[priority],
    ...(runAt === null ? {} : { runAt: new Date(runAt) }),
  };
}

async function clearDeadJobs(utils: WorkerUtils, pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ locked_by: string }>(
    `select distinct locked_by from graphile_worker.jobs where locked_at < now() - interval '${DEAD_AFTER}'`,
  );
  if (rows.length > 0) await utils.forceUnlockWorkers(rows.map((row) => row.locked_by));
  await utils.cleanup({ tasks: ['DELETE_PERMAFAILED_JOBS'] });
}

function workerLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    // What it says at info and below is one line a job.
    if (level === 'error') log.error({}, `queue: ${message}`);
    // Its warnings are advice on tuning that was weighed already.
    else if (level === 'warning') log.info({}, `queue: ${message}`);
  });
}
