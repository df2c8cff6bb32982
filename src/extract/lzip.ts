import { crc32 } from 'node:zlib';
import { memorySource, readAll } from '../core/byte-source.ts';
import { archivePieces, expandWhole } from './archive.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { innerName } from './gzip.ts';
import { Unreadable } from './unreadable.ts';

const MAX_PACKED = 256 * 1024 ** 2;
const HEADER = 6;
const TRAILER = 20;
/** lc 3, lp 0, pb 2: the only properties that lzip has. */
const LZMA_PROPERTIES = 0x5d;
const LZMA_HEADER = 13;

/** lzip files of one member or more: LZMA streams between a short header and a checksum. Source: the lzip manual, "File format". */
export const lzip: Extractor = {
  name: 'lzip',
  types: ['application/x-lzip'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    if (part.source.size > MAX_PACKED) throw new Unreadable('too-large', 'the lzip file is over 256 MB');
    const file = asBuffer(await readAll(part.source));
    const inner = innerName(part.name);
    const whole: Buffer[] = [];
    for (const member of membersOf(file)) {
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
  },
};

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

/** The member as an `.lzma` file, whose header says the same in other words; the stream tells its own end. */
function asLzma(member: Buffer): Buffer {
  const coded = member[5] ?? 0;
  const base = 2 ** (coded & 0x1f);
  const head = Buffer.alloc(LZMA_HEADER, 0xff);
  head[0] = LZMA_PROPERTIES;
  head.writeUInt32LE(Math.min(2 ** 29, base - (base / 16) * (coded >> 5)), 1);
  return Buffer.concat([head, member.subarray(HEADER, Math.max(HEADER, member.length - TRAILER))]);
}
