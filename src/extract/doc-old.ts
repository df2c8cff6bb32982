import { decodeText } from './decode-text.ts';
import { type DocStory, findPieces, splitStories } from './doc-stories.ts';
import { Unreadable } from './unreadable.ts';

/** Code pages by the character set of a font ([MS-WMF] 2.1.1.5). */
const FONT_CHARSETS: Readonly<Record<number, string>> = {
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
};
/** Code pages by the primary language of the document. */
const LANGUAGE_CHARSETS: Readonly<Record<number, string>> = {
  4: 'gbk',
  5: 'windows-1250',
  8: 'windows-1253',
  13: 'windows-1255',
  14: 'windows-1250',
  17: 'shift_jis',
  18: 'euc-kr',
  21: 'windows-1250',
  25: 'windows-1251',
  30: 'windows-874',
  31: 'windows-1254',
  34: 'windows-1251',
  1: 'windows-1256',
  2: 'windows-1251',
};
const FONTS_AT = 0xd0;
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
  if (isWide) return { stories: splitStories(bytes.toString('utf16le'), lengths), fault };
  const charset = charsetOf(main, bytes);
  let at = 0;
  // Lengths count bytes, so that stories are cut before they are decoded.
  const parts = [...lengths, bytes.length].map((length) => {
    const part = decode(bytes.subarray(at, at + length), charset);
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

/** Control characters of Word survive every code page here; a byte order mark or zeros mean nothing in it. */
function decode(bytes: Buffer, charset: string): string {
  return charset === 'windows-1252'
    ? new TextDecoder('windows-1252').decode(bytes)
    : decodeText(Buffer.from(bytes.map((byte) => (byte === 0 ? 1 : byte))), charset);
}

function charsetOf(main: Buffer, text: Buffer): string {
  let letters = 0;
  let high = 0;
  for (const byte of text.subarray(0, 1 << 16)) {
    if (byte >= 0x80) high += 1;
    else if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) letters += 1;
  }
  const byLanguage = LANGUAGE_CHARSETS[main.readUInt16LE(0x06) & 0x3ff];
  if (byLanguage !== undefined && high > 0) return byLanguage;
  if (high * 4 < letters) return 'windows-1252';
  return fontCharset(main) ?? 'windows-1252';
}

/** The first character set of the fonts that is neither Western, symbols nor the default. */
function fontCharset(main: Buffer): string | null {
  if (main.length < FONTS_AT + 8) return null;
  const start = main.readUInt32LE(FONTS_AT);
  const end = Math.min(main.length, start + main.readUInt32LE(FONTS_AT + 4));
  for (let at = start + 2; at + 5 < end; at += 1 + (main[at] as number)) {
    const found = FONT_CHARSETS[main[at + 4] as number];
    if (found !== undefined) return found;
  }
  return null;
}
