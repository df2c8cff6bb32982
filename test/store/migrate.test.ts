import type pg from 'pg';
import { MigrationFault, migrate, readMigrations } from '../../src/store/migrate.ts';
import { aDatabase, type TestDatabase } from '../services/a-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await aDatabase();
});
afterAll(() => database.close());

async function withClient<T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  try {
    return await use(client);
  } finally {
    client.release();
  }
}

const extra = (version: number, sql: string) => ({
  version,
  name: `${version}-extra.sql`,
  sql,
  digest: `digest-${sql}`,
});

describe('migrations', () => {
  it('are numbered from 1 without a gap', () => {
    expect(readMigrations().map((one) => one.version)).toEqual(readMigrations().map((_, index) => index + 1));
  });

  it('run once, by one of many processes', async () => {
    const next = [...readMigrations(), extra(900, 'create table extra as select 1 as one')];
    await Promise.all(Array.from({ length: 6 }, () => withClient((client) => migrate(client, next))));
    expect((await database.pool.query('select * from extra')).rowCount).toBe(1);
  });

  it('refuse a database of a newer version', async () => {
    await expect(withClient((client) => migrate(client))).rejects.toThrow(MigrationFault);
    await expect(withClient((client) => migrate(client))).rejects.toThrow(/newer Holdfast \(schema 900/);
  });

  it('that fail leave nothing behind', async () => {
    const next = [...readMigrations(), extra(900, 'create table extra as select 1 as one')];
    const broken = [...next, extra(901, 'create table half (); select nonsense')];
    await expect(withClient((client) => migrate(client, broken))).rejects.toThrow(/901-extra\.sql failed/);
    await expect(database.pool.query('select from half')).rejects.toThrow();
    const mended = [...next, extra(901, 'create table whole ()')];
    await withClient((client) => migrate(client, mended));
    await database.pool.query('select from whole');
  });

  it('that were changed after they ran are refused', async () => {
    const changed = readMigrations().map((one) => (one.version === 1 ? { ...one, digest: 'other' } : one));
    const newest = [
      ...changed,
      extra(900, 'create table extra as select 1 as one'),
      extra(901, 'create table whole ()'),
    ];
    await expect(withClient((client) => migrate(client, newest))).rejects.toThrow(/schema 1 is not this program's/);
  });
});
