import { type ByteSource, memorySource } from '../../core/byte-source.ts';
import { CHUNK_BYTES, forget, openChunk, unwrapDataKey } from '../sealing.ts';
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
      forget(opened);
      forget(sealed);
    }
    const isLast = rows.at(-1)?.is_final === true;
    if (!isLast && rows.length === PAGE) continue;
    if (!isLast || length !== content.length)
      throw new Error(`message ${id} has ${length} bytes of ${content.length} in the store`);
    return content;
  }
}

/** Chunks of a large message fetched at a time, and kept. With more, every connection keeps room for them all. */
const AHEAD = 1;

/**
 * The original bytes in pieces: what is in memory of a large message is a few of its chunks.
 *
 * @throws Error where the content was purged or its key is missing; reads reject where it is incomplete or was tampered with.
 */
export async function contentSource(sql: Sql, keys: StoreKeys, id: string): Promise<ByteSource> {
  const { rows } = await sql.query<Pick<ChunkRow, 'key_id' | 'wrapped_key' | 'bytes'>>({
    name: 'content-size',
    text: 'select key_id, wrapped_key, bytes from message where id = $1',
    values: [id],
  });
  const [row] = rows;
  if (row === undefined || Number(row.bytes) <= CHUNK_BYTES) return memorySource(await readContent(sql, keys, id));
  const chunks = new ContentChunks(sql, id, Number(row.bytes), unwrapDataKey(id, row.key_id, row.wrapped_key, keys));
  // Purged content is to fail here, not in the middle of a delivery.
  await chunks.at(0);
  return chunks;
}

/** The chunks of one message as a source. */
class ContentChunks implements ByteSource {
  readonly size: number;
  readonly memory = null;
  private readonly sql: Sql;
  private readonly id: string;
  private readonly key: Uint8Array;
  private kept = new Map<number, Promise<Buffer>>();

  constructor(sql: Sql, id: string, size: number, key: Uint8Array) {
    this.sql = sql;
    this.id = id;
    this.size = size;
    this.key = key;
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    const from = Math.max(0, start);
    const to = Math.min(end, this.size);
    if (from >= to) return new Uint8Array();
    const first = Math.floor(from / CHUNK_BYTES);
    if (to <= (first + 1) * CHUNK_BYTES)
      return (await this.at(first)).subarray(from - first * CHUNK_BYTES, to - first * CHUNK_BYTES);
    const bytes = Buffer.allocUnsafe(to - from);
    for (let index = first; index * CHUNK_BYTES < to; index += 1) {
      const chunk = await this.at(index);
      const base = index * CHUNK_BYTES;
      chunk.copy(bytes, Math.max(base, from) - from, Math.max(0, from - base), Math.min(chunk.length, to - base));
    }
    return bytes;
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index * CHUNK_BYTES < this.size; index += 1) yield await this.at(index);
  }

  at(index: number): Promise<Buffer> {
    const known = this.kept.get(index);
    if (known !== undefined) return known;
    const fetched = this.fetch(index);
    this.kept = new Map();
    for (let offset = 0; offset < AHEAD; offset += 1) {
      const one = fetched.then((found) => found[offset] ?? this.missing(index + offset));
      // Who reads it learns of the failure; one fetched ahead may never be read.
      one.catch(() => undefined);
      this.kept.set(index + offset, one);
    }
    return this.kept.get(index) as Promise<Buffer>;
  }

  private async fetch(first: number): Promise<readonly Buffer[]> {
    // The driver knows rows as text alone, and base64 is two thirds of the hexadecimal that bytes else come in.
    const { rows } = await this.sql.query<{ readonly coded: string }>({
      name: 'read-chunks',
      text: `select encode(sealed, 'base64') as coded from message_content
        where message_id = $1 and chunk >= $2 and chunk < $3 order by chunk`,
      values: [this.id, first, first + AHEAD],
    });
    return rows.map(({ coded }, offset) => {
      const sealed = Buffer.from(coded, 'base64');
      const index = first + offset;
      const final = (index + 1) * CHUNK_BYTES >= this.size;
      const opened = openChunk(this.id, index, final, sealed, this.key);
      forget(sealed);
      if (opened.length !== Math.min(CHUNK_BYTES, this.size - index * CHUNK_BYTES)) this.missing(index);
      return opened;
    });
  }

  private missing(index: number): never {
    throw new Error(`message ${this.id} lacks chunk ${index} of its ${this.size} bytes in the store`);
  }
}

/** A column with the content of a small message, so that it comes along with the claim; null where there are more chunks. */
export const ONLY_CHUNK_ALONE =
  '(select c.sealed from message_content c where c.message_id = m.id and c.chunk = 0 and c.is_final)';
export const ONLY_CHUNK = `${ONLY_CHUNK_ALONE} as only_chunk`;

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
