import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from './log.ts';
import type { PendingJob } from './ports.ts';
import { startSweeper } from './start-sweeper.ts';

const jobs: readonly PendingJob[] = [
  { kind: 'scan', id: 'm1' },
  { kind: 'deliver', id: 'm1' },
  { kind: 'scan', id: 'm2' },
];

test('gives every hint once, oldest first, and does not queue a backlog anew at each sweep', async () => {
  const added: PendingJob[] = [];
  const queue = { add: async (job: PendingJob) => void added.push(job) };
  const sweeper = startSweeper({ pending: async () => jobs, queue, log: silentLog, intervalMs: 5 });
  await sleep(150);
  await sweeper.stop();
  expect(added).toEqual(jobs);
});

test('goes on after a sweep that failed, and ends when it is stopped', async () => {
  let sweeps = 0;
  const pending = async () => {
    sweeps += 1;
    if (sweeps === 1) throw new Error('store away');
    return jobs;
  };
  const added: PendingJob[] = [];
  const queue = { add: async (job: PendingJob) => void added.push(job) };
  const sweeper = startSweeper({ pending, queue, log: silentLog, intervalMs: 5 });
  await sleep(100);
  await sweeper.stop();
  const until = sweeps;
  await sleep(50);
  expect(added).toEqual(jobs);
  expect(sweeps).toBe(until);
});
