import { setTimeout as sleep } from 'node:timers/promises';
import { expectThat, type Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import type { Moment } from '../postgres-proxy.ts';

const pause = (random: () => number, most: number) => sleep(100 + random() * most);

async function killServe(field: Field): Promise<void> {
  await field.tree.kill();
  await field.noteWindow();
  await field.restart();
}

/** kill -9 of a process at a moment that its own statements tell. */
function killAt(name: string, moment: Moment, isQuick = false): Fault {
  return {
    name,
    isQuick,
    async strike(field) {
      let killed: Promise<void> | null = null;
      const came = await field.wire.at(moment, () => {
        if (moment.process === 'serve') killed = killServe(field);
        else field.killWorkers();
      });
      await killed;
      await sleep(1500);
      return expectThat(came, `the moment "${name}" did not come`);
    },
  };
}

const stop = (which: 'serve' | 'worker' | 'postgres', signal: NodeJS.Signals, field: Field) => {
  if (which === 'serve') process.kill(field.tree.pid, signal);
  else if (which === 'worker') field.tree.signal('worker', signal);
  else field.postgres.signal(signal);
};

export const killFaults: readonly Fault[] = [
  killAt('gateway killed before the commit', { process: 'serve', statement: 'insert-messages', when: 'before' }),
  killAt(
    'gateway killed after the commit, before 250',
    { process: 'serve', statement: 'insert-messages', when: 'after' },
    true,
  ),
  {
    name: 'gateway killed after 250, which the client never gets',
    async strike(field) {
      const lost = Promise.withResolvers<void>();
      field.loseNextReply = () => {
        process.kill(field.tree.pid, 'SIGKILL');
        lost.resolve();
      };
      await lost.promise;
      await killServe(field);
      await sleep(1500);
      return [];
    },
  },
  {
    name: 'gateway, workers: kill -9 at any moment',
    async strike(field, random) {
      await pause(random, 1500);
      await killServe(field);
      await sleep(500);
      return [];
    },
  },
  killAt('worker killed with a claim, before it opens the mail', {
    process: 'worker',
    statement: 'take-fresh',
    when: 'after',
    brings: true,
  }),
  killAt('worker killed before the verdict is committed', {
    process: 'worker',
    statement: 'record-judgement',
    when: 'before',
  }),
  killAt('worker killed after the verdict is committed', {
    process: 'worker',
    statement: 'record-judgement',
    when: 'after',
  }),
  {
    name: 'worker killed between the next hop’s 250 and the commit',
    isQuick: true,
    async strike(field) {
      const struck = Promise.withResolvers<void>();
      field.sink.beforeReply = () => {
        field.sink.beforeReply = null;
        field.killWorkers();
        struck.resolve();
      };
      await struck.promise;
      await sleep(1500);
      return [];
    },
  },
  killAt('worker killed as it commits a delivery', {
    process: 'worker',
    statement: 'settle-deliveries',
    when: 'before',
  }),
  {
    name: 'worker: kill -9 at any moment',
    async strike(field, random) {
      await pause(random, 1500);
      field.killWorkers();
      await sleep(1500);
      return [];
    },
  },
  {
    name: 'SIGTERM and a new start',
    async strike(field, random) {
      await pause(random, 1000);
      const status = await field.tree.stop();
      await field.restart();
      return expectThat(status === 0, `serve ended with ${status}`);
    },
  },
  ...(['serve', 'worker', 'postgres'] as const).map(
    (which): Fault => ({
      name: `SIGSTOP of ${which === 'serve' ? 'the gateway' : which === 'worker' ? 'the workers' : 'PostgreSQL'} for 4 s`,
      async strike(field, random) {
        await pause(random, 500);
        stop(which, 'SIGSTOP', field);
        await sleep(4000);
        stop(which, 'SIGCONT', field);
        return [];
      },
    }),
  ),
  {
    name: 'SIGSTOP of one worker past its leases (33 s), while another takes them over',
    pauseMs: 200,
    async strike(field, random) {
      await pause(random, 500);
      field.tree.signal('worker', 'SIGSTOP', 1);
      await field.noteWindow();
      await sleep(33_000);
      field.tree.signal('worker', 'SIGCONT');
      await sleep(1000);
      return [];
    },
  },
];
