import { jest } from '@jest/globals';
import { silentLog } from './log.ts';
import type { JobQueue, PendingJob } from './ports.ts';
import { runWorker, type WorkerDeps } from './run-worker.ts';

test('gives a hint that the queue lost again within 5 s, however many other jobs keep coming', async () => {
  jest.useFakeTimers();
  try {
    const due: PendingJob = { kind: 'scan', id: 'at its lift' };
    const added: PendingJob[] = [];
    let handle: Parameters<JobQueue['work']>[0] = async () => {};
    const deps = {
      store: { pending: async () => [due], takeFresh: async () => [] },
      queue: {
        add: async (job: PendingJob) => void added.push(job),
        work: async (given: typeof handle) => {
          handle = given;
        },
        close: async () => {},
      },
      engine: async () => ({}),
      nextHop: null,
      workerId: 'w',
      concurrency: 4,
      now: Date.now,
      log: silentLog,
    };
    const worker = await runWorker(deps as unknown as WorkerDeps);
    for (let ms = 0; ms < 5_000; ms += 250) {
      await handle({ kind: 'take', id: `mail ${ms}` });
      await jest.advanceTimersByTimeAsync(250);
    }
    expect(added).toEqual([due, due]);
    await worker.stop();
  } finally {
    jest.useRealTimers();
  }
});
