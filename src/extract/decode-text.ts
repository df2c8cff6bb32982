import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';
import { charsetName } from './charset-name.ts';
import { decodeEbcdic } from './ebcdic.ts';
import { guessCharset } from './guess-charset.ts';
import { widenSevenBit } from './seven-bit-charset.ts';

/**
 * The text of bytes in whatever charset they are in; never throws, and a wrong or missing declaration costs no ASCII.
 *
 * A byte order mark wins over the declaration, UTF-16 without a mark is known by its zero bytes, and UTF-8 is read as such
 * whatever Latin charset it is called. Text that is not what it says is guessed by its letters; windows-1252, which has a
 * character for every byte that matters, is what is left.
 */
export function decodeText(bytes: Uint8Array, declared: string | null | undefined = null): string {
  const buffer = asBuffer(bytes);
  const marked = byteOrderMark(buffer);
  if (marked !== null) return decodeAs(buffer.subarray(marked.length), marked.charset);
  const charset = knownCharset(declared);
  const wide = utf16WithoutMark(buffer);
  if (wide !== null) return decodeAs(buffer, charset?.startsWith('utf-16') === true ? charset : wide);
  const transparent = charset === null || !/^(utf-?7|utf-?16|utf-?32|iso-2022|hz|ucs|ebcdic)/.test(charset);
  if (transparent && isAscii(buffer)) {
    const text = buffer.toString('latin1');
    return charset === null && text.includes('\x1b') ? decodeEscapes(buffer, text) : text;
  }
  if (charset === null || charset === 'us-ascii' || charset === 'utf-8')
    return isUtf8(buffer) ? buffer.toString('utf8') : decodeUnknown(buffer);
  // Clients that write UTF-8 and call it by the name they were configured with; such letters are no Latin-1 anybody writes.
  if (LATIN.test(charset) && isUtf8(buffer)) return buffer.toString('utf8');
  return decodeAs(buffer, charset);
}

const LATIN = /^(iso-8859-1|windows-1252|iso-8859-15|latin-?1)$/;

/** Seven-bit text with escapes that nobody named: they are those of ISO 2022. */
function decodeEscapes(buffer: Buffer, text: string): string {
  if (text.includes('\x1b$)C')) return decodeAs(buffer, 'iso-2022-kr');
  return ['\x1b$@', '\x1b$B', '\x1b(J'].some((sequence) => text.includes(sequence))
    ? decodeAs(buffer, 'iso-2022-jp')
    : text;
}

/** Bytes beyond ASCII that are not UTF-8: mostly UTF-8 all the same (a cut, a stray byte), or an old charset. */
function decodeUnknown(buffer: Buffer): string {
  const text = buffer.toString('utf8');
  const lost = text.split('\ufffd').length - 1;
  let kept = 0;
  for (let at = 0; at < text.length && kept <= lost; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f && code !== 0xfffd) kept += 1;
  }
  if (kept <= lost) return decodeAs(buffer, guessCharset(buffer));
  return lost > MAX_STRAYS ? text : withStrays(buffer);
}

const MAX_STRAYS = 10_000;

