import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../src/cli/trial-server.ts';
import { aDatabase } from './services/a-database.ts';
import { type Serve, startServe } from './services/run-serve.ts';
import { until } from './services/until.ts';

const REGISTERS = fileURLToPath(new URL('../fixtures/registers', import.meta.url));

it('answers over HTTP only once the gateway is open: who reads "ready" may send mail', async () => {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-readiness-'));
  cpSync(REGISTERS, join(data, 'registers'), { recursive: true });
  const database = await aDatabase();
  // The gateway reads what it took before it opens; here it cannot.
  const lock = await database.pool.connect();
  await lock.query('begin');
  await lock.query('lock table gateway_mark in access exclusive mode');
  const httpPort = await freePort();
  const starting = startServe({
    HOLDFAST_DATA: data,
    DATABASE_URL: database.url,
    HOLDFAST_HTTP: `127.0.0.1:${httpPort}`,
    HOLDFAST_NOW: '2016-01-20T09:22:00Z',
  });
  const answers = () =>
    fetch(`http://127.0.0.1:${httpPort}/readyz`).then(
      () => true,
      () => false,
    );
  let serve: Serve | null = null;
  try {
    const waits = `select 1 from pg_locks where relation = 'gateway_mark'::regclass and not granted`;
    await until(async () => (await database.pool.query(waits)).rowCount !== 0, 30_000, 'the gateway to begin');
    await sleep(300);
    expect(await answers()).toBe(false);
    await lock.query('commit');
    serve = await starting;
    expect(await answers()).toBe(true);
  } finally {
    lock.release();
    await serve?.stop();
    await database.close();
    rmSync(data, { recursive: true, force: true });
  }
}, 60_000);
