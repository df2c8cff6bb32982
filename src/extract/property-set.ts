import iconv from 'iconv-lite';
import { printableStrings } from './printable-strings.ts';

const VARIANT = 0x0c;
const VECTOR = 0x1000;
const UTF16 = 1200;
const MAX_VALUES = 10_000;
const MAX_BLOB = 1 << 16;

const SUMMARY = 'e0859ff2f94f6810ab9108002b27b3d9';
const DOCUMENT_SUMMARY = '02d5cdd59c2e1b10939708002b2cf9ae';

/** Names of the standard properties, from identifier 2 on ([MS-OLEPS] 2.21, [MS-OSHARED] 2.3.3). */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  [SUMMARY]:
    'title,subject,author,keywords,comments,template,last author,revision,editing time,printed,created,saved,pages,words,characters,thumbnail,application,security'.split(
      ',',
    ),
  [DOCUMENT_SUMMARY]:
    'category,format,bytes,lines,paragraphs,slides,notes,hidden slides,clips,scale,heading pairs,parts,manager,company,links dirty,characters with spaces,,shared,link base,links,links changed,version,signature,content type,status,language,document version'.split(
      ',',
    ),
};
/** Values that say nothing: flags, sizes of a picture. */
const SILENT: ReadonlySet<string> = new Set(['thumbnail', 'scale', 'links dirty', 'shared', 'links changed']);

interface Section {
  readonly file: Buffer;
  readonly codePage: number;
  readonly values: string[];
}

/** The properties of a property set stream, a line each: `title: …`, custom ones by their own names. Source: [MS-OLEPS]. */
export function readPropertySet(bytes: Uint8Array): readonly string[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const lines: string[] = [];
  try {
    if (file.length < 48 || file.readUInt16LE(0) !== 0xfffe) return [];
    const sets = Math.min(2, file.readUInt32LE(24));
    for (let each = 0; each < sets; each++) {
      const format = file.toString('hex', 28 + 20 * each, 44 + 20 * each);
      readSet(file, file.readUInt32LE(44 + 20 * each), NAMES[format] ?? [], lines);
    }
  } catch (error) {
    // Offsets of a damaged set point outside it: what was read before stands.
    if (!(error instanceof RangeError)) throw error;
  }
  return lines;
}

function readSet(file: Buffer, start: number, standard: readonly string[], lines: string[]): void {
  const count = Math.min(file.readUInt32LE(start + 4), 1000);
  const places: { readonly id: number; readonly at: number }[] = [];
  for (let each = 0; each < count && start + 16 + 8 * each <= file.length; each++) {
    const entry = start + 8 + 8 * each;
    places.push({ id: file.readUInt32LE(entry), at: start + file.readUInt32LE(entry + 4) });
  }
  const codePageAt = places.find((place) => place.id === 1)?.at;
  const codePage = codePageAt === undefined ? 1252 : readOr(() => file.readUInt16LE(codePageAt + 4), 1252);
  const dictionary = places.find((place) => place.id === 0)?.at;
  const own = dictionary === undefined ? new Map<number, string>() : readNames(file, dictionary, codePage);
  const told = new Set<number>();
  for (const { id, at } of places) {
    if (id < 2 || id >= 0x80000000) continue;
    const name = own.get(id) ?? standard[id - 2] ?? '';
    told.add(id);
    const values: string[] = [];
    const section = { file, codePage, values };
    // A damaged value costs itself, not those after it.
    readOr(() => readTyped(section, at + 4, file.readUInt16LE(at), name === 'editing time'), 0);
    const shown = values.map((value) => value.replace(/\0+/g, ' ').trim()).filter((value) => value !== '');
    if (SILENT.has(name) || (shown.length === 0 && !own.has(id))) continue;
    lines.push(name === '' ? shown.join('\n') : `${name}: ${shown.join('\n')}`);
  }
  // Names whose values are gone.
  for (const [id, name] of own) if (!told.has(id) && id > 1) lines.push(name);
}

