import type pg from 'pg';

import type { DeliveryClaim, DeliveryResult } from '../../service/ports.ts';
import { inTransaction } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { insertWithin } from './insert-message.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from './message-row.ts';
import { purgeContent } from './purge-messages.ts';
import { readContent } from './read-content.ts';
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
        array(select r.address from message_recipient r where r.message_id = m.id and r.state = 'due' order by r.position) as due
      from claimed m`,
    values: [id, worker, leaseMs],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    message: toMessage(row, keys),
    content: await readContent(pool, keys, id),
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
  return inTransaction(pool, async (sql) => {
    const held = await sql.query({
      name: 'lock-delivery',
      text: `select from message where id = $1 and state = 'delivering' and lease_owner = $2 for update`,
      values: [id, worker],
    });
    if (held.rowCount !== 1) return false;
    await sql.query({
      name: 'settle-recipients',
      text: `
        update message_recipient r set state = given.state, reply = given.reply, settled_at = now()
        from unnest($2::text[], $3::text[], $4::text[]) as given (address, state, reply)
        where r.message_id = $1 and r.state = 'due' and r.address = given.address`,
      values: [
        id,
        [...result.delivered, ...result.failed.map((one) => one.recipient)],
        [...result.delivered.map(() => 'delivered'), ...result.failed.map(() => 'failed')],
        [...result.delivered.map(() => null), ...result.failed.map((one) => one.reply)],
      ],
    });
    const settled = await sql.query<{ state: string }>({
      name: 'settle-delivery',
      text: `
        update message m set lease_owner = null, lease_until = null,
          next_attempt_at = now() + coalesce($2::float8, 60000) * interval '1 millisecond',
          state = case
            when exists (select from message_recipient r where r.message_id = m.id and r.state = 'due') then 'delivering'
            when exists (select from message_recipient r where r.message_id = m.id and r.state = 'delivered') then 'delivered'
            else 'returned' end
        where id = $1
        returning state`,
      values: [id, result.retryAfterMs],
    });
    // Nobody needs it any more.
    if (settled.rows[0]?.state === 'delivered') await purgeContent(sql, [id]);
    if (result.notice !== null) await insertWithin(sql, keys, result.notice);
    return true;
  });
}
