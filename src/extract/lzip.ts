import { crc32 } from 'node:zlib';
import { memorySource, readAll } from '../core/byte-source.ts';
import { archivePieces, expandWhole } from './archive.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { innerName } from './gzip.ts';
import { Unreadable } from './unreadable.ts';

const MAX_PACKED = 256 * 1024 ** 2;
const HEADER = 6;
/** Bytes after the last member that are looked through for its end. */
const MAX_TAIL = 1 << 20;
const TRAILER = 20;
/** lc 3, lp 0, pb 2: the only properties that lzip has. */
const LZMA_PROPERTIES = 0x5d;
const LZMA_HEADER = 13;
const LEAST_DICTIONARY = 4096;

/** lzip files of one member or more: LZMA streams between a short header and a checksum. Source: the lzip manual, "File format". */
export const lzip: Extractor = {
  name: 'lzip',
  types: ['application/x-lzip'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    if (part.source.size > MAX_PACKED) throw new Unreadable('too-large', 'the lzip file is over 256 MB');
    const file = asBuffer(await readAll(part.source));
    const inner = innerName(part.name);
    const whole: Buffer[] = [];
    const end = endOfMembers(file);
    for (const member of membersOf(file.subarray(0, end))) {
      const lzma = asLzma(member);
      const bytes = [...(await expandWhole(lzma, context)).values()][0];
      const isSound =
        bytes !== undefined &&
        member.length >= HEADER + TRAILER &&
        crc32(bytes) === member.readUInt32LE(member.length - TRAILER);
      if (isSound) {
        whole.push(asBuffer(bytes));
        continue;
      }
      // A damaged member is shown as far as it goes.
      if (bytes !== undefined) whole.push(asBuffer(bytes));
      else yield* archivePieces(lzma, { ...part, type: 'application/x-lzma' }, context);
      yield { kind: 'incomplete', step: null, reason: 'corrupt', detail: 'a member of the lzip file is damaged' };
    }
    if (whole.length > 0)
      yield { kind: 'part', step: inner, name: inner, declaredType: null, source: memorySource(Buffer.concat(whole)) };
    if (end < file.length)
      yield {
        kind: 'part',
        step: 'after the end',
        name: null,
        declaredType: null,
        source: memorySource(file.subarray(end)),
      };
  },
};

/** Where the last member ends: other bytes may follow it. The end of the file where no member is whole. */
function endOfMembers(file: Buffer): number {
  for (let end = file.length; end >= HEADER + TRAILER && end > file.length - MAX_TAIL; end -= 1) {
    const start = end - Number(file.readBigUInt64LE(end - 8));
    if (start >= 0 && end - start >= HEADER + TRAILER && file.toString('latin1', start, start + 4) === 'LZIP')
      return end;
  }
  return file.length;
}

/** The members in their order: the end of each says how long it is. What does not add up is one member. */
function membersOf(file: Buffer): readonly Buffer[] {
  const members: Buffer[] = [];
  let end = file.length;
  while (end > 0) {
    const size = end < HEADER + TRAILER ? 0n : file.readBigUInt64LE(end - 8);
    const start = size < HEADER + TRAILER || size > end ? -1 : end - Number(size);
    if (start < 0 || file.toString('latin1', start, start + 4) !== 'LZIP') return [file];
    members.unshift(file.subarray(start, end));
    end = start;
  }
  return members;
}

/**
 * The member as an `.lzma` file, whose header says the same in other words; the stream tells its own end. The dictionary is the next
 * power of two, as readers of that format expect, and no larger than what the member says it holds.
 */
function asLzma(member: Buffer): Buffer {
  const isWhole = member.length >= HEADER + TRAILER;
  const held = isWhole ? Number(member.readBigUInt64LE(member.length - 16)) : Number.POSITIVE_INFINITY;
  const needed = 2 ** Math.ceil(Math.log2(Math.max(LEAST_DICTIONARY, held)));
  const head = Buffer.alloc(LZMA_HEADER, 0xff);
  head[0] = LZMA_PROPERTIES;
  head.writeUInt32LE(Math.min(2 ** 29, needed, 2 ** ((member[5] ?? 0) & 0x1f)), 1);
  return Buffer.concat([head, member.subarray(HEADER, Math.max(HEADER, member.length - TRAILER))]);
}
