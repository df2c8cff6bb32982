import type pg from 'pg';

import { open, seal } from './sealing.ts';
import { inTransaction } from './sql.ts';
import type { StoreKeys } from './store-keys.ts';

const BATCH = 200;

interface WrappedRow {
  readonly id: string;
  readonly key_id: string;
  readonly wrapped_key: Buffer;
}

export interface Rewrapped {
  readonly done: number;
  /** Messages whose key is lost, by its id: they stay as they are. */
  readonly stuck: ReadonlyMap<string, number>;
}

/**
 * Wraps the data key of every message anew with the current key, some hundred at a time, while everything else goes on.
 *
 * What is done stays done: whoever begins again goes on with the rest. Content is not touched, since its own key stays what it is.
 *
 * @param onStep is told how many are done so far.
 */
export async function rewrapMessages(
  pool: pg.Pool,
  keys: StoreKeys,
  onStep: (done: number) => void = () => {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Rewrapped> {
  let done = 0;
  for (;;) {
    const before = done;
    const { current, all } = keys;
    const readable = all.map((key) => key.id).filter((id) => id !== current.id);
    let last = '';
    for (let more = readable.length > 0; more && !signal.aborted; ) {
      const step = await rewrapStep(pool, keys, readable, last);
      done += step.done;
      last = step.last ?? '';
      more = step.last !== null;
      if (step.done > 0) onStep(done);
    }
    // Rows that others had in hand were passed over; and a process may have written with the older key until it saw the new one.
    if (done === before || signal.aborted) return { done, stuck: await stuckMessages(pool, keys) };
  }
}

async function rewrapStep(
  pool: pg.Pool,
  keys: StoreKeys,
  from: readonly string[],
  last: string,
): Promise<{ readonly done: number; readonly last: string | null }> {
  return inTransaction(pool, async (sql) => {
    const { rows } = await sql.query<WrappedRow>(
      `select id, key_id, wrapped_key from message where id > $1 and key_id = any($2::text[])
       order by id limit $3 for no key update skip locked`,
      [last, from, BATCH],
    );
    const final = rows.at(-1);
    if (final === undefined) return { done: 0, last: null };
    const { current } = keys;
    const wrapped = rows.map(({ id, key_id, wrapped_key }) => {
      const old = keys.all.find((key) => key.id === key_id);
      if (old === undefined) throw new Error(`the key ${key_id} went while messages were wrapped anew`);
      return seal(open(wrapped_key, old.key, `${id}/key/${key_id}`), current.key, `${id}/key/${current.id}`);
    });
    await sql.query(
      `update message m set key_id = $1, wrapped_key = n.wrapped
       from unnest($2::text[], $3::bytea[]) as n (id, wrapped) where m.id = n.id`,
      [current.id, rows.map((row) => row.id), wrapped],
    );
    return { done: rows.length, last: final.id };
  });
}

/** How many messages are wrapped with each key. */
export async function messagesByKey(pool: Pick<pg.Pool, 'query'>): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ key_id: string; count: number }>(
    'select key_id, count(*)::int as count from message group by key_id',
  );
  return new Map(rows.map(({ key_id, count }) => [key_id, count]));
}

async function stuckMessages(pool: pg.Pool, keys: StoreKeys): Promise<ReadonlyMap<string, number>> {
  const known = new Set(keys.all.map((key) => key.id));
  return new Map([...(await messagesByKey(pool))].filter(([id]) => !known.has(id)));
}
