import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from './log.ts';
import { withLease } from './with-lease.ts';

const lease = (renew: () => Promise<boolean>) => ({ claim: async () => 'mail', renew, log: silentLog, leaseMs: 60 });

test.each<[string, () => Promise<boolean>, boolean]>([
  ['a claim that is renewed stays held', async () => true, true],
  ['a claim that another has is lost', async () => false, false],
  ['a claim that cannot be renewed is lost when its time is over', () => Promise.reject(new Error('no store')), false],
])('%s', async (_, renew, expected) => {
  await withLease(lease(renew), async (_claim, isHeld) => {
    expect(isHeld()).toBe(true);
    await sleep(90);
    // A busy machine may be late with one renewal, and is in time with another.
    for (let turn = 0; turn < 500 && isHeld() !== expected; turn++) await sleep(2);
    expect(isHeld()).toBe(expected);
  });
});

test('a process that stood still for longer than its lease does not hold it, before any timer ran', async () => {
  await withLease(
    lease(async () => true),
    async (_claim, isHeld) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 80);
      expect(isHeld()).toBe(false);
    },
  );
});
