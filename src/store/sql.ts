import type pg from 'pg';

/** What a query runs on: the pool, or the one connection of a transaction. */
export type Sql = Pick<pg.Pool, 'query'> | Pick<pg.ClientBase, 'query'>;

/** Runs `work` in one transaction; it has committed when the promise resolves. */
export async function inTransaction<T>(pool: pg.Pool, work: (sql: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
