import { openContent, unwrapDataKey } from '../sealing.ts';
import type { Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';

/**
 * The original bytes of a message.
 *
 * @throws Error where the content was purged, is incomplete, or its key is missing.
 */
export async function readContent(sql: Sql, keys: StoreKeys, id: string): Promise<Uint8Array> {
  const { rows } = await sql.query<{
    key_id: string;
    wrapped_key: Buffer;
    chunk: number;
    is_final: boolean;
    sealed: Buffer;
  }>({
    name: 'read-content',
    text: `
      select m.key_id, m.wrapped_key, c.chunk, c.is_final, c.sealed
      from message m join message_content c on c.message_id = m.id where m.id = $1 order by c.chunk`,
    values: [id],
  });
  const [first] = rows;
  if (first === undefined) throw new Error(`message ${id} has no content in the store`);
  const chunks = rows.map((row) => ({ index: row.chunk, final: row.is_final, sealed: row.sealed }));
  return openContent(id, chunks, unwrapDataKey(id, first.key_id, first.wrapped_key, keys));
}
