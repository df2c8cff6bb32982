import { plainHeader } from './plain-header.ts';
import { printableStrings } from './printable-strings.ts';

/** Rows, cells and formulas, whose texts a reader of cells shows (MS-XLSB 2.3.2). */
const CELLS: ReadonlySet<number> = new Set([...Array.from({ length: 20 }, (_, type) => type), 60, 62, 426, 427, 428]);
const HEADERS = 479;
const VALIDATION = 64;
/** Text of one cell; no string of a record is longer. */
const MAX_STRING = 32_767;

/**
 * The strings that a binary part of an `.xlsb` keeps beside its cells, a line each: headers and footers without their codes, what a
 * validation says and lists, links, paths, names. A part that is cut off gives what stands before the cut.
 *
 * Source: MS-XLSB 2.1.4 (records), 2.5.168 (strings).
 */
export function xlsbStrings(bytes: Buffer): string {
  const found: string[] = [];
  for (const { type, data } of records(bytes)) {
    if (CELLS.has(type)) continue;
    const strings = wideStrings(data);
    if (type === HEADERS) found.push(...strings.map(plainHeader));
    else found.push(...strings);
    // The choices of a list stand in its formula.
    if (type === VALIDATION) found.push(...printableStrings(data).split('\n'));
  }
  const words = found.map((one) => one.trim()).filter((one) => one !== '' && !/^rId\d+$/.test(one));
  return [...new Set(words)].join('\n');
}

const METADATA_BLOCK = 51;
const COLUMNS = 60;
const LINK = 494;
const MAX_COLUMNS = 16_384;
/** Cells that one link stands over: two columns in full. */
const MAX_LINKED = 2 << 20;

/**
 * Whether no record counts more than it holds or than a sheet has: entries of metadata, columns of a width, cells of a link. A reader
 * that believes them works on each. MS-XLSB 2.4.323, 2.4.704, 2.4.712.
 */
export function hasSoundCounts(bytes: Buffer): boolean {
  for (const { type, data } of records(bytes)) {
    // A record that is too short is read on into the next one.
    const word = (at: number): number => (data.length >= at + 4 ? data.readUInt32LE(at) : 0xffffffff);
    if (type === METADATA_BLOCK && (data.length < 4 || word(0) * 8 > data.length - 4)) return false;
    if (type === COLUMNS && Math.max(word(0), word(4)) >= MAX_COLUMNS) return false;
    if (type === LINK && (data.length < 16 || (word(4) - word(0) + 1) * (word(12) - word(8) + 1) > MAX_LINKED))
      return false;
  }
  return true;
}

function* records(bytes: Buffer): Generator<{ readonly type: number; readonly data: Buffer }> {
  let at = 0;
  while (at + 2 <= bytes.length) {
    let type = bytes[at++] as number;
    if (type >= 0x80) type = (type & 0x7f) | (((bytes[at++] ?? 0) & 0x7f) << 7);
    let size = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[at++] ?? 0;
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    yield { type, data: bytes.subarray(at, at + size) };
    at += size;
  }
}

/** Strings as the format writes them: a count of characters, then UTF-16. Where one stands differs by record, so all are looked for. */
function wideStrings(data: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at + 6 <= data.length; ) {
    const count = data.readUInt32LE(at);
    const end = at + 4 + count * 2;
    const text = count > 0 && count <= MAX_STRING && end <= data.length ? data.toString('utf16le', at + 4, end) : '';
    if (text === '' || !isWords(text)) at += 1;
    else {
      found.push(text);
      at = end;
    }
  }
  return found;
}

/** Letters or digits throughout, and no control characters but line ends. */
function isWords(text: string): boolean {
  return text.length > 1 && /[\p{L}\d]/u.test(text) && !/[^\P{C}\n\r\t]/u.test(text);
}
