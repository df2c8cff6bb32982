import { setTimeout as sleep } from 'node:timers/promises';
import { repeat } from './repeat.ts';

test('goes on after a round that failed, tells of it, and ends when it is stopped', async () => {
  let rounds = 0;
  const faults: unknown[] = [];
  const fault = new Error('store away');
  const repeating = repeat(
    async () => {
      rounds += 1;
      if (rounds === 1) throw fault;
    },
    { everyMs: 2, onError: (err) => void faults.push(err) },
  );
  await sleep(60);
  await repeating.stop();
  const until = rounds;
  await sleep(20);
  expect(faults).toEqual([fault]);
  expect(until).toBeGreaterThan(2);
  expect(rounds).toBe(until);
});

test('stops only once the round in hand has ended, which is told to leave what it can', async () => {
  let isEnded = false;
  const repeating = repeat(
    async (signal) => {
      while (!signal.aborted) await sleep(1);
      isEnded = true;
    },
    { everyMs: 1, onError: () => {} },
  );
  await sleep(5);
  await repeating.stop();
  expect(isEnded).toBe(true);
});

test('waits before its first round where it is told to', async () => {
  let rounds = 0;
  const repeating = repeat(async () => void rounds++, { everyMs: 1, onError: () => {}, delayMs: 10_000 });
  await sleep(20);
  await repeating.stop();
  expect(rounds).toBe(0);
});
