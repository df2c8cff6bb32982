import { setTimeout as sleep } from 'node:timers/promises';
import type { HoldfastTree } from '../services/start-holdfast.ts';
import type { TestRedis } from '../services/start-redis.ts';

/** What a fault may lay hands on. `restart` replaces the tree by a new one on the same data. */
export interface Field {
  tree: HoldfastTree;
  readonly redis: TestRedis;
  /** How the next hop behaves. */
  hop: 'well' | 'slow' | 'busy' | 'hangs-up' | 'away';
  restart(): Promise<void>;
}

export interface Fault {
  readonly name: string;
  /** Whether a delivery may be under way when it strikes: then each in hand may be repeated once. */
  readonly mayRepeat: boolean;
  strike(field: Field, random: () => number): Promise<void>;
}

const pause = (random: () => number, most: number) => sleep(100 + random() * most);

/** The rows of the fault matrix that this harness can make on one machine without rights beyond its user's. */
export const faults: readonly Fault[] = [
  {
    name: 'kill -9 of the whole tree',
    mayRepeat: true,
    async strike(field, random) {
      await pause(random, 1500);
      await field.tree.kill();
      await field.restart();
    },
  },
  {
    name: 'kill -9 of the worker',
    mayRepeat: true,
    async strike(field, random) {
      await pause(random, 1500);
      field.tree.signal('worker', 'SIGKILL');
    },
  },
  {
    name: 'SIGSTOP of the worker for 3 s',
    mayRepeat: false,
    async strike(field, random) {
      await pause(random, 500);
      field.tree.signal('worker', 'SIGSTOP');
      await sleep(3000);
      field.tree.signal('worker', 'SIGCONT');
    },
  },
  {
    name: 'kill -9 of PostgreSQL',
    mayRepeat: true,
    async strike(field, random) {
      await pause(random, 1500);
      field.tree.signal('postgres', 'SIGKILL');
      await sleep(1000);
    },
  },
  {
    name: 'SIGTERM and a new start',
    mayRepeat: false,
    async strike(field, random) {
      await pause(random, 1500);
      await field.tree.stop();
      await field.restart();
    },
  },
  {
    name: 'Redis flushed',
    mayRepeat: false,
    async strike(field, random) {
      for (let count = 0; count < 3; count++) {
        await pause(random, 400);
        await field.redis.command('FLUSHALL');
      }
    },
  },
  {
    name: 'Redis killed and started empty',
    mayRepeat: false,
    async strike(field, random) {
      await pause(random, 500);
      await field.redis.kill();
      await sleep(1500);
      await field.redis.restart();
    },
  },
  ...(['slow', 'busy', 'hangs-up', 'away'] as const).map(
    (hop): Fault => ({
      name: `next hop ${{ slow: 'slow', busy: 'says 451', 'hangs-up': 'hangs up before it takes the message', away: 'away' }[hop]}`,
      mayRepeat: false,
      async strike(field, random) {
        field.hop = hop;
        await pause(random, 2000);
        field.hop = 'well';
      },
    }),
  ),
];
