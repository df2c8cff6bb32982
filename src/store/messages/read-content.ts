import { openChunk, unwrapDataKey } from '../sealing.ts';
import type { Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';

/** Chunks read at a time: bounds what a large message takes in memory beside itself, as rows come in hex. */
const PAGE = 8;

interface ChunkRow {
  readonly key_id: string;
  readonly wrapped_key: Buffer;
  readonly bytes: string;
  readonly chunk: number;
  readonly is_final: boolean;
  readonly sealed: Buffer;
}

/**
 * The original bytes of a message.
 *
 * @throws Error where the content was purged, is incomplete, or its key is missing.
 */
export async function readContent(sql: Sql, keys: StoreKeys, id: string): Promise<Uint8Array> {
  let content: Buffer | null = null;
  let length = 0;
  for (let next = 0; ; next += PAGE) {
    const { rows } = await sql.query<ChunkRow>({
      name: 'read-content',
      text: `
        select m.key_id, m.wrapped_key, m.bytes, c.chunk, c.is_final, c.sealed
        from message m join message_content c on c.message_id = m.id
        where m.id = $1 and c.chunk >= $2 and c.chunk < $3 order by c.chunk`,
      values: [id, next, next + PAGE],
    });
    const [first] = rows;
    if (first === undefined) throw new Error(`message ${id} has no content in the store`);
    const key = unwrapDataKey(id, first.key_id, first.wrapped_key, keys);
    content ??= Buffer.alloc(Number(first.bytes));
    for (const [offset, { sealed, is_final }] of rows.entries()) {
      // By its place in the row of chunks, not by what the row says: a dropped or moved one does not open.
      const opened = openChunk(id, next + offset, is_final, sealed, key);
      length += opened.copy(content, length);
    }
    const isLast = rows.at(-1)?.is_final === true;
    if (!isLast && rows.length === PAGE) continue;
    if (!isLast || length !== content.length)
      throw new Error(`message ${id} has ${length} bytes of ${content.length} in the store`);
    return content;
  }
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
  return openChunk(row.id, 0, true, row.only_chunk, key);
}
