import type pg from 'pg';

import type { DeliveryClaim, DeliveryResult } from '../../service/ports.ts';
import { inTransaction, type Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { insertWithin } from './insert-message.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from './message-row.ts';
import { contentSource, ONLY_CHUNK_ALONE, openOnlyChunk } from './read-content.ts';
import { BY_ID_ALONE, type ClaimCall, GROWN_OLD } from './scan-claim.ts';

export interface DeliveryClaimCall extends ClaimCall {
  /** Absent: it comes along where it is small, else it is read piece by piece. */
  readonly content?: Uint8Array;
}

/** Takes cleared or released e-mails for delivery; null, in the order asked, where one is not due, not cleared, or in other hands. */
export async function claimForDelivery(
  pool: pg.Pool,
  keys: StoreKeys,
  calls: readonly DeliveryClaimCall[],
): Promise<readonly (DeliveryClaim | null)[]> {
  const { rows } = await pool.query<
    MessageRow & {
      lease_owner: string;
      transport: Readonly<Record<string, unknown>>;
      delivery_attempts: number;
      age: number;
      delay_told: boolean;
      due: readonly string[];
      only_chunk: Buffer | null;
    }
  >({
    name: 'claim-for-delivery',
    text: `
      with asked as materialized (
        select * from unnest($1::text[], $2::text[], $3::float8[], $4::boolean[]) as a (asked_id, worker, lease, at_hand)),
      free as materialized (
        select id from message
        where id = any($1::text[]) and kind = 'email' and next_attempt_at <= now() and not judge_again
          and batch_wait_since is null and not ${GROWN_OLD}
          and (${BY_ID_ALONE} in ('cleared', 'released') or (${BY_ID_ALONE} = 'delivering' and (lease_until is null or lease_until < now())))
        order by id for update skip locked),
      claimed as (
        update message set state = 'delivering', lease_owner = worker, lease_until = now() + lease * interval '1 millisecond',
          delivery_attempts = delivery_attempts + 1
        from asked join free on free.id = asked_id where message.id = asked_id
        returning message.*, at_hand)
      select ${MESSAGE_COLUMNS}, m.lease_owner, m.transport, m.delivery_attempts,
        (extract(epoch from now() - m.cleared_at) * 1000)::float8 as age, m.delay_told_at is not null as delay_told,
        array(select r.address from message_recipient r where r.message_id = m.id and r.state = 'due' order by r.position) as due,
        case when not m.at_hand then ${ONLY_CHUNK_ALONE} end as only_chunk
      from claimed m`,
    values: [
      calls.map(({ id }) => id),
      calls.map(({ worker }) => worker),
      calls.map(({ leaseMs }) => leaseMs),
      calls.map(({ content }) => content !== undefined),
    ],
  });
  return Promise.all(
    calls.map(async ({ id, worker, content }) => {
      const row = rows.find((one) => one.id === id && one.lease_owner === worker);
      if (row === undefined) return null;
      return {
        message: toMessage(row, keys),
        content: content ?? openOnlyChunk(row, keys) ?? (await contentSource(pool, keys, id)),
        transport: row.transport,
        recipients: row.due,
        attempt: row.delivery_attempts,
        ageMs: row.age,
        isDelayTold: row.delay_told,
      };
    }),
  );
}

export interface DeliveryCall {
  readonly id: string;
  readonly worker: string;
  readonly result: DeliveryResult;
}

/** Writes outcomes of attempts; false, and nothing written, in the order given, where `worker` no longer has the claim. */
export async function recordDelivery(
  pool: pg.Pool,
  keys: StoreKeys,
  calls: readonly DeliveryCall[],
  keepsContent = false,
): Promise<readonly boolean[]> {
  if (calls.every(({ result }) => result.notice === null)) return settleDeliveries(pool, calls, keepsContent);
  return inTransaction(pool, async (sql) => {
    const settled = await settleDeliveries(sql, calls, keepsContent);
    for (const [index, { result }] of calls.entries()) {
      if (settled[index] === true && result.notice !== null) await insertWithin(sql, keys, result.notice);
    }
    return settled;
  });
}

/** One statement, so that it costs one round trip and one flush; content that everybody got goes with it. */
async function settleDeliveries(
  sql: Sql,
  calls: readonly DeliveryCall[],
  keepsContent: boolean,
): Promise<readonly boolean[]> {
  const outcomes = calls.flatMap(({ id, worker, result }) => [
    ...result.delivered.map((address) => ({ id, worker, address, state: 'delivered', reply: null })),
    ...result.failed.map(({ recipient, reply }) => ({ id, worker, address: recipient, state: 'failed', reply })),
    ...(result.deferred ?? []).map(({ recipient, reply }) => ({ id, worker, address: recipient, state: 'due', reply })),
  ]);
  const { rows } = await sql.query<{ id: string; worker: string }>({
    name: 'settle-deliveries',
    text: `
      with held as materialized (
        select message.id, lease_owner as worker, call.retry, call.told
        from message join unnest($1::text[], $2::text[], $3::float8[], $9::boolean[]) as call (id, worker, retry, told)
          on message.id = call.id and lease_owner = call.worker
        where message.id = any($1::text[]) and ${BY_ID_ALONE} = 'delivering' order by message.id for update of message),
      settled as (
        update message_recipient r set state = given.state, reply = given.reply, settled_at = case when given.state <> 'due' then now() end
        from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) as given (id, worker, address, state, reply)
          join held on held.id = given.id and held.worker = given.worker
        where r.message_id = given.id and r.state = 'due' and r.address = given.address
        returning r.message_id, r.position, r.state),
      tally as (
        select held.id, count(*) filter (where coalesce(s.state, r.state) = 'due') as due,
          count(*) filter (where coalesce(s.state, r.state) = 'delivered') as delivered
        from held join message_recipient r on r.message_id = held.id
          left join settled s on s.message_id = r.message_id and s.position = r.position
        group by held.id),
      ended as (
        update message m set lease_owner = null, lease_until = null,
          delay_told_at = case when held.told then coalesce(m.delay_told_at, now()) else m.delay_told_at end,
          next_attempt_at = now() + coalesce(held.retry, 60000) * interval '1 millisecond',
          state = case when tally.due > 0 then 'delivering' when tally.delivered > 0 then 'delivered' else 'returned' end,
          content_purged_at = case when tally.due = 0 and tally.delivered > 0 and not $10::boolean then now() end
        from tally join held on held.id = tally.id where m.id = held.id
        returning m.id, m.state, held.worker),
      served as (
        delete from message_content c using ended where c.message_id = ended.id and ended.state = 'delivered' and not $10::boolean)
      select id, worker from ended`,
    values: [
      calls.map(({ id }) => id),
      calls.map(({ worker }) => worker),
      calls.map(({ result }) => result.retryAfterMs),
      outcomes.map(({ id }) => id),
      outcomes.map(({ worker }) => worker),
      outcomes.map(({ address }) => address),
      outcomes.map(({ state }) => state),
      outcomes.map(({ reply }) => reply),
      calls.map(({ result }) => result.isDelayTold ?? false),
      keepsContent,
    ],
  });
  return calls.map(({ id, worker }) => rows.some((row) => row.id === id && row.worker === worker));
}
