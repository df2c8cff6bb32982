import type { ClaimedMessage } from '../../service/stores.ts';
import type { Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from './message-row.ts';
import { ONLY_CHUNK, openOnlyChunk } from './read-content.ts';
import type { RecentKeys } from './recent-keys.ts';

/**
 * Takes up to `limit` messages that nobody has looked at yet, in the order of their senders' turns, each for `worker` alone.
 *
 * One statement takes many, so that under load a message costs a part of a round trip and of a flush. What was tried before is
 * left to claims by id, one at a time: it may be what kills those who open it.
 */
export async function takeFresh(
  sql: Sql,
  keys: StoreKeys,
  worker: string,
  leaseMs: number,
  limit: number,
  recent: RecentKeys,
): Promise<readonly ClaimedMessage[]> {
  const { rows } = await sql.query<MessageRow & { only_chunk: Buffer | null }>({
    name: 'take-fresh',
    text: `
      with turn as materialized (
        select id from message where state = 'received' and scan_attempts = 0 and next_attempt_at <= now()
        order by queue_at, id limit $3 for update skip locked),
      taken as (
        update message set state = 'scanning', lease_owner = $1, lease_until = now() + $2::float8 * interval '1 millisecond',
          judge_again = false, scan_attempts = 1
        from turn where message.id = turn.id
        returning message.*)
      select ${MESSAGE_COLUMNS}, ${ONLY_CHUNK} from taken m order by m.queue_at, m.id`,
    values: [worker, leaseMs, limit],
  });
  for (const row of rows) recent.keep(row);
  return rows.map((row) => ({ ...toMessage(row, keys), content: openOnlyChunk(row, keys), batchWait: null }));
}
