import { charsetOf, decodeOld, decodeWide } from './doc-old-charset.ts';
import { type DocStory, findPieces, splitStories } from './doc-stories.ts';
import { Unreadable } from './unreadable.ts';

const PIECES_AT = 0x160;

/**
 * The stories of a Word 2, 6 or 95 document: text in one range, or in pieces where the file was saved quickly.
 *
 * These versions name no code page. The fonts or the language do, and are believed where most letters are no ASCII.
 */
export function wordStories(
  main: Buffer,
  flags: number,
): { readonly stories: readonly DocStory[]; readonly fault: Unreadable | null } {
  const start = main.readUInt32LE(0x18);
  const end = main.readUInt32LE(0x1c);
  if (start > end || start > main.length) throw new Unreadable('corrupt', 'the text of the document lies outside it');
  const lengths = Array.from({ length: 8 }, (_, index) => main.readUInt32LE(0x34 + 4 * index));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  // Far Eastern editions of Word 95 write UTF-16 without a word on it.
  const isWide = (flags & 0x1000) !== 0 && end - start >= 2 * total && total > 0;
  const bytes = (flags & 0x0004) === 0 ? main.subarray(start, end) : joinPieces(main, isWide);
  const fault = end > main.length ? new Unreadable('corrupt', 'the document is cut off') : null;
  if (isWide) return { stories: splitStories(decodeWide(main, bytes), lengths), fault };
  const charset = charsetOf(main, bytes);
  let at = 0;
  // Lengths count bytes, so that stories are cut before they are decoded.
  const parts = [...lengths, bytes.length].map((length) => {
    const part = decodeOld(bytes.subarray(at, at + length), charset);
    at += length;
    return part;
  });
  const cut = parts.map((part) => part.length);
  return { stories: splitStories(parts.join(''), cut.slice(0, 8)), fault };
}

function joinPieces(main: Buffer, isWide: boolean): Buffer {
  const at = main.readUInt32LE(PIECES_AT);
  const pieces = findPieces(main.subarray(at, at + main.readUInt32LE(PIECES_AT + 4)));
  const count = Math.floor((pieces.length - 4) / 12);
  return Buffer.concat(
    Array.from({ length: count }, (_, each) => {
      const length = pieces.readUInt32LE(4 * each + 4) - pieces.readUInt32LE(4 * each);
      const start = pieces.readUInt32LE(4 * (count + 1) + 8 * each + 2);
      return main.subarray(start, start + Math.max(0, length) * (isWide ? 2 : 1));
    }),
  );
}
