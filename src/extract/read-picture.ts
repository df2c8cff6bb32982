import { inflateSync } from 'node:zlib';
import { decodeText } from './decode-text.ts';
import { exifWords } from './exif.ts';

export interface PictureFacts {
  readonly width: number | null;
  readonly height: number | null;
  /** Titles, descriptions, comments: EXIF, XMP, IPTC, PNG text. */
  readonly words: readonly string[];
  /** Words that are there and were not read, since they expand past their limit or are damaged. */
  readonly unread?: boolean;
  /** Where the picture ends and something else may follow; null where that cannot be told. */
  readonly end: number | null;
}

const NONE: PictureFacts = { width: null, height: null, words: [], end: null };

/** Size and words of a picture by its own structure; pixels are not decoded. A broken one gives what was there. */
export function readPicture(bytes: Buffer, type: string): PictureFacts {
  try {
    const facts = readByType(bytes, type);
    const words = [...facts.words, ...xmpWords(bytes)];
    return { ...facts, words: [...new Set(words.map((word) => word.trim()))].filter((word) => word !== '') };
  } catch (error) {
    if (error instanceof RangeError) return NONE;
    throw error;
  }
}

function readByType(bytes: Buffer, type: string): PictureFacts {
  switch (type) {
    case 'image/png':
      return readPng(bytes);
    case 'image/jpeg':
      return readJpeg(bytes);
    case 'image/gif':
      return readGif(bytes);
    case 'image/webp':
      return readWebp(bytes);
    case 'image/tiff':
      return { ...NONE, words: exifWords(bytes) };
    case 'image/bmp':
      return {
        ...NONE,
        width: Math.abs(bytes.readInt32LE(18)),
        height: Math.abs(bytes.readInt32LE(22)),
        end: bitmapEnd(bytes),
      };
    case 'image/x-icon':
      // An icon holds pictures of at most 256 pixels; Windows shows them as icons and nothing else does.
      return { ...NONE, width: bytes[6] ?? null, height: bytes[7] ?? null, end: iconEnd(bytes) };
    default:
      return NONE;
  }
}

/** A bitmap says how long it is; null where that cannot be. */
function bitmapEnd(bytes: Buffer): number | null {
  const told = bytes.readUInt32LE(2);
  return told >= 54 && told <= bytes.length ? told : null;
}

const ICON_HEAD = 6;
const ICON_ENTRY = 16;

/** Where the last picture of an icon ends; where its list ends if that leads nowhere, since four bytes may begin anything. */
function iconEnd(bytes: Buffer): number {
  const first = ICON_HEAD + bytes.readUInt16LE(4) * ICON_ENTRY;
  let end = first;
  for (let at = ICON_HEAD; at < first; at += ICON_ENTRY) {
    if (at + ICON_ENTRY > bytes.length) return ICON_HEAD;
    const start = bytes.readUInt32LE(at + 12);
    const size = bytes.readUInt32LE(at + 8);
    if (start < first || size === 0 || start + size > bytes.length) return ICON_HEAD;
    end = Math.max(end, start + size);
  }
  return end;
}

/** PNG third edition, chunks: IHDR, tEXt, zTXt, iTXt, eXIf, IEND. */
function readPng(bytes: Buffer): PictureFacts {
  const words: string[] = [];
  let end: number | null = null;
  let unread = false;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, Math.min(bytes.length, at + 8 + length));
    if (kind === 'tEXt') words.push(data.toString('latin1').replace('\0', ': '));
    else if (kind === 'zTXt' || kind === 'iTXt') {
      const text = pngText(data, kind);
      if (text === null) unread = true;
      else words.push(text);
    } else if (kind === 'eXIf') words.push(...exifWords(data));
    at += 12 + length;
    if (kind === 'IEND') {
      end = at;
      break;
    }
  }
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), words, end, unread };
}

/** A keyword and its text; null where the text does not expand within its limit. */
function pngText(data: Buffer, kind: 'zTXt' | 'iTXt'): string | null {
  const keyEnd = data.indexOf(0);
  const key = data.toString('latin1', 0, keyEnd);
  const named = (text: string | null) => (text === null ? null : `${key}: ${text}`);
  if (kind === 'zTXt') return named(inflateText(data.subarray(keyEnd + 2)));
  const compressed = data[keyEnd + 1] === 1;
  const languageEnd = data.indexOf(0, keyEnd + 3);
  const translatedEnd = data.indexOf(0, languageEnd + 1);
  const body = data.subarray(translatedEnd + 1);
  return named(compressed ? inflateText(body) : body.toString('utf8'));
}

function inflateText(data: Buffer): string | null {
  try {
    return decodeText(inflateSync(data, { maxOutputLength: 1 << 20 }));
  } catch {
    return null;
  }
}

