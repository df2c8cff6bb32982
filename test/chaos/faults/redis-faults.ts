import { setTimeout as sleep } from 'node:timers/promises';
import { expectThat, type Fault } from '../fault.ts';

const pause = (random: () => number, most: number) => sleep(100 + random() * most);

export const redisFaults: readonly Fault[] = [
  {
    name: 'Redis: FLUSHALL',
    isQuick: true,
    async strike(field, random) {
      for (let count = 0; count < 3; count++) {
        await pause(random, 400);
        await field.redis.command('FLUSHALL');
      }
      return [];
    },
  },
  {
    name: 'Redis: killed, and started empty',
    async strike(field, random) {
      await pause(random, 500);
      await field.redis.kill();
      await sleep(1500);
      await field.redis.restart();
      return [];
    },
  },
  {
    name: 'Redis: out of memory',
    async strike(field, random) {
      await pause(random, 500);
      const said = await field.redis.command('CONFIG SET maxmemory 1mb');
      await sleep(3000);
      await field.redis.command('CONFIG SET maxmemory 0');
      return expectThat(said === '+OK', `Redis said ${said}`);
    },
  },
  {
    name: 'Redis: read-only, a replica of nothing',
    async strike(field, random) {
      await pause(random, 500);
      const said = await field.redis.command('REPLICAOF 127.0.0.1 1');
      await sleep(3000);
      await field.redis.command('REPLICAOF NO ONE');
      return expectThat(said === '+OK', `Redis said ${said}`);
    },
  },
  {
    name: 'Redis: stands still for 4 s',
    async strike(field, random) {
      await pause(random, 500);
      const said = field.redis.command('CLIENT PAUSE 4000 ALL');
      await sleep(4000);
      return expectThat((await said) === '+OK', `Redis said ${await said}`);
    },
  },
];
