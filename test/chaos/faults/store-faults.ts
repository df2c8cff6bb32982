import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expectThat, type Fault } from '../fault.ts';
import type { Field } from '../field.ts';

const pause = (random: () => number, most: number) => sleep(100 + random() * most);

/**
 * The machine goes out: PostgreSQL dies, and all WAL past what it said was flushed is zeroed, as if it had never left the
 * operating system's memory. Nothing is answered any more from before it was asked, so all that was answered must be there again.
 */
async function losePower(field: Field): Promise<void> {
  process.kill(field.tree.pid, 'SIGSTOP');
  const [flushed] = await field.sql<{ file: string; offset: number }>(
    `select file_name as file, file_offset as offset from pg_walfile_name_offset(pg_current_wal_flush_lsn())`,
  );
  field.tree.signal('worker', 'SIGSTOP');
  await sleep(20);
  const { all } = field.postgres;
  field.postgres.signal('SIGSTOP', all);
  if (flushed !== undefined) field.postgres.zeroWal(flushed.file, flushed.offset);
  field.postgres.signal('SIGKILL', all);
  await field.tree.kill();
  await field.noteWindow();
  await field.restart();
}

/** Three people write drafts until told to end; those that were answered with a verdict. */
function writeDrafts(field: Field): { end(): Promise<readonly string[]> } {
  const answered: string[] = [];
  let isOver = false;
  const write = async () => {
    for (let count = 0; !isOver; count++) {
      const body = { text: `The meeting is at ${count}.`, channel: 'x', author: 'a@department.example' };
      const reply = await field.tree.call('POST', '/v1/drafts', body).catch(() => null);
      const { id } = (reply?.status === 200 || reply?.status === 201 ? reply.body : {}) as { readonly id?: string };
      if (id !== undefined) answered.push(id);
      await sleep(20);
    }
  };
  const writing = [write(), write(), write()];
  return {
    async end() {
      isOver = true;
      await Promise.all(writing);
      return answered;
    },
  };
}

/**
 * The machine goes out: from one moment on nothing reaches the device, all that runs is killed, and what was not on it is gone.
 * Each draft that was answered must be there with its verdict, as mail that was answered 250 must.
 */
async function cutPower(field: Field, untilThen: Promise<unknown>): Promise<readonly string[]> {
  if (field.device === null) return ['there is no device'];
  const drafts = writeDrafts(field);
  await untilThen;
  const { all } = field.postgres;
  field.device.isBroken = true;
  field.postgres.signal('SIGKILL', all);
  await field.tree.kill();
  const answered = await drafts.end();
  await field.mendStore();
  await field.noteWindow();
  await field.restart();
  const kept = await field.sql<{ id: string }>(
    `select id from message where id = any($1::text[]) and verdict is not null`,
    [answered],
  );
  return [
    ...expectThat(answered.length > 0, 'no draft was answered'),
    ...expectThat(kept.length === answered.length, `${answered.length - kept.length} answered drafts are lost`),
  ];
}

export const storeFaults: readonly Fault[] = [
  {
    name: 'PostgreSQL: kill -9',
    isQuick: true,
    async strike(field, random) {
      await pause(random, 1500);
      process.kill(field.postgres.postmaster, 'SIGKILL');
      await sleep(500);
      await field.noteWindow();
      await sleep(1500);
      return [];
    },
  },
  {
    name: 'PostgreSQL: fast restart, again and again',
    async strike(field, random) {
      for (let count = 0; count < 3; count++) {
        await pause(random, 800);
        process.kill(field.postgres.postmaster, 'SIGINT');
        await sleep(700);
        await field.noteWindow();
      }
      await sleep(1000);
      return [];
    },
  },
  {
    name: 'PostgreSQL: every connection of Holdfast ended',
    async strike(field, random) {
      for (let count = 0; count < 5; count++) {
        await pause(random, 400);
        await field.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'holdfast%' and pid <> pg_backend_pid()`,
        );
        await field.noteWindow();
      }
      return [];
    },
  },
  {
    name: 'PostgreSQL: pool exhausted by a lock on the messages',
    async strike(field, random) {
      await pause(random, 500);
      await field.sql(`begin; lock table message in access exclusive mode; select pg_sleep(5); commit`);
      return [];
    },
  },
  {
    name: 'PostgreSQL: no connection left',
    async strike(field, random) {
      await pause(random, 500);
      const taken: pg.Client[] = [];
      for (let count = 0; count < 320; count++) {
        const client = new pg.Client({ connectionString: field.databaseUrl });
        client.on('error', () => {});
        const isIn = await client.connect().then(
          () => true,
          () => false,
        );
        if (!isIn) break;
        taken.push(client);
      }
      // Those that Holdfast has are taken from it, so that it needs new ones.
      await taken[0]
        ?.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'holdfast%'`)
        .catch(() => {});
      await sleep(3000);
      await Promise.all(taken.map((client) => client.end().catch(() => {})));
      await field.noteWindow();
      return expectThat(taken.length > 100, `only ${taken.length} connections could be taken`);
    },
  },
  {
    name: 'PostgreSQL: read-only for 3 s, as after a failover',
    async strike(field, random) {
      await pause(random, 500);
      await field.sql(`alter system set default_transaction_read_only = on`);
      await field.sql(`select pg_reload_conf()`);
      await sleep(3000);
      await field.sql(`alter system reset default_transaction_read_only`);
      await field.sql(`select pg_reload_conf()`);
      await field.noteWindow();
      await sleep(500);
      return [];
    },
  },
  {
    name: 'power loss: WAL past the last flush is gone',
    async strike(field, random) {
      await pause(random, 1200);
      await losePower(field);
      await sleep(1500);
      return [];
    },
  },
  {
    name: 'power loss: nothing reaches the device any more, all are killed',
    needsDevice: true,
    async strike(field, random) {
      const found = await cutPower(field, pause(random, 3000));
      await sleep(1500);
      return found;
    },
  },
];