/** JPEG segments up to the scan: size, comments, EXIF, IPTC. ITU-T T.81 annex B. */
function readJpeg(bytes: Buffer): PictureFacts {
  const words: string[] = [];
  let width: number | null = null;
  let height: number | null = null;
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) break;
    const length = bytes.readUInt16BE(at + 2);
    const data = bytes.subarray(at + 4, Math.min(bytes.length, at + 2 + length));
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      height = data.readUInt16BE(1);
      width = data.readUInt16BE(3);
    } else if (marker === 0xfe) words.push(decodeText(data));
    else if (marker === 0xe1 && data.toString('latin1', 0, 6) === 'Exif\0\0')
      words.push(...exifWords(data.subarray(6)));
    else if (marker === 0xed) words.push(...iptcWords(data));
    at += 2 + length;
  }
  const last = bytes.lastIndexOf(Buffer.from([0xff, 0xd9]));
  return { width, height, words, end: last < 0 ? null : last + 2 };
}

/** IPTC-IIM records of application part 2: 0x1c, 2, number, length, text. */
function iptcWords(data: Buffer): readonly string[] {
  const words: string[] = [];
  for (let at = data.indexOf(0x1c); at >= 0 && at + 5 <= data.length; at = data.indexOf(0x1c, at + 1)) {
    if (data[at + 1] !== 2) continue;
    const length = data.readUInt16BE(at + 3);
    if (length > 0 && length < 0x8000 && at + 5 + length <= data.length)
      words.push(decodeText(data.subarray(at + 5, at + 5 + length)));
  }
  return words;
}

/** GIF89a: logical screen, then blocks; comments and plain text are words. */
function readGif(bytes: Buffer): PictureFacts {
  const words: string[] = [];
  const flags = bytes[10] ?? 0;
  let at = 13 + ((flags & 0x80) !== 0 ? 3 << ((flags & 7) + 1) : 0);
  let end: number | null = null;
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === 0x3b) {
      end = at + 1;
      break;
    }
    if (kind === 0x2c) {
      const local = bytes[at + 9] ?? 0;
      at += 10 + ((local & 0x80) !== 0 ? 3 << ((local & 7) + 1) : 0) + 1;
    } else if (kind === 0x21) at += 2;
    else break;
    const extension = kind === 0x21 ? bytes[at - 1] : null;
    const pieces: Buffer[] = [];
    for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
      pieces.push(bytes.subarray(at + 1, at + 1 + length));
      at += 1 + length;
    }
    at += 1;
    if (extension === 0xfe || extension === 0x01) words.push(decodeText(Buffer.concat(pieces)));
  }
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8), words, end };
}

/** RIFF chunks of WebP: the canvas, EXIF. */
function readWebp(bytes: Buffer): PictureFacts {
  const words: string[] = [];
  let width: number | null = null;
  let height: number | null = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const kind = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const data = bytes.subarray(at + 8, Math.min(bytes.length, at + 8 + length));
    if (kind === 'VP8X') {
      width = data.readUIntLE(4, 3) + 1;
      height = data.readUIntLE(7, 3) + 1;
    } else if (kind === 'VP8 ' && width === null) {
      width = data.readUInt16LE(6) & 0x3fff;
      height = data.readUInt16LE(8) & 0x3fff;
    } else if (kind === 'VP8L' && width === null) {
      const packed = data.readUInt32LE(1);
      width = (packed & 0x3fff) + 1;
      height = ((packed >>> 14) & 0x3fff) + 1;
    } else if (kind === 'EXIF')
      words.push(...exifWords(data.toString('latin1', 0, 6) === 'Exif\0\0' ? data.subarray(6) : data));
    at += 8 + length + (length & 1);
  }
  return { width, height, words, end: 8 + bytes.readUInt32LE(4) };
}

/** The words of an XMP packet, wherever it lies: element contents, and attributes that are no addresses of schemas. */
function xmpWords(bytes: Buffer): readonly string[] {
  const start = bytes.indexOf('<x:xmpmeta');
  const end = start < 0 ? -1 : bytes.indexOf('</x:xmpmeta>', start);
  if (end < 0) return [];
  const packet = bytes.toString('utf8', start, Math.min(end, start + (1 << 20)));
  const contents = [...packet.matchAll(/>([^<>]*[\p{L}\p{N}][^<>]*)</gu)].map((match) => match[1] as string);
  const attributes = [...packet.matchAll(/\s(?!xmlns)[\w:.-]+="([^"]*)"/g)].map((match) => match[1] as string);
  return [
    ...contents,
    ...attributes.filter((value) => /\p{L}/u.test(value) && !/^(https?:|urn:|uuid:|xmp\.)/.test(value)),
  ].map(unescapeXml);
}

function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(lt|gt|quot|apos|amp));/gi, (whole, decimal, hex, name) => {
    const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : null;
    if (code !== null) return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole;
    return named[String(name).toLowerCase()] ?? whole;
  });
}
