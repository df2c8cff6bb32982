import { asBuffer } from './decode-text.ts';
import { Unreadable } from './unreadable.ts';

const FRAME = 0xfd2fb528;
const DICTIONARY_SIZES = [0, 1, 2, 4];
const CONTENT_SIZES = [0, 2, 4, 8];

export interface ZstdFrame {
  readonly start: number;
  readonly end: number;
  /** Bytes that a reader passes over; a program's own. */
  readonly isSkippable: boolean;
}

/** The frames of a Zstandard file, by their headers, and where the last one ends. Throws `corrupt` where one is cut off. RFC 8878, section 3. */
export function* zstdFrames(bytes: Uint8Array): Generator<ZstdFrame, number> {
  const file = asBuffer(bytes);
  let at = 0;
  while (at + 4 <= file.length) {
    const magic = file.readUInt32LE(at);
    const isSkippable = magic >>> 4 === 0x184d2a5;
    if (!isSkippable && magic !== FRAME) break;
    const end = isSkippable ? at + 8 + read(file, at + 4, 4) : frameEnd(file, at + 4);
    if (end > file.length) throw new Unreadable('corrupt', 'the Zstandard file is cut off');
    yield { start: at, end, isSkippable };
    at = end;
  }
  return at;
}

function frameEnd(file: Buffer, start: number): number {
  const descriptor = read(file, start, 1);
  const isSingle = (descriptor & 0x20) !== 0;
  const contentSize = descriptor >> 6 === 0 && isSingle ? 1 : (CONTENT_SIZES[descriptor >> 6] ?? 0);
  let at = start + 1 + (isSingle ? 0 : 1) + (DICTIONARY_SIZES[descriptor & 3] ?? 0) + contentSize;
  for (let isLast = false; !isLast; ) {
    const head = read(file, at, 3);
    isLast = (head & 1) === 1;
    // A block of one byte repeated keeps that byte only.
    at += 3 + ((head >> 1) % 4 === 1 ? 1 : head >> 3);
  }
  return at + ((descriptor & 4) !== 0 ? 4 : 0);
}

function read(file: Buffer, at: number, size: number): number {
  if (at + size > file.length) throw new Unreadable('corrupt', 'the Zstandard file is cut off');
  return file.readUIntLE(at, size);
}
