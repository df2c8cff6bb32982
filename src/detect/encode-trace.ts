import type { Digest } from '../registers/cell-digest.ts';
import type { MessageTrace, TableTrace } from './message-trace.ts';

const VERSION = 1;

interface TraceHeader {
  readonly version: number;
  readonly key: string;
  readonly passages: number;
  readonly tables: readonly (Omit<TableTrace, 'digested'> & {
    readonly digested: { readonly rows: number; readonly columns: number } | null;
  })[];
}

/** A trace as bytes: a JSON header, then its digests of eight bytes each; an empty cell is eight zero bytes. */
export function encodeTrace(trace: MessageTrace): Uint8Array {
  const header: TraceHeader = {
    version: VERSION,
    key: trace.key,
    passages: trace.passages.length,
    tables: trace.tables.map(({ digested, ...table }) => ({
      ...table,
      digested: digested && { rows: digested.rows, columns: digested.columns.length },
    })),
  };
  const digests = [...trace.tables.flatMap(({ digested }) => digested?.columns.flat() ?? []), ...trace.passages];
  const head = Buffer.from(JSON.stringify(header));
  const bytes = Buffer.alloc(4 + head.length + digests.length * 8);
  bytes.writeUInt32BE(head.length);
  head.copy(bytes, 4);
  for (const [index, [high, low]] of digests.map((digest) => digest ?? ([0, 0] as const)).entries()) {
    bytes.writeUInt32BE(high, 4 + head.length + index * 8);
    bytes.writeUInt32BE(low, 8 + head.length + index * 8);
  }
  return bytes;
}

/** The trace that `encodeTrace` wrote; null for one of another version. */
export function decodeTrace(encoded: Uint8Array): MessageTrace | null {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const length = bytes.readUInt32BE();
  // Written by `encodeTrace` and authenticated where it was kept.
  const header: TraceHeader = JSON.parse(bytes.toString('utf8', 4, 4 + length));
  if (header.version !== VERSION) return null;
  let at = 4 + length;
  const next = (): Digest => {
    at += 8;
    return [bytes.readUInt32BE(at - 8), bytes.readUInt32BE(at - 4)];
  };
  const cell = (): Digest | null => {
    const digest = next();
    return digest[0] === 0 && digest[1] === 0 ? null : digest;
  };
  const tables = header.tables.map(({ digested, ...table }) => ({
    ...table,
    digested: digested && {
      rows: digested.rows,
      columns: Array.from({ length: digested.columns }, () => Array.from({ length: digested.rows }, cell)),
    },
  }));
  return { key: header.key, tables, passages: Array.from({ length: header.passages }, next) };
}
