import { MAPI_TYPE, type MapiProperty } from './mapi-property.ts';
import { lidWords } from './mapi-words.ts';

/** Bytes of the fixed-size types. [MS-OXCDATA] section 2.11.1. */
const SIZES: Readonly<Record<number, number>> = {
  1: 4,
  2: 2,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 2,
  20: 8,
  64: 8,
  72: 16,
};

interface Reader {
  readonly data: Buffer;
  at: number;
}

/** A block of MAPI properties inside TNEF; what is cut off is left out. [MS-OXTNEF] section 2.1.3.4. */
export function readMapiBlock(data: Buffer): readonly MapiProperty[] {
  return readProperties({ data, at: 0 });
}

/** The rows of the recipient table. */
export function readMapiRows(data: Buffer): readonly (readonly MapiProperty[])[] {
  const reader: Reader = { data, at: 0 };
  const rows: (readonly MapiProperty[])[] = [];
  const count = take(reader);
  for (let each = 0; each < count && reader.at < data.length; each += 1) rows.push(readProperties(reader));
  return rows;
}

function readProperties(reader: Reader): readonly MapiProperty[] {
  const found: MapiProperty[] = [];
  const count = take(reader);
  for (let each = 0; each < count && reader.at + 4 <= reader.data.length; each += 1) {
    const full = reader.data.readUInt16LE(reader.at);
    const id = reader.data.readUInt16LE(reader.at + 2);
    reader.at += 4;
    const name = id >= 0x8000 ? readName(reader) : null;
    const type = full & ~MAPI_TYPE.multiple;
    const values = readValues(reader, type, (full & MAPI_TYPE.multiple) !== 0);
    if (values === null) break;
    found.push({ id, type, values, name });
  }
  return found;
}

/** A named property carries the id of its set and a number or a name. */
function readName(reader: Reader): string | null {
  reader.at += 16;
  const kind = take(reader);
  const value = take(reader);
  if (kind === 0) return lidWords(value);
  const name = reader.data
    .toString('utf16le', reader.at, Math.min(reader.data.length, reader.at + value))
    .replace(/\0.*$/s, '');
  reader.at += padded(value);
  return name;
}

function readValues(reader: Reader, type: number, multiple: boolean): Uint8Array[] | null {
  const values: Uint8Array[] = [];
  const size = SIZES[type];
  const variable = size === undefined;
  if (
    variable &&
    ![MAPI_TYPE.object, MAPI_TYPE.string8, MAPI_TYPE.unicode, MAPI_TYPE.binary].some((one) => one === type)
  )
    return null;
  const count = multiple || variable ? take(reader) : 1;
  for (let each = 0; each < count && reader.at <= reader.data.length; each += 1) {
    const length = variable ? take(reader) : size;
    if (reader.at + length > reader.data.length && variable === false) return null;
    values.push(reader.data.subarray(reader.at, Math.min(reader.data.length, reader.at + length)));
    reader.at += padded(length);
    if (reader.at > reader.data.length + 4) break;
  }
  return values;
}

function take(reader: Reader): number {
  if (reader.at + 4 > reader.data.length) {
    reader.at = reader.data.length + 8;
    return 0;
  }
  const value = reader.data.readUInt32LE(reader.at);
  reader.at += 4;
  return value;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