/** UTF-8 with stray bytes, each of which is read as windows-1252. */
function withStrays(buffer: Buffer): string {
  let text = '';
  let start = 0;
  for (let at = 0; at < buffer.length; ) {
    const length = sequenceLength(buffer, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += buffer.toString('utf8', start, at) + decodeAs(buffer.subarray(at, at + 1), 'windows-1252');
    at += 1;
    start = at;
  }
  return text + buffer.toString('utf8', start);
}

/** Bytes of the UTF-8 character at an offset; 0 where there is none. */
function sequenceLength(buffer: Buffer, at: number): number {
  const lead = buffer[at] as number;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return lead >= 0xc2 && lead < 0xf5 && isUtf8(buffer.subarray(at, at + length)) && at + length <= buffer.length
    ? length
    : 0;
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The charset as the decoders know it; null for none, an unknown one or nonsense. */
export function knownCharset(declared: string | null | undefined): string | null {
  if (declared == null) return null;
  if (declared === 'utf-8' || declared === 'us-ascii') return declared;
  const name = charsetName(declared);
  if (name === '' || name.length > 40) return null;
  if (SEVEN_BIT.has(name) || name.startsWith('ebcdic-')) return name;
  return iconv.encodingExists(name) || platformDecoder(name) !== null ? name : null;
}

const SEVEN_BIT: ReadonlyMap<string, string> = new Map([
  ['iso-2022-kr', 'euc-kr'],
  ['iso-2022-cn', 'gbk'],
  ['hz-gb-2312', 'gbk'],
]);

function decodeAs(buffer: Buffer, charset: string): string {
  const wide = SEVEN_BIT.get(charset);
  if (wide !== undefined) return decodeAs(widenSevenBit(buffer, charset === 'hz-gb-2312' ? 'hz' : 'shifts'), wide);
  if (charset.startsWith('ebcdic-')) return decodeEbcdic(buffer, charset) ?? buffer.toString('latin1');
  // Words decoded together return to ASCII and leave it at once, which the standard calls an error.
  if (charset === 'iso-2022-jp') return decodeStandard(dropEmptyEscapes(buffer), charset);
  return decodeStandard(buffer, charset);
}

function dropEmptyEscapes(buffer: Buffer): Buffer {
  if (!buffer.includes('\x1b(B\x1b') && !buffer.includes('\x1b(J\x1b')) return buffer;
  const text = buffer.toString('latin1').replaceAll('\x1b(B\x1b', '\x1b').replaceAll('\x1b(J\x1b', '\x1b');
  return Buffer.from(text, 'latin1');
}

function decodeStandard(buffer: Buffer, charset: string): string {
  // The platform's tables follow the WHATWG standard (shift_jis, iso-2022-jp, gb18030 as senders really use them).
  if (!/^utf-?7|^utf-?32/.test(charset)) {
    const decoder = platformDecoder(charset);
    if (decoder !== null) return decoder.decode(buffer);
  }
  return iconv.encodingExists(charset) ? iconv.decode(buffer, charset) : buffer.toString('latin1');
}

const decoders = new Map<string, TextDecoder | null>();

function platformDecoder(charset: string): TextDecoder | null {
  const cached = decoders.get(charset);
  if (cached !== undefined) return cached;
  let decoder: TextDecoder | null;
  try {
    decoder = new TextDecoder(charset);
  } catch {
    decoder = null;
  }
  if (decoders.size < 200) decoders.set(charset, decoder);
  return decoder;
}

function byteOrderMark(buffer: Buffer): { readonly charset: string; readonly length: number } | null {
  const [a, b, c, d] = buffer;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { charset: 'utf-8', length: 3 };
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return { charset: 'utf-32le', length: 4 };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { charset: 'utf-32be', length: 4 };
  if (a === 0xff && b === 0xfe) return { charset: 'utf-16le', length: 2 };
  if (a === 0xfe && b === 0xff) return { charset: 'utf-16be', length: 2 };
  return null;
}

/** UTF-16 of mostly Latin text has its zero bytes all on one side. */
export function utf16WithoutMark(buffer: Buffer): 'utf-16le' | 'utf-16be' | null {
  const length = Math.min(buffer.length, 4096) & ~1;
  if (length < 4) return null;
  let even = 0;
  let odd = 0;
  let plain = 0;
  for (let at = 0; at < length; at += 2) {
    const [first, second] = [buffer[at] as number, buffer[at + 1] as number];
    if (first === 0) even += 1;
    if (second === 0) odd += 1;
    if (first >= 32 && first < 127 && second >= 32 && second < 127) plain += 1;
  }
  const pairs = length / 2;
  // Text of one byte a letter that something in UTF-16 was put into.
  if (plain > pairs * 0.25) return null;
  if (odd > pairs * 0.4 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.4 && odd < pairs * 0.05) return 'utf-16be';
  return null;
}
