import type pg from 'pg';

import type { DeliveryClaim, DeliveryResult } from '../../service/ports.ts';
import { inTransaction, type Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { insertWithin } from './insert-message.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from './message-row.ts';
import { ONLY_CHUNK, openOnlyChunk, readContent } from './read-content.ts';
import { GROWN_OLD } from './scan-claim.ts';

/** Takes a cleared or released e-mail for delivery; null where it is not due, not cleared, or in another process's hands. */
export async function claimForDelivery(
  pool: pg.Pool,
  keys: StoreKeys,
  id: string,
  worker: string,
  leaseMs: number,
): Promise<DeliveryClaim | null> {
  const { rows } = await pool.query<
    MessageRow & {
      transport: Readonly<Record<string, unknown>>;
      delivery_attempts: number;
      age: number;
      due: readonly string[];
      only_chunk: Buffer | null;
    }
  >({
    name: 'claim-for-delivery',
    text: `
      with claimed as (
        update message set state = 'delivering', lease_owner = $2, lease_until = now() + $3::float8 * interval '1 millisecond',
          delivery_attempts = delivery_attempts + 1
        where id = $1 and kind = 'email' and next_attempt_at <= now() and not judge_again and not ${GROWN_OLD}
          and (state in ('cleared', 'released') or (state = 'delivering' and (lease_until is null or lease_until < now())))
        returning *)
      select ${MESSAGE_COLUMNS}, m.transport, m.delivery_attempts,
        (extract(epoch from now() - m.cleared_at) * 1000)::float8 as age,
        array(select r.address from message_recipient r where r.message_id = m.id and r.state = 'due' order by r.position) as due, ${ONLY_CHUNK}
      from claimed m`,
    values: [id, worker, leaseMs],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    message: toMessage(row, keys),
    content: openOnlyChunk(row, keys) ?? (await readContent(pool, keys, id)),
    transport: row.transport,
    recipients: row.due,
    attempt: row.delivery_attempts,
    ageMs: row.age,
  };
}

/** Writes one attempt's outcome; false, and nothing written, where `worker` no longer has the claim. */
export async function recordDelivery(
  pool: pg.Pool,
  keys: StoreKeys,
  id: string,
  worker: string,
  result: DeliveryResult,
): Promise<boolean> {
  const { notice } = result;
  if (notice === null) return settleDelivery(pool, id, worker, result);
  return inTransaction(pool, async (sql) => {
    if (!(await settleDelivery(sql, id, worker, result))) return false;
    await insertWithin(sql, keys, notice);
    return true;
  });
}

/** One statement, so that it costs one round trip and one flush; content that everybody got goes with it. */
async function settleDelivery(sql: Sql, id: string, worker: string, result: DeliveryResult): Promise<boolean> {
  const { rowCount } = await sql.query({
    name: 'settle-delivery',
    text: `
      with held as (
        select id from message where id = $1 and state = 'delivering' and lease_owner = $2 for update),
      settled as (
        update message_recipient r set state = given.state, reply = given.reply, settled_at = now()
        from held, unnest($3::text[], $4::text[], $5::text[]) as given (address, state, reply)
        where r.message_id = held.id and r.state = 'due' and r.address = given.address
        returning r.position, r.state),
      tally as (
        select count(*) filter (where r.state = 'due' and s.position is null) as due,
          count(*) filter (where coalesce(s.state, r.state) = 'delivered') as delivered
        from held join message_recipient r on r.message_id = held.id left join settled s on s.position = r.position),
      ended as (
        update message m set lease_owner = null, lease_until = null,
          next_attempt_at = now() + coalesce($6::float8, 60000) * interval '1 millisecond',
          state = case when tally.due > 0 then 'delivering' when tally.delivered > 0 then 'delivered' else 'returned' end,
          content_purged_at = case when tally.due = 0 and tally.delivered > 0 then now() end
        from tally, held where m.id = held.id
        returning m.id, m.state),
      served as (
        delete from message_content c using ended where c.message_id = ended.id and ended.state = 'delivered')
      select state from ended`,
    values: [
      id,
      worker,
      [...result.delivered, ...result.failed.map((one) => one.recipient)],
      [...result.delivered.map(() => 'delivered'), ...result.failed.map(() => 'failed')],
      [...result.delivered.map(() => null), ...result.failed.map((one) => one.reply)],
      result.retryAfterMs,
    ],
  });
  return rowCount === 1;
}
