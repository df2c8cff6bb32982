import { printableStrings } from './printable-strings.ts';

/**
 * Extra fields whose meaning is known, and no words: 64-bit sizes, times, owners, encryption, Unicode names and comments, alignment.
 * PKWARE APPNOTE 4.5.2, Info-ZIP's proginfo/extrafld.txt.
 */
const KNOWN: ReadonlySet<number> = new Set([
  ...[0x0001, 0x0009, 0x000a, 0x000d, 0x0017, 0x5455, 0x5855, 0x5975, 0x6375, 0x6e75, 0x7075, 0x7441, 0x7855, 0x7875],
  ...[0x9901, 0xa11e, 0xa220, 0xcafe, 0xd935],
]);
const MAX_LETTERS = 64 * 1024;

/** Words in the fields that programs add to a zip entry for themselves, a line each. */
export function zipExtraWords(extra: Uint8Array): readonly string[] {
  const bytes = Buffer.from(extra.buffer, extra.byteOffset, extra.length);
  const words: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16LE(at + 2);
    const id = bytes.readUInt16LE(at);
    // A known field that is longer than its meaning needs may carry words as well.
    if (!KNOWN.has(id) || length > 64)
      words.push(printableStrings(bytes.subarray(at + 4, at + 4 + length), MAX_LETTERS));
    at += 4 + length;
  }
  return words.filter((line) => line !== '');
}
