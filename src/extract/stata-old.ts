import { type LabelSet, labelColumns } from './label-set.ts';
import { cString, readValueLabels, type StataData, type StataType } from './stata-rows.ts';
import { Unreadable } from './unreadable.ts';

/** Types before release 111 are letters. */
const LETTERS: Readonly<Record<number, StataType>> = {
  98: { kind: 'byte', size: 1 },
  105: { kind: 'int', size: 2 },
  108: { kind: 'long', size: 4 },
  102: { kind: 'float', size: 4 },
  100: { kind: 'double', size: 8 },
};
const NUMBERS: Readonly<Record<number, StataType>> = {
  251: { kind: 'byte', size: 1 },
  252: { kind: 'int', size: 2 },
  253: { kind: 'long', size: 4 },
  254: { kind: 'float', size: 4 },
  255: { kind: 'double', size: 8 },
};

/** Stata releases 102 to 115: fixed records. Source: Stata's `help dta_115` and its forerunners. */
export function readStataOld(file: Buffer): StataData {
  const release = file[0] ?? 0;
  const bigEndian = file[1] === 1;
  const charset = 'windows-1252';
  const u16 = (at: number): number => (bigEndian ? file.readUInt16BE(at) : file.readUInt16LE(at));
  const u32 = (at: number): number => (bigEndian ? file.readUInt32BE(at) : file.readUInt32LE(at));
  if (file.length < 60) throw new Unreadable('corrupt', 'the Stata file is cut off');
  const count = u16(4);
  const rows = release === 102 ? u16(6) : u32(6);
  const titleAt = release === 102 ? 8 : 10;
  const labelSize = release >= 108 ? 81 : 32;
  const nameSize = release >= 110 ? 33 : 9;
  const formatSize = release >= 114 ? 49 : release >= 105 ? 12 : 7;
  const title = cString(file.subarray(titleAt, titleAt + labelSize), charset);
  let at = titleAt + labelSize + (release >= 105 ? 18 : 0);
  const codes = Array.from({ length: count }, (_, each) => file[at + each] ?? 0);
  const byRelease = codes.map((code) => typeOf(code, release));
  at += count;
  const strings = (size: number): string[] => {
    const found = Array.from({ length: count }, (_, each) =>
      cString(file.subarray(at + each * size, at + (each + 1) * size), charset),
    );
    at += count * size;
    return found;
  };
  const names = strings(nameSize);
  at += 2 * (count + 1);
  const formats = strings(formatSize);
  const labelNames = strings(nameSize);
  const labels = strings(labelSize);
  const notes: string[] = [];
  if (release >= 105)
    for (;;) {
      const lengthSize = release >= 110 ? 4 : 2;
      if (at + 1 + lengthSize > file.length) throw new Unreadable('corrupt', 'the Stata file is cut off');
      const kind = file[at];
      const length = lengthSize === 4 ? u32(at + 1) : u16(at + 1);
      at += 1 + lengthSize;
      if (kind === 0 && length === 0) break;
      if (kind === 1 && length > nameSize * 2)
        notes.push(cString(file.subarray(at + nameSize * 2, at + length), charset));
      at += length;
    }
  // Some writers of releases 111 and 112 kept the letters.
  const byLetters = codes.map((code) => typeOf(code, 110));
  const widthOf = (some: readonly StataType[]): number => some.reduce((sum, type) => sum + type.size, 0);
  const fits = (some: readonly StataType[]): boolean => at + rows * widthOf(some) <= file.length;
  const types = release > 110 && release < 113 && !fits(byRelease) && fits(byLetters) ? byLetters : byRelease;
  const width = widthOf(types);
  const valueLabels: LabelSet[] = release < 108 ? oldLabels(file, at + rows * width, u16, charset) : [];
  for (let next = at + rows * width; release >= 108 && next + 4 + nameSize + 3 <= file.length; ) {
    const length = u32(next);
    const start = next + 4 + nameSize + 3;
    const table = file.subarray(start, start + length);
    valueLabels.push({
      of: cString(file.subarray(next + 4, next + 4 + nameSize), charset),
      labels: readValueLabels(table, bigEndian, charset),
    });
    next = start + length;
  }
  const columns = names.map((name, each) => ({ name, label: labels[each] ?? '' }));
  return {
    words: { title, columns, valueLabels, columnLabels: labelColumns(labelNames, valueLabels), notes },
    types,
    formats,
    bigEndian,
    rows,
    dataStart: at,
    charset,
    longTexts: new Map(),
    release,
  };
}

/** Before release 108: a count, the set's name, codes, labels of eight letters. */
function oldLabels(file: Buffer, start: number, u16: (at: number) => number, charset: string): LabelSet[] {
  const found: LabelSet[] = [];
  for (let at = start; at + 12 <= file.length; ) {
    const count = u16(at);
    const end = at + 12 + count * 10;
    if (end > file.length) break;
    const codes = at + 12;
    found.push({
      of: cString(file.subarray(at + 2, at + 11), charset),
      labels: Array.from({ length: count }, (_, each) => {
        const text = codes + count * 2 + each * 8;
        return [String(u16(codes + each * 2)), cString(file.subarray(text, text + 8), charset)] as const;
      }),
    });
    at = end;
  }
  return found;
}

function typeOf(code: number, release: number): StataType {
  if (release >= 111) return NUMBERS[code] ?? { kind: 'text', size: code };
  return LETTERS[code] ?? { kind: 'text', size: Math.max(0, code - 127) };
}
