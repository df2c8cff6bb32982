import { memorySource, readAll } from '../core/byte-source.ts';
import type { Budget } from './budget.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { innerName } from './gzip.ts';
import { Unreadable } from './unreadable.ts';

const FRAME = 0x184d2204;
/** As it was before 2013, and as Linux kernels still are: blocks of 8 MB without a header, up to the end or the next frame. */
const OLD_FRAME = 0x184c2102;
const OLD_BLOCK = 1 << 23;
const MAX_PACKED = 256 * 1024 ** 2;
const BLOCK_SIZES = [0, 0, 0, 0, 1 << 16, 1 << 18, 1 << 20, 1 << 22];

/** LZ4 frames, one or more. Source: lz4_Frame_format.md and lz4_Block_format.md of the LZ4 project. */
export const lz4: Extractor = {
  name: 'lz4',
  types: ['application/x-lz4'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    if (part.source.size > MAX_PACKED) throw new Unreadable('too-large', 'the LZ4 file is over 256 MB');
    const { bytes, fault } = expandFrames(asBuffer(await readAll(part.source)), context.budget);
    const inner = innerName(part.name?.replace(/\.lz4$/i, '.gz') ?? null);
    if (fault === null || bytes.length > 0)
      yield { kind: 'part', step: inner, name: inner, declaredType: null, source: memorySource(bytes) };
    if (fault !== null) yield { kind: 'incomplete', step: null, reason: fault.reason, detail: fault.message };
  },
};

function expandFrames(file: Buffer, budget: Budget): { readonly bytes: Buffer; readonly fault: Unreadable | null } {
  const blocks: Buffer[] = [];
  let total = 0;
  let fault: Unreadable | null = null;
  const add = (block: Buffer): void => {
    total += block.length;
    budget.takeBytes(block.length);
    budget.checkRatio(file.length, total);
    blocks.push(block);
  };
  try {
    for (let at = 0; at < file.length; ) at = readFrame(file, at, add);
  } catch (error) {
    if (error instanceof Unreadable) fault = error;
    else if (error instanceof RangeError)
      fault = new Unreadable('corrupt', 'the LZ4 file is cut off', { cause: error });
    else throw error;
  }
  return { bytes: Buffer.concat(blocks), fault };
}

/** The offset after the frame. Blocks may point back into those before them, 64 KB at most. */
function readFrame(file: Buffer, start: number, add: (block: Buffer) => void): number {
  const magic = file.readUInt32LE(start);
  // A frame to be skipped says how long it is.
  if (magic >>> 4 === 0x184d2a5) return start + 8 + file.readUInt32LE(start + 4);
  if (magic === OLD_FRAME) return readOldFrame(file, start + 4, add);
  if (magic !== FRAME) throw new Unreadable('corrupt', 'bytes follow the LZ4 frame');
  const flags = file.readUInt8(start + 4);
  const most = BLOCK_SIZES[(file.readUInt8(start + 5) >> 4) & 7] ?? 0;
  let at = start + 7 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
  let before: Buffer = Buffer.alloc(0);
  for (;;) {
    const told = file.readUInt32LE(at);
    at += 4;
    if (told === 0) break;
    const size = told & 0x7fffffff;
    if (at + size > file.length) throw new Unreadable('corrupt', 'the LZ4 file is cut off');
    const packed = file.subarray(at, at + size);
    const block = told >>> 31 === 1 ? packed : expandBlock(packed, before, most);
    add(block);
    before = Buffer.concat([before, block]).subarray(-65_536);
    at += size + ((flags & 0x10) !== 0 ? 4 : 0);
  }
  return at + ((flags & 0x04) !== 0 ? 4 : 0);
}

function readOldFrame(file: Buffer, start: number, add: (block: Buffer) => void): number {
  let at = start;
  while (at + 4 <= file.length) {
    const size = file.readUInt32LE(at);
    if (size === FRAME || size === OLD_FRAME || size >>> 4 === 0x184d2a5) return at;
    if (at + 4 + size > file.length) throw new Unreadable('corrupt', 'the LZ4 file is cut off');
    // A copy: what was made room for is given back.
    add(Buffer.from(expandBlock(file.subarray(at + 4, at + 4 + size), Buffer.alloc(0), OLD_BLOCK)));
    at += 4 + size;
  }
  return file.length;
}

function expandBlock(packed: Buffer, before: Buffer, most: number): Buffer {
  const out = Buffer.alloc(before.length + most);
  before.copy(out);
  let to = before.length;
  let at = 0;
  const more = (length: number): number => {
    let all = length;
    if (length === 15)
      for (let byte = 255; byte === 255; at += 1) {
        byte = packed.readUInt8(at);
        all += byte;
      }
    return all;
  };
  while (at < packed.length) {
    const token = packed.readUInt8(at);
    at += 1;
    const literals = more(token >> 4);
    if (at + literals > packed.length || to + literals > out.length)
      throw new Unreadable('corrupt', 'an LZ4 block is damaged');
    packed.copy(out, to, at, at + literals);
    at += literals;
    to += literals;
    // The last sequence is literals only.
    if (at >= packed.length) break;
    const offset = packed.readUInt16LE(at);
    at += 2;
    const length = more(token & 15) + 4;
    if (offset === 0 || offset > to || to + length > out.length)
      throw new Unreadable('corrupt', 'an LZ4 block is damaged');
    for (let each = 0; each < length; each += 1, to += 1) out[to] = out[to - offset] as number;
  }
  return out.subarray(before.length, to);
}