/** The dictionary of custom property names. */
function readNames(file: Buffer, start: number, codePage: number): Map<number, string> {
  const names = new Map<number, string>();
  const count = Math.min(file.readUInt32LE(start), 1000);
  let at = start + 4;
  for (let each = 0; each < count && at + 8 <= file.length; each++) {
    const length = file.readUInt32LE(at + 4);
    const size = codePage === UTF16 ? (2 * length + 3) & ~3 : length;
    names.set(
      file.readUInt32LE(at),
      decode(file.subarray(at + 8, at + 8 + size), codePage)
        .replace(/\0.*$/s, '')
        .trim(),
    );
    at += 8 + size;
  }
  return names;
}

/** Collects a value's words; the offset after it. */
function readTyped(section: Section, start: number, type: number, isSpan: boolean): number {
  const { file, values } = section;
  if (values.length > MAX_VALUES) return start;
  if ((type & VECTOR) !== 0) {
    const count = Math.min(file.readUInt32LE(start), MAX_VALUES);
    let at = start + 4;
    for (let each = 0; each < count && values.length <= MAX_VALUES; each++)
      at =
        (type & 0xfff) === VARIANT
          ? readTyped(section, at + 4, file.readUInt16LE(at), isSpan)
          : readTyped(section, at, type & 0xfff, isSpan);
    return at;
  }
  return start + readScalar(section, start, type, isSpan);
}

/** Adds one value; the bytes it takes. */
function readScalar({ file, codePage, values }: Section, at: number, type: number, isSpan: boolean): number {
  switch (type) {
    case 0x02:
      values.push(String(file.readInt16LE(at)));
      return 4;
    case 0x03:
    case 0x16:
      values.push(String(file.readInt32LE(at)));
      return 4;
    case 0x13:
    case 0x17:
      values.push(String(file.readUInt32LE(at)));
      return 4;
    case 0x04:
      values.push(String(Number(file.readFloatLE(at).toPrecision(7))));
      return 4;
    case 0x05:
      values.push(String(file.readDoubleLE(at)));
      return 8;
    case 0x06:
      values.push(String(Number(file.readBigInt64LE(at)) / 10_000));
      return 8;
    case 0x07:
      values.push(isoTime((file.readDoubleLE(at) - 25_569) * 86_400_000));
      return 8;
    case 0x0b:
      values.push(file.readUInt16LE(at) === 0 ? 'false' : 'true');
      return 4;
    case 0x14:
    case 0x15:
      values.push(String(file.readBigInt64LE(at)));
      return 8;
    case 0x40: {
      const ticks = file.readBigUInt64LE(at);
      if (ticks !== 0n)
        values.push(
          isSpan ? `${Math.round(Number(ticks) / 6e8)} min` : isoTime(Number(ticks / 10_000n) - 11_644_473_600_000),
        );
      return 8;
    }
    case 0x08:
    case 0x1e: {
      const length = file.readUInt32LE(at);
      values.push(decode(file.subarray(at + 4, at + 4 + length), codePage));
      return 4 + (isUnpadded(file, at + 4 + length) ? length : (length + 3) & ~3);
    }
    case 0x1f: {
      const length = file.readUInt32LE(at);
      values.push(file.toString('utf16le', at + 4, at + 4 + 2 * length));
      return 4 + ((2 * length + 3) & ~3);
    }
    case 0x41: {
      // Lists of links are kept as a blob of strings.
      const length = file.readUInt32LE(at);
      values.push(printableStrings(file.subarray(at + 4, at + 4 + Math.min(length, MAX_BLOB))));
      return 4 + ((length + 3) & ~3);
    }
    default:
      return 4;
  }
}

/** Office leaves out the padding between the strings of a list: the length of the next one then stands where this one ends. */
function isUnpadded(file: Buffer, end: number): boolean {
  if (end + 4 > file.length || file[end] === 0) return false;
  const next = file.readUInt32LE(end);
  return next < 0x10000 && end + 4 + next <= file.length;
}

function isoTime(milliseconds: number): string {
  if (!Number.isFinite(milliseconds) || Math.abs(milliseconds) > 8.64e15) return '';
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

function readOr(read: () => number, fallback: number): number {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return fallback;
    throw error;
  }
}

function decode(bytes: Buffer, codePage: number): string {
  if (codePage === UTF16) return bytes.toString('utf16le');
  if (codePage === 65_001) return bytes.toString('utf8');
  const name = `cp${codePage === 10_000 ? 'macroman' : codePage}`;
  return iconv.encodingExists(name) ? iconv.decode(bytes, name) : bytes.toString('latin1');
}
