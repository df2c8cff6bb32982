import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createBullQueue } from '../../src/queue/bullmq-queue.ts';
import { createEmbeddedQueue } from '../../src/queue/embedded-queue.ts';
import { silentLog } from '../../src/service/log.ts';
import type { JobQueue, PendingJob } from '../../src/service/ports.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { describeWithRedis, hasRedis } from '../services/real-servers.ts';
import { startRedis, type TestRedis } from '../services/start-redis.ts';
import { until } from '../services/until.ts';

let folder: string;
let postgres: EmbeddedPostgres;
let pool: pg.Pool;
let redis: TestRedis;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-queue-'));
  postgres = await startEmbeddedPostgres(folder);
  pool = new pg.Pool({ connectionString: postgres.url, max: 10 });
  pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
  if (hasRedis) redis = await startRedis();
}, 60_000);

afterAll(async () => {
  await redis?.stop();
  await pool.end();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

const queues: JobQueue[] = [];
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.close();
  await redis?.command('FLUSHALL');
  await pool.query('truncate graphile_worker._private_jobs');
});

const kinds: readonly (readonly [string, () => Promise<JobQueue>])[] = [
  ['embedded', () => createEmbeddedQueue(pool, silentLog)],
  ...(hasRedis ? [['BullMQ', async () => createBullQueue(redis.url, silentLog)] as const] : []),
];

const scan = (id: string): PendingJob => ({ kind: 'scan', id });

describe.each(kinds)('the %s queue', (_, open) => {
  async function aQueue(): Promise<JobQueue> {
    const queue = await open();
    queues.push(queue);
    return queue;
  }

  test('hands over every job once, with its kind and id', async () => {
    const queue = await aQueue();
    const seen: PendingJob[] = [];
    await Promise.all(Array.from({ length: 300 }, (_, index) => queue.add(scan(`m${index}`))));
    await queue.add({ kind: 'deliver', id: 'm1' });
    await queue.work(async (job) => void seen.push(job), 4);
    await until(() => seen.length === 301);
    expect(new Set(seen.map((job) => `${job.kind} ${job.id}`)).size).toBe(301);
  });

  test('a job added twice before it runs is run once', async () => {
    const queue = await aQueue();
    const seen: string[] = [];
    await queue.add(scan('m1'));
    await Promise.all([queue.add(scan('m1')), queue.add(scan('m1')), queue.add(scan('m2'))]);
    await queue.work(async ({ id }) => void seen.push(id), 1);
    await until(() => seen.includes('m2'));
    await sleep(100);
    expect(seen.sort()).toEqual(['m1', 'm2']);
  });

  test('a job that is done can be added again', async () => {
    const queue = await aQueue();
    let runs = 0;
    await queue.work(async () => {
      runs += 1;
    }, 1);
    for (let round = 1; round <= 3; round++) {
      await queue.add(scan('m1'));
      await until(() => runs === round);
      // The job's own record goes after its handler.
      await sleep(50);
    }
  });

  test('runs no more jobs at a time than it may', async () => {
    const queue = await aQueue();
    let running = 0;
    let most = 0;
    let done = 0;
    await queue.work(async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(5);
      running -= 1;
      done += 1;
    }, 3);
    await Promise.all(Array.from({ length: 30 }, (_, index) => queue.add(scan(`m${index}`))));
    await until(() => done === 30);
    expect(most).toBe(3);
  });

  test('interactive jobs overtake bulk', async () => {
    const queue = await aQueue();
    const seen: string[] = [];
    for (let index = 0; index < 20; index++) await queue.add(scan(`bulk${index}`), { priority: 'bulk' });
    await queue.add(scan('draft'), { priority: 'interactive' });
    await queue.work(async ({ id }) => void seen.push(id), 1);
    await until(() => seen.length === 21);
    expect(seen[0]).toBe('draft');
  });

  test('closing waits for the job in hand', async () => {
    const queue = await open();
    let isDone = false;
    await queue.work(async () => {
      await sleep(200);
      isDone = true;
    }, 1);
    await queue.add(scan('m1'));
    await sleep(100);
    await queue.close();
    expect(isDone).toBe(true);
  });
});

test('a job whose worker died does not stand in the way of its next hint', async () => {
  const queue = await createEmbeddedQueue(pool, silentLog);
  queues.push(queue);
  await queue.add(scan('m1'));
  await pool.query("update graphile_worker._private_jobs set locked_at = now(), locked_by = 'dead', attempts = 1");
  const seen: string[] = [];
  await queue.work(async ({ id }) => void seen.push(id), 1);
  await sleep(100);
  expect(seen).toEqual([]);
  await queue.add(scan('m1'));
  await until(() => seen.includes('m1'));
});

test('jobs left locked by workers long dead are cleared at start', async () => {
  const before = await createEmbeddedQueue(pool, silentLog);
  await before.add(scan('m1'));
  await before.close();
  await pool.query(
    "update graphile_worker._private_jobs set locked_at = now() - interval '1 hour', locked_by = 'dead', attempts = 1",
  );
  queues.push(await createEmbeddedQueue(pool, silentLog));
  const { rows } = await pool.query('select count(*)::int as count from graphile_worker._private_jobs');
  expect(rows[0].count).toBe(0);
});

describeWithRedis('Redis', () => {
  test('a flushed Redis takes hints again at once', async () => {
    const queue = createBullQueue(redis.url, silentLog);
    queues.push(queue);
    const seen: string[] = [];
    await queue.work(async ({ id }) => void seen.push(id), 1);
    await queue.add(scan('m1'));
    await until(() => seen.includes('m1'));
    await redis.command('FLUSHALL');
    await queue.add(scan('m2'));
    await until(() => seen.includes('m2'));
  });

  test('without Redis a hint is lost quickly and quietly, and hints go again once it is back', async () => {
    const queue = createBullQueue(redis.url, silentLog);
    queues.push(queue);
    const seen: string[] = [];
    await queue.work(async ({ id }) => void seen.push(id), 1);
    await queue.add(scan('m1'));
    await until(() => seen.includes('m1'));
    await redis.kill();
    const before = performance.now();
    await queue.add(scan('lost'));
    expect(performance.now() - before).toBeLessThan(1500);
    await redis.restart();
    await until(
      async () => {
        await queue.add(scan('m2'));
        return seen.includes('m2');
      },
      20_000,
      'a hint after the restart',
    );
  }, 40_000);

  test('jobs carry ids only', async () => {
    const bull = createBullQueue(redis.url, silentLog);
    const embedded = await createEmbeddedQueue(pool, silentLog);
    queues.push(bull, embedded);
    await bull.add(scan('m1'));
    await embedded.add(scan('m1'));
    expect(await redis.command('HSTRLEN holdfast:holdfast:scan-m1 data')).toBe(`:${'{"id":"m1"}'.length}`);
    const { rows } = await pool.query('select payload from graphile_worker._private_jobs');
    expect(rows).toEqual([{ payload: { id: 'm1' } }]);
  });
});
