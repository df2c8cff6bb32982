import type { IncomingMessage } from '../../service/ports.ts';
import { newDataKey, sealContent } from '../sealing.ts';
import type { Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';

/** A message whose bytes are at hand. */
export interface SmallMessage extends IncomingMessage {
  readonly content: Uint8Array;
}

/** Larger messages go by themselves: as parameters of one statement, bytes cost twice their size. */
export const TOGETHER_BYTES = 64 * 1024;

/** Writes several small messages in one statement, so that they share a round trip and a flush: all of them, or none. */
export async function insertTogether(sql: Sql, keys: StoreKeys, messages: readonly SmallMessage[]): Promise<void> {
  const sealed = messages.map((message) => {
    const { key, keyId, wrapped } = newDataKey(message.id, keys);
    const [chunk, ...more] = [...sealContent(message.id, message.content, key)];
    if (chunk === undefined || more.length > 0) throw new Error('a small message has one chunk');
    return { keyId, wrapped, chunk };
  });
  const recipients = messages.flatMap(({ id, envelope }) =>
    envelope.to.map((address, index) => ({ id, position: index + 1, address })),
  );
  await sql.query({
    name: 'insert-messages',
    text: `
      with stored as (
        insert into message (id, kind, state, received_at, publish_at, sender, message_id, bytes, transport, key_id, wrapped_key, queue_at)
        select id, kind, 'received', received_at, publish_at, sender, message_id, bytes, transport::jsonb, key_id, wrapped_key, now() + turn * interval '1 millisecond'
        from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::bigint[], $8::text[],
                    $9::text[], $10::bytea[], $15::float8[])
          as given (id, kind, received_at, publish_at, sender, message_id, bytes, transport, key_id, wrapped_key, turn)
        returning id),
      content as (
        insert into message_content (message_id, chunk, is_final, sealed)
        select stored.id, 0, true, given.sealed from stored join unnest($1::text[], $11::bytea[]) as given (id, sealed) on given.id = stored.id)
      insert into message_recipient (message_id, position, address)
        select stored.id, given.position, given.address
        from stored join unnest($12::text[], $13::int[], $14::text[]) as given (id, position, address) on given.id = stored.id`,
    values: [
      messages.map(({ id }) => id),
      messages.map(({ kind }) => kind),
      messages.map(({ receivedAt }) => new Date(receivedAt)),
      messages.map(({ publishAt }) => (publishAt === null ? null : new Date(publishAt))),
      messages.map(({ envelope }) => envelope.from),
      messages.map(({ messageId }) => messageId),
      messages.map(({ content }) => content.length),
      messages.map(({ transport }) => JSON.stringify(transport)),
      sealed.map(({ keyId }) => keyId),
      sealed.map(({ wrapped }) => wrapped),
      sealed.map(({ chunk }) => chunk.sealed),
      recipients.map(({ id }) => id),
      recipients.map(({ position }) => position),
      recipients.map(({ address }) => address),
      messages.map(({ turnAfterMs }) => turnAfterMs ?? 0),
    ],
  });
}
