import { asBuffer } from './decode-text.ts';

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
  switch (encoding) {
    case 'base64':
      return decodeBase64(buffer);
    case 'quoted-printable':
      return { bytes: decodeQuotedPrintable(buffer), stray: '' };
    default:
      return { bytes: buffer, stray: '' };
  }
}

function decodeBase64(buffer: Buffer): Decoded {
  const text = buffer.toString('latin1');
  const plain = /^[A-Za-z0-9+/\s]*(={1,3}\s*)?$/.test(text);
  if (plain) return { bytes: Buffer.from(text, 'base64'), stray: '' };
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

/** Soft breaks go, malformed escapes stay as they stand. */
export function decodeQuotedPrintable(buffer: Buffer): Buffer {
  let next = buffer.indexOf(61);
  if (next < 0) return buffer;
  const out = Buffer.allocUnsafe(buffer.length);
  let written = 0;
  let at = 0;
  while (next >= 0) {
    written += buffer.copy(out, written, at, next);
    const high = hexDigit(buffer[next + 1]);
    const low = hexDigit(buffer[next + 2]);
    if (high >= 0 && low >= 0) {
      out[written] = high * 16 + low;
      written += 1;
      at = next + 3;
    } else {
      const end = softBreak(buffer, next + 1);
      if (end > 0) at = end;
      else {
        out[written] = 61;
        written += 1;
        at = next + 1;
      }
    }
    next = buffer.indexOf(61, at);
  }
  written += buffer.copy(out, written, at);
  return out.subarray(0, written);
}

/** Where the next line starts after a `=` that ends its line, blanks allowed; 0 where it does not. */
function softBreak(buffer: Buffer, start: number): number {
  let at = start;
  while (buffer[at] === 32 || buffer[at] === 9) at += 1;
  if (at >= buffer.length) return buffer.length === start ? at : at;
  if (buffer[at] === 13) return buffer[at + 1] === 10 ? at + 2 : at + 1;
  return buffer[at] === 10 ? at + 1 : 0;
}

function hexDigit(code: number | undefined): number {
  if (code === undefined) return -1;
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}
