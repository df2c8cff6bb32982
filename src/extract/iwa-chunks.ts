import { asBuffer } from './decode-text.ts';

/** Whether bytes can be the start of such a part: chunks that follow one another, each claiming a sensible size. */
export function looksLikeIwa(head: Uint8Array): boolean {
  const file = asBuffer(head);
  let chunks = 0;
  for (let at = 0; at + 8 <= file.length; chunks += 1) {
    const length = file.readUIntLE(at + 1, 3);
    if (file[at] !== 0 || length < 4 || length > 1 << 17) return false;
    // The expanded length first, 64 KB at most; what is packed begins with a literal.
    const size = claimedSize(file, at + 4);
    if (size < length - 16 || size > 1 << 16 || size < 8) return false;
    at += 4 + length;
  }
  return chunks > 0;
}

function claimedSize(file: Buffer, at: number): number {
  let size = 0;
  for (let each = 0; each < 4; each += 1) {
    const byte = file[at + each] ?? 0;
    size += (byte & 0x7f) * 128 ** each;
    if (byte < 0x80) return size;
  }
  return Number.POSITIVE_INFINITY;
}
