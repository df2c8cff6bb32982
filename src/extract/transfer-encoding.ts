import { asBuffer } from './decode-text.ts';

/** Letters from one gap to the next in words, at most; lines of base64 are longer. */
const MAX_WORD = 24;
const MAX_LOOKED_AT = 1 << 16;
const MAX_WORDS = 1 << 20;

export interface Decoded {
  readonly bytes: Uint8Array;
  /** What stood in the encoded body and is no encoding: a footer that a list added after the padding. */
  readonly stray: string;
}

/**
 * Undoes a content-transfer-encoding. RFC 2045 section 6.
 *
 * An encoding that the bytes do not follow is a lie and the bytes stand for themselves; text after the end of base64 is
 * given back as `stray`. Never throws.
 */
export function decodeTransfer(bytes: Uint8Array, encoding: string): Decoded {
  const buffer = asBuffer(bytes);
  if (/^base[-_ ]?64/.test(encoding) || encoding === 'b') return decodeBase64(buffer);
  if (/^quoted[-_/ ]?print/.test(encoding)) return { bytes: decodeQuotedPrintable(buffer), stray: '' };
  return { bytes: buffer, stray: '' };
}

function decodeBase64(buffer: Buffer): Decoded {
  const bytes = decodePlainBase64(buffer);
  if (bytes !== null) return { bytes, stray: wordsOf(buffer) };
  const text = buffer.toString('latin1');
  const lines = text.split(/\r\n|\n|\r/);
  const coded: Buffer[] = [];
  const strays: string[] = [];
  for (const line of lines) {
    // Some senders put stray marks into base64 (RFC 2045 says: ignore them); a line of words is another thing.
    if (/^[A-Za-z0-9+/_\-=\s]*$/.test(line) && !/[a-z] [a-z]/i.test(line)) coded.push(Buffer.from(line, 'latin1'));
    else if (line.replace(/[A-Za-z0-9+/=\s]/g, '').length * 20 < line.length && line.length > 40 && !line.includes(' '))
      coded.push(Buffer.from(line.replace(/[^A-Za-z0-9+/=]/g, ''), 'latin1'));
    else strays.push(line);
  }
  if (strays.length > coded.filter((line) => line.length > 0).length) return { bytes: buffer, stray: '' };
  const pieces = Buffer.concat(coded)
    .toString('latin1')
    .replace(/\s/g, '')
    .split(/(?<==)(?=[^=])/);
  return { bytes: Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64'))), stray: strays.join('\n').trim() };
}

/**
 * A body that says it is base64 and begins with plain words, whose letters happen to be base64 too, as it stands; of any other its lines
 * of words, from the first to the last.
 */
function wordsOf(buffer: Buffer): string {
  if (isWords(buffer.toString('latin1', 0, MAX_LOOKED_AT))) return buffer.toString('utf8', 0, MAX_WORDS).trim();
  let first = -1;
  let last = -1;
  for (const gap of [32, 9])
    for (let at = buffer.indexOf(gap), looked = 0; at >= 0 && looked < MAX_LOOKED_AT; looked += 1) {
      const start = buffer.lastIndexOf(10, at) + 1;
      const told = buffer.indexOf(10, at);
      const end = told < 0 ? buffer.length : told;
      if (isWords(buffer.toString('latin1', start, Math.min(end, start + MAX_LOOKED_AT)))) {
        first = first < 0 ? start : Math.min(first, start);
        last = Math.max(last, end);
      }
      at = buffer.indexOf(gap, end);
    }
  return first < 0 ? '' : buffer.toString('utf8', first, Math.min(last, first + MAX_WORDS)).trim();
}

function isWords(text: string): boolean {
  const gaps = text.match(/[A-Za-z]\s+(?=[A-Za-z])/g)?.length ?? 0;
  return gaps > 0 && gaps * MAX_WORD > text.length;
}

/** Soft breaks go first, since some senders break lines inside an escape; malformed escapes stay as they stand. */
export function decodeQuotedPrintable(buffer: Buffer): Buffer {
  if (buffer.indexOf(EQUALS) < 0) return buffer;
  return replaceEquals(replaceEquals(buffer, dropSoftBreak), decodeEscape);
}

/** What each byte is in base64: its six bits, a blank, the padding, or nothing that belongs there. */
const BLANK = 64;
const PADDING = 65;
const FOREIGN = 66;
const SIX_BITS = new Uint8Array(256).fill(FOREIGN);
for (const [value, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  SIX_BITS[char.charCodeAt(0)] = value;
for (const blank of [9, 10, 11, 12, 13, 32]) SIX_BITS[blank] = BLANK;
SIX_BITS[61] = PADDING;

/** Base64 with nothing foreign in it and nothing behind its padding, byte by byte, since it may be 100 MB; null for any other. */
function decodePlainBase64(buffer: Buffer): Buffer | null {
  const out = Buffer.allocUnsafe(Math.ceil((buffer.length * 3) / 4) + 3);
  let written = 0;
  let bits = 0;
  let held = 0;
  let padded = false;
  for (let at = 0; at < buffer.length; at += 1) {
    const what = SIX_BITS[buffer[at] as number] as number;
    if (what < BLANK) {
      if (padded) return null;
      bits = (bits << 6) | what;
      held += 6;
      if (held < 8) continue;
      held -= 8;
      out[written] = bits >>> held;
      written += 1;
      bits &= (1 << held) - 1;
    } else if (what === FOREIGN) return null;
    else if (what === PADDING) padded = true;
  }
  return out.subarray(0, written);
}

const EQUALS = 61;

/** What stands for the `=` at an offset: a byte or nothing, and where to go on; null leaves it as it is. */
type Replacement = (buffer: Buffer, at: number) => { readonly byte: number | null; readonly next: number } | null;

function replaceEquals(buffer: Buffer, replacement: Replacement): Buffer {
  const out = Buffer.allocUnsafe(buffer.length);
  let written = 0;
  let at = 0;
  for (let next = buffer.indexOf(EQUALS); next >= 0; next = buffer.indexOf(EQUALS, at)) {
    written += buffer.copy(out, written, at, next);
    const found = replacement(buffer, next);
    const byte = found === null ? EQUALS : found.byte;
    if (byte !== null) {
      out[written] = byte;
      written += 1;
    }
    at = found?.next ?? next + 1;
  }
  written += buffer.copy(out, written, at);
  return out.subarray(0, written);
}

/** A `=` that ends its line, blanks allowed, takes the line break with it. */
function dropSoftBreak(buffer: Buffer, equals: number): { readonly byte: null; readonly next: number } | null {
  let at = equals + 1;
  while (buffer[at] === 32 || buffer[at] === 9) at += 1;
  if (at >= buffer.length) return { byte: null, next: at };
  if (buffer[at] === 13) return { byte: null, next: buffer[at + 1] === 10 ? at + 2 : at + 1 };
  return buffer[at] === 10 ? { byte: null, next: at + 1 } : null;
}

function decodeEscape(buffer: Buffer, equals: number): { readonly byte: number; readonly next: number } | null {
  const high = hexDigit(buffer[equals + 1]);
  const low = hexDigit(buffer[equals + 2]);
  return high < 0 || low < 0 ? null : { byte: high * 16 + low, next: equals + 3 };
}

function hexDigit(code: number | undefined): number {
  if (code === undefined) return -1;
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}
