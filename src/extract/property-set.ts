import iconv from 'iconv-lite';

const STRING = 0x1e;
const WIDE_STRING = 0x1f;
const VARIANT = 0x0c;
const VECTOR = 0x1000;
const UTF16 = 1200;
const MAX_STRINGS = 10_000;

/** The strings of a property set stream (title, author, comments, custom names and values). Source: [MS-OLEPS]. */
export function readPropertySet(bytes: Uint8Array): readonly string[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: string[] = [];
  try {
    if (file.length < 48 || file.readUInt16LE(0) !== 0xfffe) return [];
    const sets = Math.min(2, file.readUInt32LE(24));
    for (let each = 0; each < sets; each++) readSet(file, file.readUInt32LE(44 + 20 * each), found);
  } catch (error) {
    // Offsets of a damaged set point outside it: what was read before stands.
    if (!(error instanceof RangeError)) throw error;
  }
  return found.map((text) => text.replace(/\0+$/, '').trim()).filter((text) => text !== '');
}

function readSet(file: Buffer, start: number, found: string[]): void {
  const count = Math.min(file.readUInt32LE(start + 4), 1000);
  const places: { readonly id: number; readonly at: number }[] = [];
  for (let each = 0; each < count; each++) {
    const entry = start + 8 + 8 * each;
    places.push({ id: file.readUInt32LE(entry), at: start + file.readUInt32LE(entry + 4) });
  }
  const codePageAt = places.find((place) => place.id === 1)?.at;
  const codePage = codePageAt === undefined ? 1252 : file.readUInt16LE(codePageAt + 4);
  for (const { id, at } of places) {
    if (id === 0) readNames(file, at, codePage, found);
    else if (id > 1) readValue(file, at, codePage, found);
  }
}

/** The dictionary of custom property names. */
function readNames(file: Buffer, start: number, codePage: number, found: string[]): void {
  const count = Math.min(file.readUInt32LE(start), 1000);
  let at = start + 4;
  for (let each = 0; each < count; each++) {
    const length = file.readUInt32LE(at + 4);
    const size = codePage === UTF16 ? (2 * length + 3) & ~3 : length;
    found.push(decode(file.subarray(at + 8, at + 8 + size), codePage));
    at += 8 + size;
  }
}

/** Collects a value's strings; the offset after it. */
function readValue(file: Buffer, start: number, codePage: number, found: string[]): number {
  return readTyped(file, start + 4, file.readUInt16LE(start), codePage, found);
}

function readTyped(file: Buffer, start: number, type: number, codePage: number, found: string[]): number {
  if (found.length > MAX_STRINGS) return start;
  if ((type & VECTOR) !== 0) {
    const count = Math.min(file.readUInt32LE(start), MAX_STRINGS);
    let at = start + 4;
    for (let each = 0; each < count && found.length <= MAX_STRINGS; each++)
      at =
        (type & 0xfff) === VARIANT
          ? readValue(file, at, codePage, found)
          : readTyped(file, at, type & 0xfff, codePage, found);
    return at;
  }
  const length = type === STRING || type === WIDE_STRING ? file.readUInt32LE(start) : 0;
  if (type === STRING) {
    found.push(decode(file.subarray(start + 4, start + 4 + length), codePage));
    return start + 4 + ((length + 3) & ~3);
  }
  if (type === WIDE_STRING) {
    found.push(file.toString('utf16le', start + 4, start + 4 + 2 * length));
    return start + 4 + ((2 * length + 3) & ~3);
  }
  return start + (type === 0x14 || type === 0x15 || type === 0x40 || type === 5 ? 8 : 4);
}

function decode(bytes: Buffer, codePage: number): string {
  if (codePage === UTF16) return bytes.toString('utf16le');
  if (codePage === 65_001) return bytes.toString('utf8');
  const name = `cp${codePage === 10_000 ? 'macroman' : codePage}`;
  return iconv.encodingExists(name) ? iconv.decode(bytes, name) : bytes.toString('latin1');
}
