import type pg from 'pg';

import type { Retention, Tidied } from '../../service/stores.ts';
import { pruneAudit } from '../prune-audit.ts';
import { inTransaction, type Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';

const LOCK = 0x48_4f_4c_45;
const BATCH = 500;

/** Deletes a message's content for good; what is known of the message stays. */
export async function purgeContent(sql: Sql, ids: readonly string[]): Promise<void> {
  await sql.query({
    name: 'purge-content',
    text: `
      with gone as (delete from message_content where message_id = any($1::text[]))
      update message set content_purged_at = now() where id = any($1::text[])`,
    values: [ids],
  });
}

/**
 * One step of tidying up: expires what nobody decided on, deletes content that has served, and sessions that ended.
 *
 * One process at a time; the others do nothing. Answers how much it did, and a full batch means that there is more.
 */
export async function tidyUp(pool: pg.Pool, keys: StoreKeys, retention: Retention): Promise<Tidied> {
  const { deliveredDays = 0, recordDays } = retention;
  return inTransaction(pool, async (sql) => {
    const { rows: lock } = await sql.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [LOCK]);
    if (lock[0]?.mine !== true) return { expired: 0, purged: 0, isDone: true };
    const expired = await sql.query(
      `update message set state = 'expired', judge_again = false, release_at_lift = false, judge_again_at = null
       where id in (select id from message where state = 'held' and judged_at < now() - $1::float8 * interval '1 day'
                    order by judged_at limit $2 for update skip locked) and state = 'held'`,
      [retention.heldDays, BATCH],
    );
    const old = await sql.query<{ id: string }>(
      `select id from message where content_purged_at is null
         and ended_at < now() - (case state when 'delivered' then $3::float8 else $1::float8 end) * interval '1 day'
       order by ended_at limit $2`,
      [retention.contentDays, BATCH, deliveredDays],
    );
    await purgeContent(
      sql,
      old.rows.map((row) => row.id),
    );
    await sql.query(`delete from message_trace where kept_at < now() - $1::float8 * interval '1 day'`, [
      retention.traceDays,
    ]);
    await sql.query('delete from session where expires_at < now()');
    const forgotten = recordDays === undefined ? 0 : await forget(sql, keys, recordDays);
    const done = { expired: expired.rowCount ?? 0, purged: old.rows.length };
    return { ...done, isDone: Math.max(done.expired, done.purged, forgotten) < BATCH };
  });
}

/**
 * Deletes what is known of messages, false alarms and register changes that ended, and of acts, once they have served their term.
 *
 * Answers how many messages or acts there were.
 */
async function forget(sql: pg.ClientBase, keys: StoreKeys, days: number): Promise<number> {
  const term = `now() - $1::float8 * interval '1 day'`;
  const { rowCount } = await sql.query(
    `delete from message where id in (select id from message where ended_at < ${term} order by ended_at limit $2)`,
    [days, BATCH],
  );
  await sql.query(`delete from false_alarm where least(ended_at, expires_at) < ${term}`, [days]);
  await sql.query(`delete from register_change where decided_at < ${term}`, [days]);
  return Math.max(rowCount ?? 0, await pruneAudit(sql, keys, days));
}
