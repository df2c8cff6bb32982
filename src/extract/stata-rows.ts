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

/** Parts of a year that dates may count since 1960, by the letter of their format. */
const PERIODS: Readonly<Record<string, { readonly count: number; readonly mark: string }>> = {
  w: { count: 52, mark: 'w' },
  m: { count: 12, mark: 'm' },
  q: { count: 4, mark: 'q' },
  h: { count: 2, mark: 'h' },
  y: { count: 1, mark: '' },
};

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
  const value = numberAt(file, at, type.kind, data);
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (/^%-?t?d/.test(format)) return shownTime((value - EPOCH_DAYS) * DAY, false);
  if (/^%-?t[cC]/.test(format)) return shownTime(value - EPOCH_DAYS * DAY, true);
  const periods = PERIODS[/^%-?t([wmqhy])/.exec(format)?.[1] ?? ''];
  if (periods !== undefined) return shownPeriod(value, periods);
  return type.kind === 'float' ? String(Number(value.toPrecision(7))) : shownNumber(value);
}

type NumberKind = Exclude<StataType['kind'], 'text' | 'long-text'>;

/** The largest value of each type; above it are its missing values, one of them before release 113 and 27 after. */
const LARGEST: Readonly<Record<NumberKind, number>> = {
  byte: 100,
  int: 32_740,
  long: 2_147_483_620,
  float: 1.701e38,
  double: 8.988e307,
};
const LARGEST_BEFORE_113: Readonly<Record<NumberKind, number>> = {
  byte: 126,
  int: 32_766,
  long: 2_147_483_646,
  float: 1.701e38,
  double: 8.988e307,
};

/** Null for a missing value, `.a` to `.z` for one that says why. */
function numberAt(
  file: Buffer,
  at: number,
  kind: NumberKind,
  { bigEndian, release }: StataData,
): number | string | null {
  const value = readNumber(file, at, kind, bigEndian);
  const largest = (release < 113 ? LARGEST_BEFORE_113 : LARGEST)[kind];
  if (value <= largest) return value;
  if (release < 113 || kind === 'float' || kind === 'double') return null;
  return missingName(value - largest);
}

/** The 27 missing values in order: `.`, which is nothing, then `.a` to `.z`. */
function missingName(rank: number): string | null {
  return rank >= 2 && rank <= 27 ? `.${String.fromCharCode(95 + rank)}` : null;
}

function readNumber(file: Buffer, at: number, kind: NumberKind, bigEndian: boolean): number {
  switch (kind) {
    case 'byte':
      return file.readInt8(at);
    case 'int':
      return bigEndian ? file.readInt16BE(at) : file.readInt16LE(at);
    case 'long':
      return bigEndian ? file.readInt32BE(at) : file.readInt32LE(at);
    case 'float':
      return bigEndian ? file.readFloatBE(at) : file.readFloatLE(at);
    case 'double':
      return bigEndian ? file.readDoubleBE(at) : file.readDoubleLE(at);
  }
}

/** As Stata shows it: `2001m2`. Years are counted from the year 0. */
function shownPeriod(value: number, { count, mark }: { readonly count: number; readonly mark: string }): string {
  if (mark === '') return String(value);
  const year = 1960 + Math.floor(value / count);
  return `${year}${mark}${Math.floor(value) - (year - 1960) * count + 1}`;
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
    const value = i32(8 + (count + each) * 4);
    return [
      missingName(value - LARGEST.long) ?? String(value),
      cString(texts.subarray(Math.max(0, offset)), charset),
    ] as const;
  });
}
