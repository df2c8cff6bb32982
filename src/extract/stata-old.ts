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

/** Stata releases 104 to 115: fixed records. Source: Stata's `help dta_115` and its forerunners. */
export function readStataOld(file: Buffer): StataData {
  const release = file[0] ?? 0;
  const bigEndian = file[1] === 1;
  const charset = 'windows-1252';
  const u16 = (at: number): number => (bigEndian ? file.readUInt16BE(at) : file.readUInt16LE(at));
  const u32 = (at: number): number => (bigEndian ? file.readUInt32BE(at) : file.readUInt32LE(at));
  if (file.length < 60) throw new Unreadable('corrupt', 'the Stata file is cut off');
  const count = u16(4);
  const rows = u32(6);
  const labelSize = release >= 108 ? 81 : 32;
  const nameSize = release >= 110 ? 33 : 9;
  const formatSize = release >= 114 ? 49 : release >= 105 ? 12 : 7;
  const title = cString(file.subarray(10, 10 + labelSize), charset);
  let at = 10 + labelSize + (release >= 105 ? 18 : 0);
  const types = Array.from({ length: count }, (_, each) => typeOf(file[at + each] ?? 0, release));
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
  strings(nameSize);
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
  const width = types.reduce((sum, type) => sum + type.size, 0);
  const valueLabels: { of: string; labels: readonly (readonly [string, string])[] }[] = [];
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
    words: { title, columns, valueLabels, notes },
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

function typeOf(code: number, release: number): StataType {
  if (release >= 111) return NUMBERS[code] ?? { kind: 'text', size: code };
  return LETTERS[code] ?? { kind: 'text', size: Math.max(0, code - 127) };
}
