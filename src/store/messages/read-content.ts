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

/** A column with the content of a small message, so that it comes along with the claim; null where there are more chunks. */
export const ONLY_CHUNK =
  '(select c.sealed from message_content c where c.message_id = m.id and c.chunk = 0 and c.is_final) as only_chunk';

export function openOnlyChunk(
  row: {
    readonly id: string;
    readonly key_id: string;
    readonly wrapped_key: Buffer;
    readonly only_chunk: Buffer | null;
  },
  keys: StoreKeys,
): Uint8Array | null {
  if (row.only_chunk === null) return null;
  const key = unwrapDataKey(row.id, row.key_id, row.wrapped_key, keys);
  return openContent(row.id, [{ index: 0, final: true, sealed: row.only_chunk }], key);
}
