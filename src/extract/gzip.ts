import { constants, crc32, createGunzip, inflateRawSync } from 'node:zlib';
import { memorySource, readAll } from '../core/byte-source.ts';
import { decodeText } from './decode-text.ts';
import { expandStream } from './expand-stream.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import type { Unreadable } from './unreadable.ts';

/** A checksum and a length end a member. */
const TRAILER = 8;
const MAX_SALVAGED = 64 * 1024 ** 2;

/** Gzip files of one or more members; the stored name and comment are text. RFC 1952. */
export const gzip: Extractor = {
  name: 'gzip',
  types: ['application/gzip'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const head = Buffer.from(await part.source.read(0, 4096));
    const { name, comment } = storedNames(head);
    if (name !== null) yield { kind: 'text', step: 'names', role: 'name', text: name };
    if (comment !== null) yield { kind: 'text', step: 'comments', role: 'metadata', text: comment };
    const whole = await expandStream(part.source, createGunzip(), context.budget);
    const inner = name ?? innerName(part.name);
    const { bytes, fault, rest } = await salvage(whole, part, context);
    if (fault === null || bytes.length > 0)
      yield { kind: 'part', step: inner, name: inner, declaredType: null, source: memorySource(bytes) };
    if (rest.length > 0)
      yield { kind: 'part', step: 'after the end', name: null, declaredType: null, source: memorySource(rest) };
    if (fault !== null) yield { kind: 'incomplete', step: null, reason: fault.reason, detail: fault.message };
  },
};

interface Expanded {
  readonly bytes: Uint8Array;
  readonly fault: Unreadable | null;
  /** What follows the last member and is none. */
  readonly rest: Uint8Array;
}

/** Member by member where the stream as a whole fails: one that is cut off gives what it has, bytes after the last are kept. */
async function salvage(
  whole: { readonly bytes: Uint8Array; readonly fault: Unreadable | null },
  part: RawPart,
  context: ExtractContext,
): Promise<Expanded> {
  const none = new Uint8Array();
  if (whole.fault?.reason !== 'corrupt' || part.source.size > MAX_SALVAGED) return { ...whole, rest: none };
  const file = Buffer.from(await readAll(part.source));
  const members: Uint8Array[] = [];
  let at = 0;
  while (file[at] === 0x1f && file[at + 1] === 0x8b) {
    const member = inflateMember(file.subarray(at + headerLength(file.subarray(at))), context);
    if (member === null) break;
    members.push(member.bytes);
    if (!member.isWhole) return { bytes: Buffer.concat(members), fault: whole.fault, rest: none };
    at += headerLength(file.subarray(at)) + member.read + TRAILER;
  }
  if (members.length === 0) return { ...whole, rest: none };
  // Zeros fill up tapes.
  const rest = file.subarray(at).every((byte) => byte === 0) ? none : file.subarray(at);
  return { bytes: Buffer.concat(members), fault: null, rest };
}

interface Member {
  readonly bytes: Uint8Array;
  readonly read: number;
  /** Ended, and by its checksum right. */
  readonly isWhole: boolean;
}

function inflateMember(packed: Buffer, { budget }: ExtractContext): Member | null {
  const maxOutputLength = budget.limits.ratioGrace + packed.length * budget.limits.ratio;
  const inflate = (finishFlush: number): { buffer: Uint8Array; engine: { bytesWritten: number } } | null => {
    try {
      const options = { finishFlush, maxOutputLength, info: true };
      return inflateRawSync(packed, options) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') === true) return null;
      throw error;
    }
  };
  const whole = inflate(constants.Z_FINISH);
  const found = whole ?? inflate(constants.Z_SYNC_FLUSH);
  if (found === null) return null;
  budget.takeBytes(found.buffer.length);
  const read = found.engine.bytesWritten;
  const isWhole = whole !== null && read + 4 <= packed.length && packed.readUInt32LE(read) === crc32(found.buffer);
  return { bytes: found.buffer, read, isWhole };
}

/** Bytes before the packed data of a member: ten, then what the flags announce. */
function headerLength(head: Buffer): number {
  const flags = head[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0 && head.length >= 12) at += 2 + head.readUInt16LE(10);
  for (const flag of [8, 16]) if ((flags & flag) !== 0) at = head.indexOf(0, at) + 1 || head.length;
  return (flags & 2) !== 0 ? at + 2 : at;
}

/** `a.csv.gz` holds `a.csv`, `a.tgz` holds `a.tar`. */
export function innerName(name: string | null): string {
  const base = name?.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1) ?? '';
  const inner = base.replace(/\.t(gz|bz2?|xz|zst|lz)$/i, '.tar').replace(/\.(gz|z|bz2|xz|zst|lzma|lz)$/i, '');
  return inner === '' ? 'content' : inner;
}

function storedNames(head: Buffer): { readonly name: string | null; readonly comment: string | null } {
  const flags = head[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0 && head.length >= 12) at += 2 + head.readUInt16LE(10);
  const take = (): string | null => {
    const end = head.indexOf(0, at);
    if (end < 0) return null;
    // Latin-1 by the book (RFC 1952), and whatever the program's system writes in fact.
    const found = decodeText(head.subarray(at, end), 'utf-8');
    at = end + 1;
    return found === '' ? null : found;
  };
  const name = (flags & 8) !== 0 ? take() : null;
  const comment = (flags & 16) !== 0 ? take() : null;
  return { name, comment };
}
