import { z } from 'zod';
import type { Result } from '../core/result.ts';
import { BloomFilter } from './bloom-filter.ts';

const MAGIC = 'HFSKETCH1\n';

/** What became of a column when a sketch was made, with the reason its owner reads. */
const sketchColumn = z.strictObject({
  name: z.string(),
  use: z.enum(['combined', 'left-out']),
  why: z.string(),
});

const sketchHeader = z.strictObject({
  version: z.literal(1),
  /** Id of the key that its digests were made with. */
  key: z.string().min(1),
  rows: z.int().min(0),
  columns: z.array(sketchColumn).readonly(),
  rowBytes: z.int().min(0),
  passageBytes: z.int().min(0),
});

export type SketchColumn = z.output<typeof sketchColumn>;
export type SketchHeader = z.output<typeof sketchHeader>;

/**
 * What a registered file is recognised by: keyed tokens of its rows and passages in filters, never a value. Without the key nobody can
 * test whether a row is in it.
 */
export interface Sketch {
  readonly header: SketchHeader;
  readonly rows: BloomFilter | null;
  readonly passages: BloomFilter | null;
}

export function encodeSketch(
  header: Omit<SketchHeader, 'version' | 'rowBytes' | 'passageBytes'>,
  rows: BloomFilter | null,
  passages: BloomFilter | null,
): Uint8Array {
  const full: SketchHeader = {
    version: 1,
    ...header,
    rowBytes: rows?.bytes.length ?? 0,
    passageBytes: passages?.bytes.length ?? 0,
  };
  return Buffer.concat([
    Buffer.from(`${MAGIC}${JSON.stringify(full)}\n`),
    rows?.bytes ?? new Uint8Array(),
    passages?.bytes ?? new Uint8Array(),
  ]);
}

/** Reads a sketch file's bytes; an error says in words what is wrong and what to do. */
export function parseSketch(bytes: Uint8Array): Result<Sketch, string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = buffer.indexOf('\n', MAGIC.length);
  if (buffer.subarray(0, MAGIC.length).toString('latin1') !== MAGIC || end < 0)
    return { ok: false, error: 'is no sketch, make it with `holdfast fingerprint`' };
  const header = readHeader(buffer.subarray(MAGIC.length, end).toString('utf8'));
  if (header === null)
    return { ok: false, error: 'has a header of another version, make it anew with `holdfast fingerprint`' };
  const rest = buffer.subarray(end + 1);
  if (rest.length !== header.rowBytes + header.passageBytes)
    return { ok: false, error: 'is cut short, make it anew with `holdfast fingerprint`' };
  const filter = (from: number, length: number) =>
    length === 0 ? null : new BloomFilter(rest.subarray(from, from + length));
  return {
    ok: true,
    value: { header, rows: filter(0, header.rowBytes), passages: filter(header.rowBytes, header.passageBytes) },
  };
}

function readHeader(text: string): SketchHeader | null {
  try {
    const read = sketchHeader.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
