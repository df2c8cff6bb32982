import { type DataWords, shownNumber, shownTime } from './data-file.ts';
import { decodeText } from './decode-text.ts';
import { Unreadable } from './unreadable.ts';

/** `text` of so many bytes; `long-text` is kept apart, by a reference. */
export type StataType =
  | { readonly kind: 'text'; readonly size: number }
  | { readonly kind: 'byte' | 'int' | 'long' | 'float' | 'double' | 'long-text'; readonly size: number };

export interface StataData {
  readonly words: DataWords;
  readonly types: readonly StataType[];
  readonly formats: readonly string[];
  readonly bigEndian: boolean;
  readonly rows: number;
  readonly dataStart: number;
  readonly charset: string;
  /** Long texts by `variable,observation`. */
  readonly longTexts: ReadonlyMap<string, string>;
  readonly release: number;
}

/** Days from 1 January 1960 to the Unix epoch. */
const EPOCH_DAYS = 3653;
const DAY = 86_400_000;

/** The observations of a Stata file as shown cells; missing values are empty. */
export function* stataRows(file: Buffer, data: StataData): Iterable<string[]> {
  const width = data.types.reduce((sum, type) => sum + type.size, 0);
  for (let row = 0; row < data.rows; row += 1) {
    let at = data.dataStart + row * width;
    if (at + width > file.length) throw new Unreadable('corrupt', 'the observations of the Stata file are cut off');
    yield data.types.map((type, index) => {
      const start = at;
      at += type.size;
      return shownCell(file, start, type, data.formats[index] ?? '', data);
    });
  }
}

function shownCell(file: Buffer, at: number, type: StataType, format: string, data: StataData): string {
  if (type.kind === 'text') return cString(file.subarray(at, at + type.size), data.charset);
  if (type.kind === 'long-text') return data.longTexts.get(longTextKey(file, at, data)) ?? '';
  const value = numberAt(file, at, type.kind, data.bigEndian);
  if (value === null) return '';
  if (/^%-?t?d/.test(format)) return shownTime((value - EPOCH_DAYS) * DAY, false);
  if (/^%-?t[cC]/.test(format)) return shownTime(value - EPOCH_DAYS * DAY, true);
  return type.kind === 'float' ? String(Number(value.toPrecision(7))) : shownNumber(value);
}

/** Values above a type's largest are its missing values. */
function numberAt(
  file: Buffer,
  at: number,
  kind: 'byte' | 'int' | 'long' | 'float' | 'double',
  bigEndian: boolean,
): number | null {
  switch (kind) {
    case 'byte': {
      const value = file.readInt8(at);
      return value > 100 ? null : value;
    }
    case 'int': {
      const value = bigEndian ? file.readInt16BE(at) : file.readInt16LE(at);
      return value > 32_740 ? null : value;
    }
    case 'long': {
      const value = bigEndian ? file.readInt32BE(at) : file.readInt32LE(at);
      return value > 2_147_483_620 ? null : value;
    }
    case 'float': {
      const value = bigEndian ? file.readFloatBE(at) : file.readFloatLE(at);
      return value > 1.701e38 ? null : value;
    }
    case 'double': {
      const value = bigEndian ? file.readDoubleBE(at) : file.readDoubleLE(at);
      return value > 8.988e307 ? null : value;
    }
  }
}

function longTextKey(file: Buffer, at: number, { release, bigEndian }: StataData): string {
  if (release === 117) {
    const read = (from: number): number => (bigEndian ? file.readUInt32BE(from) : file.readUInt32LE(from));
    return `${read(at)},${read(at + 4)}`;
  }
  const size = release === 119 ? 3 : 2;
  const read = (from: number, bytes: number): number =>
    bigEndian ? file.readUIntBE(from, bytes) : file.readUIntLE(from, bytes);
  return `${read(at, size)},${read(at + size, 8 - size)}`;
}

export function cString(bytes: Buffer, charset: string): string {
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end), charset).trimEnd();
}

/** One set of value labels: counts, offsets, values, texts. */
export function readValueLabels(
  table: Buffer,
  bigEndian: boolean,
  charset: string,
): readonly (readonly [string, string])[] {
  if (table.length < 8) return [];
  const i32 = (at: number): number => (bigEndian ? table.readInt32BE(at) : table.readInt32LE(at));
  const count = i32(0);
  if (count < 0 || 8 + count * 8 > table.length) return [];
  const texts = table.subarray(8 + count * 8);
  return Array.from({ length: count }, (_, each) => {
    const offset = i32(8 + each * 4);
    return [String(i32(8 + (count + each) * 4)), cString(texts.subarray(Math.max(0, offset)), charset)] as const;
  });
}
