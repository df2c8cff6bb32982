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

/** A trace as bytes: a JSON header, then its digests, two words of 32 bits each. */
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
  const words = [
    ...trace.tables.flatMap(({ digested }) => digested?.columns ?? []),
    Uint32Array.from(trace.passages.flat()),
  ];
  const head = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  // To a multiple of four, so that the digests can be read where they are.
  const pad = Buffer.alloc((4 - (head.length % 4)) % 4);
  return Buffer.concat([
    length,
    head,
    pad,
    ...words.map((each) => Buffer.from(each.buffer, each.byteOffset, each.byteLength)),
  ]);
}

/** The trace that `encodeTrace` wrote; null for one of another version. */
export function decodeTrace(encoded: Uint8Array): MessageTrace | null {
  // A copy of its own, since words are read at multiples of four.
  const bytes = Buffer.from(Uint8Array.from(encoded).buffer);
  const length = bytes.readUInt32LE();
  // Written by `encodeTrace` and authenticated where it was kept.
  const header: TraceHeader = JSON.parse(bytes.toString('utf8', 4, 4 + length));
  if (header.version !== VERSION) return null;
  let at = 4 + Math.ceil(length / 4) * 4;
  const words = (count: number): Uint32Array => {
    at += count * 4;
    return new Uint32Array(bytes.buffer, at - count * 4, count);
  };
  const tables = header.tables.map(({ digested, ...table }) => ({
    ...table,
    digested: digested && {
      rows: digested.rows,
      columns: Array.from({ length: digested.columns }, () => words(digested.rows * 2)),
    },
  }));
  const halves = words(header.passages * 2);
  const passages = Array.from(
    { length: header.passages },
    (_, index): Digest => [halves[index * 2] as number, halves[index * 2 + 1] as number],
  );
  return { key: header.key, tables, passages };
}
