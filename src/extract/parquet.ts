import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { ByteSource } from '../core/byte-source.ts';
import { dataPieces } from './data-file.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { Unreadable } from './unreadable.ts';

/** Rows read at a time: a row group may hold millions. */
const STEP = 10_000;

/** Parquet files: every row of the top-level columns, and what the writer noted. */
export const parquet: Extractor = {
  name: 'parquet',
  types: ['application/vnd.apache.parquet'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const { parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet');
    const file = asyncBuffer(part.source);
    const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
      throw new Unreadable('corrupt', 'the Parquet file has no sound footer', { cause: error });
    });
    const names = parquetSchema(metadata).children.map((child) => child.element.name);
    const notes = (metadata.key_value_metadata ?? []).map(({ key, value }) => `${key}: ${value ?? ''}`);
    const count = Number(metadata.num_rows);
    const rows: string[][] = [];
    for (let start = 0; start < count; start += STEP) {
      context.budget.checkTime();
      // As arrays: an object has no room for a column that is called `__proto__`.
      let found: readonly (readonly unknown[])[] = [];
      await parquetRead({
        file,
        metadata,
        rowStart: start,
        rowEnd: Math.min(count, start + STEP),
        compressors: compressors(context),
        onComplete: (read) => {
          found = read as unknown as readonly (readonly unknown[])[];
        },
      });
      for (const row of found) rows.push(names.map((_, at) => shown(row[at])));
      context.budget.takeBytes(found.length * names.length * 8);
      if (rows.length > MAX_ROWS) throw new Unreadable('too-large', `more than ${MAX_ROWS} rows`);
    }
    const columns = names.map((name) => ({ name, label: '' }));
    yield* dataPieces({ title: '', columns, valueLabels: [], notes }, rows, part.name ?? 'data', null, context);
  },
};

/** Rows are held as text before they are counted. */
const MAX_ROWS = 2_000_000;

function asyncBuffer(source: ByteSource) {
  return {
    byteLength: source.size,
    slice: async (start: number, end?: number): Promise<ArrayBuffer> => {
      const from = start < 0 ? source.size + start : start;
      // The reader wants a buffer of its own, from its first byte on.
      return new Uint8Array(await source.read(from, end ?? source.size)).buffer;
    },
  };
}

function compressors(context: ExtractContext) {
  const bounded =
    (expand: (input: Uint8Array, options: { maxOutputLength: number }) => Uint8Array) =>
    (input: Uint8Array, length: number): Uint8Array => {
      context.budget.takeBytes(length);
      return expand(input, { maxOutputLength: Math.max(1, length) });
    };
  return { GZIP: bounded(gunzipSync), BROTLI: bounded(brotliDecompressSync), ZSTD: bounded(zstdDecompressSync) };
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
  if (value instanceof Uint8Array)
    return Buffer.from(value.subarray(0, 64))
      .toString('latin1')
      .replace(/[^\x20-\x7e]/g, '');
  if (typeof value === 'object')
    return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
  return String(value);
}
