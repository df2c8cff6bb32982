import { decodeText } from './decode-text.ts';
import { FONT_CHARSETS, LOCALE_CHARSETS } from './windows-charset.ts';

/** Code pages that write a letter in two bytes, and the least that its second byte is in ordinary text. */
const LEAST_TRAIL: ReadonlyMap<string, number> = new Map([
  ['shift_jis', 0x40],
  ['euc-kr', 0xa1],
  ['gbk', 0xa1],
  ['big5', 0x40],
]);
/** Code pages whose letters beyond ASCII are of another script: a word of them tells itself from an accented one. */
const OTHER_SCRIPTS: ReadonlySet<string> = new Set([
  'windows-1251',
  'windows-1253',
  'windows-1255',
  'windows-1256',
  'windows-874',
]);
/** Of a font they tell nothing: every document has one. */
const WESTERN: ReadonlySet<string> = new Set(['windows-1252', 'cp437', 'cp850']);
/** Words of such letters: one of three at least, and shorter ones beside it. */
const SCRIPT_WORDS =
  /(?:(?<![A-Za-z])[\xa8\xb8\xc0-\xff]{1,2}[ ,;:-]+)*[\xa8\xb8\xc0-\xff]{3,}(?:[ ,;:-]*[\xa8\xb8\xc0-\xff]+)*/g;
const FONTS_AT = 0xd0;
const MACHINE = 0x12;
const MACINTOSH = 1;
/** Fewer letters than this may be pairs of bytes by chance. */
const MIN_PAIRS = 4;
/** The part of letters that must be pairs: a damaged file has others amid them, and UTF-16 seldom so many. */
const MOSTLY = 0.85;

export interface OldCharset {
  readonly charset: string;
  /** What words of another script amid the rest are written in. */
  readonly amid: string | null;
}

/** Control characters of Word survive every code page here; a byte order mark or zeros mean nothing in it. */
export function decodeOld(bytes: Buffer, { charset, amid }: OldCharset): string {
  if (amid === null || charset !== 'windows-1252') return decodeAll(bytes, charset);
  const latin = bytes.toString('latin1');
  let text = '';
  let at = 0;
  for (const { index, 0: words } of latin.matchAll(SCRIPT_WORDS)) {
    const end = index + words.length;
    text += decodeAll(bytes.subarray(at, index), charset) + decodeAll(bytes.subarray(index, end), amid);
    at = end;
  }
  return text + decodeAll(bytes.subarray(at), charset);
}

function decodeAll(bytes: Buffer, charset: string): string {
  return charset === 'windows-1252'
    ? new TextDecoder('windows-1252').decode(bytes)
    : decodeText(Buffer.from(bytes.map((byte) => (byte === 0 ? 1 : byte))), charset);
}

/** Units of UTF-16; or of the fonts' two-byte code page, where each of those beyond Latin-1 is a pair of its bytes. */
export function decodeWide(main: Buffer, bytes: Buffer): string {
  const text = bytes.toString('utf16le');
  const charset = fontCharset(main);
  const least = LEAST_TRAIL.get(charset ?? '');
  if (charset === null || least === undefined) return text;
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const isPair = (unit: number): boolean => unit >= 0x8140 && (unit & 0xff) >= least && (unit & 0xff) < 0xff;
  const wide = units.filter((unit) => unit > 0xff);
  if (wide.length < MIN_PAIRS || wide.filter(isPair).length < MOSTLY * wide.length) return text;
  const letter = (unit: number): string =>
    isPair(unit) ? decodeText(Buffer.from([unit >> 8, unit & 0xff]), charset) : String.fromCharCode(unit);
  return units.map(letter).join('');
}

/** What the letters of a document's text mean: by its machine, its language or its fonts. */
export function charsetOf(main: Buffer, text: Buffer): OldCharset {
  let letters = 0;
  let high = 0;
  for (const byte of text.subarray(0, 1 << 16)) {
    if (byte >= 0x80) high += 1;
    else if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) letters += 1;
  }
  const byLanguage = LOCALE_CHARSETS[main.readUInt16LE(0x06) & 0x3ff];
  if (byLanguage !== undefined && high > 0) return { charset: byLanguage, amid: null };
  if (main[MACHINE] === MACINTOSH) return { charset: 'macintosh', amid: null };
  const byFont = fontCharset(main);
  if (high * 4 >= letters && byFont !== null) return { charset: byFont, amid: null };
  return { charset: 'windows-1252', amid: byFont !== null && OTHER_SCRIPTS.has(byFont) ? byFont : null };
}

/** The first character set of the fonts that is neither Western, symbols nor the default. */
function fontCharset(main: Buffer): string | null {
  if (main.length < FONTS_AT + 8) return null;
  const start = main.readUInt32LE(FONTS_AT);
  const end = Math.min(main.length, start + main.readUInt32LE(FONTS_AT + 4));
  for (let at = start + 2; at + 5 < end; at += 1 + (main[at] as number)) {
    const found = FONT_CHARSETS[main[at + 4] as number];
    if (found !== undefined && !WESTERN.has(found)) return found;
  }
  return null;
}
