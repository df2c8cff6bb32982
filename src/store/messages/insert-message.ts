import type pg from 'pg';

import { asSource } from '../../core/byte-source.ts';
import type { IncomingMessage } from '../../service/ports.ts';
import { CHUNK_BYTES, forget, newDataKey, type SealedChunk, sealSource } from '../sealing.ts';
import { inTransaction, type Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import type { WrappedKey } from './recent-keys.ts';

export interface InsertOptions {
  readonly name?: string;
  readonly submittedBy?: string;
  readonly claim?: { readonly worker: string; readonly leaseMs: number };
  /**
   * Nobody is told of the message before a later commit of this process, which flushes this one with it: so it need not be waited for.
   * Without that commit, a crash of the database leaves nothing of it.
   */
  readonly isFlushedLater?: boolean;
}

/** Writes a message with its content and recipients in one transaction; committed and, but for `isFlushedLater`, flushed when it resolves. */
export async function insertMessage(
  pool: pg.Pool,
  keys: StoreKeys,
  message: IncomingMessage,
  options: InsertOptions = {},
): Promise<WrappedKey> {
  if (asSource(message.content).size <= CHUNK_BYTES) return insertWithin(pool, keys, message, options);
  return inTransaction(pool, (sql) => insertWithin(sql, keys, message, options));
}

/**
 * The same within the caller's transaction. A small message is one statement, so that it costs one round trip and one flush.
 */
export async function insertWithin(
  sql: Sql,
  keys: StoreKeys,
  message: IncomingMessage,
  options: InsertOptions = {},
): Promise<WrappedKey> {
  const dataKey = newDataKey(message.id, keys);
  const source = asSource(message.content);
  const chunks = sealSource(message.id, source, dataKey.key);
  const first = (await chunks.next()).value;
  if (first === undefined) throw new Error('a message has at least one chunk');
  await sql.query({
    name: 'insert-message',
    text: `
      with stored as (
        insert into message (id, kind, state, received_at, publish_at, sender, message_id, bytes, transport, key_id, wrapped_key,
                             name, submitted_by, lease_owner, lease_until, scan_attempts, queue_at)
        values ($1, $2, case when $14::text is null then 'received' else 'scanning' end, $3, $4, $5, $6, $7, $8, $9, $10,
                $12, $13, $14, now() + $15::float8 * interval '1 millisecond', case when $14::text is null then 0 else 1 end,
                now() + $18::float8 * interval '1 millisecond')
        returning id),
      content as (
        insert into message_content (message_id, chunk, is_final, sealed) select id, 0, $16, $17 from stored
          where not $19::boolean or set_config('synchronous_commit', 'off', true) is not null)
      insert into message_recipient (message_id, position, address)
        select stored.id, position, address from stored, unnest($11::text[]) with ordinality as given (address, position)`,
    values: [
      message.id,
      message.kind,
      new Date(message.receivedAt),
      message.publishAt === null ? null : new Date(message.publishAt),
      message.envelope.from,
      message.messageId,
      source.size,
      JSON.stringify(message.transport),
      dataKey.keyId,
      dataKey.wrapped,
      message.envelope.to,
      options.name ?? null,
      options.submittedBy ?? null,
      options.claim?.worker ?? null,
      options.claim?.leaseMs ?? null,
      first.final,
      first.sealed,
      message.turnAfterMs ?? 0,
      options.isFlushedLater ?? false,
    ],
  });
  forget(first.sealed);
  for await (const chunk of chunks) {
    await insertChunk(sql, message.id, chunk);
    forget(chunk.sealed);
  }
  return { id: message.id, key_id: dataKey.keyId, wrapped_key: dataKey.wrapped };
}

async function insertChunk(sql: Sql, id: string, chunk: SealedChunk): Promise<void> {
  await sql.query({
    name: 'insert-chunk',
    text: 'insert into message_content (message_id, chunk, is_final, sealed) values ($1, $2, $3, $4)',
    values: [id, chunk.index, chunk.final, chunk.sealed],
  });
}
