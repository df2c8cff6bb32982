import { crc32 } from 'node:zlib';
import type { ByteSource } from '../core/byte-source.ts';
import type { Budget } from './budget.ts';
import { Unreadable } from './unreadable.ts';

/** One entry of a zip file as its central directory names it; sizes are claims until the bytes are read. */
export interface ZipEntry {
  readonly name: string;
  readonly rawName: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly claimedSize: number;
  readonly headerOffset: number;
  readonly encrypted: boolean;
  readonly isFolder: boolean;
  readonly extra: Uint8Array;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** The archive's comment, and each entry's, where there is one. */
  readonly comments: readonly string[];
  /** Bytes before the first entry that belong to no entry. */
  readonly prefix: number;
}

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const CENTRAL = 0x02014b50;
/** The upper half of the code page that zip names are in by default. */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
const END_SIZE = 22;
const MAX_COMMENT = 0xffff;
/** A directory beyond this was not written by an office; it is read into memory at once. */
const MAX_DIRECTORY = 64 * 1024 ** 2;

/**
 * Reads the central directory of a zip file, zip64 included.
 *
 * Entries that overlap one another are refused as corrupt, so that no entry's bytes are expanded twice (the bomb of Fifield,
 * WOOT 2019). Throws `Unreadable`: `corrupt` for a truncated or contradictory directory, `too-many` past the budget's parts.
 * Source: PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16.
 */
export async function readZipDirectory(source: ByteSource, budget: Budget): Promise<ZipDirectory> {
  const tailStart = Math.max(0, source.size - END_SIZE - MAX_COMMENT);
  const tail = view(await source.read(tailStart, source.size));
  const endAt = findEnd(tail);
  if (endAt < 0) throw new Unreadable('corrupt', 'the zip file has no end record: it is cut off, or no zip file');
  let count = tail.getUint16(endAt + 10, true);
  let size = tail.getUint32(endAt + 12, true);
  let offset = tail.getUint32(endAt + 16, true);
  let directoryEnd = tailStart + endAt;
  const commentLength = tail.getUint16(endAt + 20, true);
  const comment = bytesOf(tail, endAt + END_SIZE, commentLength);

  const isFull = count === 0xffff || size === 0xffffffff || offset === 0xffffffff;
  const end64 = await readEnd64(source, tail, endAt, isFull);
  // Streaming writers add the wide end record to any archive; the directory ends before it.
  if (end64 !== null) directoryEnd = end64.at;
  if (end64 !== null && isFull) {
    count = end64.count;
    size = end64.size;
    offset = end64.offset;
  }
  if (count > budget.limits.parts) throw new Unreadable('too-many', `${count} entries in the zip file`);
  if (size > MAX_DIRECTORY) throw new Unreadable('too-large', 'the directory of the zip file is too large');
  // Offsets count from the start of the archive, which a prefix (a self-extractor's program) moves.
  const prefix = directoryEnd - size - offset;
  if (prefix < 0) throw new Unreadable('corrupt', 'the directory of the zip file lies outside it');
  const directory = view(await source.read(offset + prefix, offset + prefix + size));
  const { entries, comments } = readEntries(directory, count, prefix);
  if (commentLength > 0) comments.push(decodeName(comment, true));
  refuseOverlap(entries, offset + prefix);
  return { entries, comments, prefix };
}

