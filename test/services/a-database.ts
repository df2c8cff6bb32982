import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import type { StoreKeys } from '../../src/store/store-keys.ts';

export interface TestDatabase {
  readonly pool: pg.Pool;
  readonly url: string;
  close(): Promise<void>;
}

/** A database of its own, migrated: on DATABASE_URL's server where that is set, else on an embedded PostgreSQL. */
export async function aDatabase(): Promise<TestDatabase> {
  const server = process.env['DATABASE_URL'];
  const { url, drop } = server === undefined ? await embedded() : await onServer(server);
  const pool = await openDatabase({ url, name: 'test', connections: 20, onError: () => {} });
  return {
    pool,
    url,
    async close() {
      await pool.end();
      await drop();
    },
  };
}

async function embedded() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-store-'));
  const postgres = await startEmbeddedPostgres(folder);
  const drop = async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: postgres.url, drop };
}

async function onServer(server: string) {
  const name = `holdfast_test_${randomBytes(6).toString('hex')}`;
  const run = async (sql: string) => {
    const client = new pg.Client(server);
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await run(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };
}

export function storeKeys(id = 'k1'): StoreKeys {
  const current = { id, key: randomBytes(32) };
  return { current, all: [current], audit: randomBytes(32), token: randomBytes(32) };
}
