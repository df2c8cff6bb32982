import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from './log.ts';
import { startTaking, type Taking } from './start-taking.ts';

let taking: Taking | null = null;
let letGo = (): void => {};
afterEach(async () => {
  letGo();
  await taking?.stop();
});

/** A store with so many messages, and judging that ends when told. */
function aTrial({ waiting, most = 8, idleMs = 10_000 }: { waiting: number; most?: number; idleMs?: number }) {
  const asked: number[] = [];
  const open: (() => void)[] = [];
  let left = waiting;
  let inHand = 0;
  let mostInHand = 0;
  let isReady = true;
  let isOver = false;
  letGo = () => {
    isOver = true;
    left = 0;
    for (const done of open.splice(0)) done();
  };
  taking = startTaking({
    ready: async () => {
      if (!isReady) throw new Error('no rules');
    },
    async take(limit) {
      asked.push(limit);
      const taken = Math.min(limit, left);
      left -= taken;
      return Array.from({ length: taken }, (_, index) => index);
    },
    async judge() {
      inHand += 1;
      mostInHand = Math.max(mostInHand, inHand);
      if (!isOver) await new Promise<void>((resolve) => open.push(resolve));
      inHand -= 1;
    },
    most,
    idleMs,
    log: silentLog,
  });
  return {
    taking,
    asked,
    inHand: () => inHand,
    mostInHand: () => mostInHand,
    add(count: number) {
      left += count;
    },
    async finish(count: number) {
      for (const done of open.splice(0, count)) done();
      await sleep(5);
    },
    setReady(value: boolean) {
      isReady = value;
    },
  };
}

describe('taking from the store', () => {
  it('asks for as many as there are hands, and again when half of them are free', async () => {
    const trial = aTrial({ waiting: 100 });
    await sleep(5);
    expect(trial.asked).toEqual([8]);
    await trial.finish(3);
    expect(trial.asked).toEqual([8]);
    await trial.finish(1);
    expect(trial.asked).toEqual([8, 4]);
    expect(trial.mostInHand()).toBe(8);
    await trial.finish(8);
  });

  it('is woken by a hint, and asks by itself where hints are lost', async () => {
    const trial = aTrial({ waiting: 0, idleMs: 60 });
    await sleep(5);
    trial.add(1);
    trial.taking.wake();
    await sleep(5);
    expect(trial.inHand()).toBe(1);
    trial.add(1);
    await sleep(100);
    expect(trial.inHand()).toBe(2);
    await trial.finish(2);
  });

  it('asks for nothing while its hands are full, however often it is woken', async () => {
    const trial = aTrial({ waiting: 100 });
    await sleep(5);
    for (let hint = 0; hint < 50; hint += 1) trial.taking.wake();
    await sleep(5);
    expect(trial.asked).toEqual([8]);
    await trial.finish(8);
    await trial.finish(8);
  });

  it('takes nothing while nothing can be judged', async () => {
    const trial = aTrial({ waiting: 5 });
    await trial.finish(5);
    const before = trial.asked.length;
    trial.setReady(false);
    trial.add(5);
    trial.taking.wake();
    await sleep(20);
    trial.taking.wake();
    await sleep(20);
    expect(trial.asked).toHaveLength(before);
  });

  it('finishes what it has in hand before it ends, and takes nothing more', async () => {
    const trial = aTrial({ waiting: 100 });
    await sleep(5);
    let isOver = false;
    const end = trial.taking.stop().then(() => {
      isOver = true;
    });
    await trial.finish(7);
    expect(isOver).toBe(false);
    await trial.finish(1);
    await end;
    expect(trial.asked).toEqual([8]);
  });
});
