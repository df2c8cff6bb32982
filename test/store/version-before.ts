import { randomBytes } from 'node:crypto';
import type pg from 'pg';

/**
 * The statements of the version whose newest migration was 0010, shortened to one message a statement. A process of that version
 * may still run while the schema is new, and these are what it does.
 */
export const versionBefore = {
  async insert(sql: pg.Pool, id: string): Promise<void> {
    await sql.query(
      `with stored as (
         insert into message (id, kind, state, received_at, publish_at, sender, message_id, bytes, transport, key_id, wrapped_key)
         values ($1, 'email', 'received', now(), null, 'a@department.example', null, 4, '{}', 'k', $2) returning id),
       content as (insert into message_content (message_id, chunk, is_final, sealed) select id, 0, true, $2 from stored)
       insert into message_recipient (message_id, position, address) select id, 1, 'b@paper.example' from stored`,
      [id, randomBytes(8)],
    );
  },

  /** False where it is not to be had. */
  async claimForScan(sql: pg.Pool, id: string, worker: string): Promise<boolean> {
    const { rowCount } = await sql.query(
      `with free as materialized (
         select id from message where id = $1 and (
           (state = 'received' and next_attempt_at <= now()) or (state = 'scanning' and lease_until < now())
           or (state = 'held' and judge_again_at <= now())) for update skip locked)
       update message set state = 'scanning', lease_owner = $2, lease_until = now() + interval '30 seconds', judge_again = false,
         scan_attempts = case when state in ('received', 'scanning') then scan_attempts + 1 else 1 end
       from free where message.id = free.id`,
      [id, worker],
    );
    return rowCount === 1;
  },

  async recordJudgement(sql: pg.Pool, id: string, worker: string, state: 'cleared' | 'held'): Promise<boolean> {
    const { rowCount } = await sql.query(
      `update message set state = $3, verdict = case when $3 = 'held' then 'hold' else 'pass' end, effective_at = now(),
         judged_at = now(), judged_in = pg_current_xact_id(), rules_version = 'old', judgement = $4, entries = '{}', last_error = null,
         cleared_at = case when $3 = 'held' then null else coalesce(cleared_at, now()) end, lease_owner = null, lease_until = null,
         next_attempt_at = now(), batch_wait_since = null
       where id = $1 and state = 'scanning' and lease_owner = $2`,
      [id, worker, state, randomBytes(8)],
    );
    return rowCount === 1;
  },

  async claimForDelivery(sql: pg.Pool, id: string, worker: string): Promise<boolean> {
    const { rowCount } = await sql.query(
      `with free as materialized (
         select id from message where id = $1 and kind = 'email' and next_attempt_at <= now() and not judge_again
           and batch_wait_since is null
           and (state in ('cleared', 'released') or (state = 'delivering' and (lease_until is null or lease_until < now())))
         for update skip locked)
       update message set state = 'delivering', lease_owner = $2, lease_until = now() + interval '30 seconds',
         delivery_attempts = delivery_attempts + 1
       from free where message.id = free.id`,
      [id, worker],
    );
    return rowCount === 1;
  },

  async recordDelivery(sql: pg.Pool, id: string, worker: string): Promise<void> {
    await sql.query(
      `with held as materialized (
         select id from message where id = $1 and lease_owner = $2 and state = 'delivering' for update),
       settled as (
         update message_recipient r set state = 'delivered', settled_at = now() from held where r.message_id = held.id),
       ended as (
         update message m set lease_owner = null, lease_until = null, state = 'delivered', content_purged_at = now()
         from held where m.id = held.id returning m.id)
       delete from message_content c using ended where c.message_id = ended.id`,
      [id, worker],
    );
  },
};