function readEntries(directory: DataView, count: number, prefix: number): { entries: ZipEntry[]; comments: string[] } {
  const entries: ZipEntry[] = [];
  const comments: string[] = [];
  let at = 0;
  while (at + 46 <= directory.byteLength && directory.getUint32(at, true) === CENTRAL) {
    const flags = directory.getUint16(at + 8, true);
    const nameLength = directory.getUint16(at + 28, true);
    const extraLength = directory.getUint16(at + 30, true);
    const commentLength = directory.getUint16(at + 32, true);
    const rawName = bytesOf(directory, at + 46, nameLength);
    const extra = bytesOf(directory, at + 46 + nameLength, extraLength);
    const wide = readWide(directory, at, extra);
    const utf8 = (flags & 0x800) !== 0;
    const name = unicodePath(extra, rawName) ?? decodeName(rawName, utf8);
    if (commentLength > 0)
      comments.push(decodeName(bytesOf(directory, at + 46 + nameLength + extraLength, commentLength), utf8));
    entries.push({
      name,
      rawName,
      flags,
      method: directory.getUint16(at + 10, true),
      crc: directory.getUint32(at + 16, true),
      ...wide,
      headerOffset: wide.headerOffset + prefix,
      encrypted: (flags & 0x41) !== 0,
      isFolder: name.endsWith('/') && wide.compressedSize === 0,
      extra,
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  // A 16-bit count wraps in archives of more than 65,535 entries written without zip64.
  if ((entries.length & 0xffff) !== (count & 0xffff))
    throw new Unreadable('corrupt', `the zip file announces ${count} entries and lists ${entries.length}`);
  return { entries, comments };
}

/** The 64-bit fields of an entry, from its extra field 0x0001 where the 32-bit ones are full. */
function readWide(directory: DataView, at: number, extra: Uint8Array) {
  let claimedSize = directory.getUint32(at + 24, true);
  let compressedSize = directory.getUint32(at + 20, true);
  let headerOffset = directory.getUint32(at + 42, true);
  const field = view(findExtra(extra, 0x0001) ?? new Uint8Array());
  let next = 0;
  const take = (): number => {
    if (next + 8 > field.byteLength) throw new Unreadable('corrupt', 'a zip64 entry lacks its sizes');
    const value = Number(field.getBigUint64(next, true));
    next += 8;
    return value;
  };
  if (claimedSize === 0xffffffff) claimedSize = take();
  if (compressedSize === 0xffffffff) compressedSize = take();
  if (headerOffset === 0xffffffff) headerOffset = take();
  return { claimedSize, compressedSize, headerOffset };
}

/** The payload of the first extra field of an id, or null. */
export function findExtra(extra: Uint8Array, id: number): Uint8Array | null {
  for (const field of extraFields(extra, id)) return field;
  return null;
}

function* extraFields(extra: Uint8Array, id: number): Generator<Uint8Array> {
  const data = view(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = data.getUint16(at + 2, true);
    if (data.getUint16(at, true) === id) yield extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
}

function findEnd(tail: DataView): number {
  for (let at = tail.byteLength - END_SIZE; at >= 0; at--)
    if (tail.getUint32(at, true) === END && at + END_SIZE + tail.getUint16(at + 20, true) <= tail.byteLength) return at;
  return -1;
}

async function readEnd64(source: ByteSource, tail: DataView, endAt: number, isNeeded: boolean) {
  if (endAt < 20 || tail.getUint32(endAt - 20, true) !== END64_LOCATOR) return null;
  const tailStart = source.size - tail.byteLength;
  const claimed = Number(tail.getBigUint64(endAt - 12, true));
  for (const at of [claimed, tailStart + endAt - 20 - 56]) {
    const record = view(await source.read(at, at + 56));
    if (record.byteLength < 56 || record.getUint32(0, true) !== END64) continue;
    return {
      at,
      count: Number(record.getBigUint64(32, true)),
      size: Number(record.getBigUint64(40, true)),
      offset: Number(record.getBigUint64(48, true)),
    };
  }
  if (!isNeeded) return null;
  throw new Unreadable('corrupt', 'the zip64 end record is missing');
}

function refuseOverlap(entries: readonly ZipEntry[], directoryStart: number): void {
  const sorted = [...entries].sort((a, b) => a.headerOffset - b.headerOffset);
  let end = 0;
  for (const entry of sorted) {
    const start = entry.headerOffset;
    if (start < end) throw new Unreadable('corrupt', 'entries of the zip file overlap');
    end = start + 30 + entry.rawName.length + entry.compressedSize;
    if (end > directoryStart) throw new Unreadable('corrupt', 'an entry of the zip file reaches past its end');
  }
}

/** Names are UTF-8 where flagged or valid as such, else code page 437. */
function decodeName(bytes: Uint8Array, utf8: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: !utf8 }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : CODE_PAGE_437[byte - 0x80])).join('');
  }
}

/** The name in UTF-8 that some writers keep beside it, unless the name was changed since (APPNOTE 4.6.9). */
function unicodePath(extra: Uint8Array, rawName: Uint8Array): string | null {
  for (const field of extraFields(extra, 0x7075))
    if (field.length > 5 && field[0] === 1 && view(field).getUint32(1, true) === crc32(rawName))
      return new TextDecoder().decode(field.subarray(5));
  return null;
}

function bytesOf(data: DataView, at: number, length: number): Uint8Array {
  if (at + length > data.byteLength) throw new Unreadable('corrupt', 'the directory of the zip file is cut off');
  return new Uint8Array(data.buffer, data.byteOffset + at, length);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
