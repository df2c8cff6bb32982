import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';

/** Names senders use that neither the platform nor iconv-lite knows. */
const ALIASES: Readonly<Record<string, string>> = {
  unknown: '',
  'unknown-8bit': '',
  'x-unknown': '',
  '8bit': '',
  'iso-8859-8-i': 'iso-8859-8',
  'iso-8859-8-e': 'iso-8859-8',
  'x-gbk': 'gbk',
  'ks_c_5601-1987': 'euc-kr',
  'ansi_x3.110-1983': 'iso-8859-1',
  'x-mac-roman': 'macintosh',
  'unicode-1-1-utf-7': 'utf-7',
  'unicode-1-1-utf-8': 'utf-8',
  'utf-8mb4': 'utf-8',
  utf8mb4: 'utf-8',
};

/**
 * The text of bytes in whatever charset they are in; never throws, and a wrong or missing declaration costs no ASCII.
 *
 * A byte order mark wins over the declaration, UTF-16 without a mark is known by its zero bytes, and 8-bit text that is not
 * what it says falls back to windows-1252, which has a character for every byte that matters.
 */
export function decodeText(bytes: Uint8Array, declared: string | null | undefined = null): string {
  const buffer = asBuffer(bytes);
  const marked = byteOrderMark(buffer);
  if (marked !== null) return decodeAs(buffer.subarray(marked.length), marked.charset);
  const charset = knownCharset(declared);
  const wide = utf16WithoutMark(buffer);
  if (wide !== null) return decodeAs(buffer, charset?.startsWith('utf-16') === true ? charset : wide);
  const transparent =
    charset === null || !/^(utf-?7|utf-?16|utf-?32|utf7|iso-2022|hz|ucs|ibm037|cp037|ebcdic)/.test(charset);
  if (transparent && isAscii(buffer)) return buffer.toString('latin1');
  if (charset === null || charset === 'us-ascii' || charset === 'utf-8')
    return isUtf8(buffer) ? buffer.toString('utf8') : decodeAs(buffer, 'windows-1252');
  return decodeAs(buffer, charset);
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The charset as the decoders know it; null for none, an unknown one or nonsense. */
export function knownCharset(declared: string | null | undefined): string | null {
  if (declared == null) return null;
  const lower = declared
    .trim()
    .replace(/^["']|["']$/g, '')
    .toLowerCase();
  const name = ALIASES[lower] ?? lower;
  if (name === '' || name.length > 40) return null;
  if (name === 'utf8') return 'utf-8';
  if (name === 'ascii') return 'us-ascii';
  return iconv.encodingExists(name) || platformDecoder(name) !== null ? name : null;
}

function decodeAs(buffer: Buffer, charset: string): string {
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
  for (let at = 0; at < length; at += 2) {
    if (buffer[at] === 0) even += 1;
    if (buffer[at + 1] === 0) odd += 1;
  }
  const pairs = length / 2;
  if (odd > pairs * 0.4 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.4 && odd < pairs * 0.05) return 'utf-16be';
  return null;
}
