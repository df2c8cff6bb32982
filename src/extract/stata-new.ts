import { decodeText } from './decode-text.ts';
import { labelColumns } from './label-set.ts';
import { cString, readValueLabels, type StataData, type StataType } from './stata-rows.ts';
import { Unreadable } from './unreadable.ts';

const NUMBERS: Readonly<Record<number, StataType>> = {
  65526: { kind: 'double', size: 8 },
  65527: { kind: 'float', size: 4 },
  65528: { kind: 'long', size: 4 },
  65529: { kind: 'int', size: 2 },
  65530: { kind: 'byte', size: 1 },
  32768: { kind: 'long-text', size: 8 },
};

/** Stata releases 117 to 119: records between tags. Source: Stata's `help dta`. */
export function readStataNew(file: Buffer): StataData {
  const after = (tag: string, from: number): number => {
    const at = file.indexOf(`<${tag}>`, from, 'latin1');
    if (at < 0) throw new Unreadable('corrupt', `the Stata file has no <${tag}>`);
    return at + tag.length + 2;
  };
  const release = Number(file.toString('latin1', after('release', 0), after('release', 0) + 3));
  const bigEndian = file.toString('latin1', after('byteorder', 0), after('byteorder', 0) + 3) === 'MSF';
  const number = (at: number, size: number): number => {
    if (at + size > file.length) throw new Unreadable('corrupt', 'the Stata file is cut off');
    if (size === 8) return Number(bigEndian ? file.readBigUInt64BE(at) : file.readBigUInt64LE(at));
    return bigEndian ? file.readUIntBE(at, size) : file.readUIntLE(at, size);
  };
  const wide = release >= 118;
  const charset = wide ? 'utf-8' : 'windows-1252';
  const sizes = wide ? { name: 129, format: 57, label: 321 } : { name: 33, format: 49, label: 81 };
  const count = number(after('K', 0), release >= 119 ? 4 : 2);
  const rows = number(after('N', 0), wide ? 8 : 4);
  if (count > 200_000) throw new Unreadable('corrupt', 'the Stata file announces too many variables');
  const labelAt = after('label', 0);
  const titleSize = wide ? 2 : 1;
  const title = decodeText(
    file.subarray(labelAt + titleSize, labelAt + titleSize + number(labelAt, titleSize)),
    charset,
  );
  const typesAt = after('variable_types', labelAt);
  const types = Array.from({ length: count }, (_, each) => {
    const code = number(typesAt + each * 2, 2);
    return NUMBERS[code] ?? ({ kind: 'text', size: code } as const);
  });
  const strings = (tag: string, size: number): string[] => {
    const at = after(tag, typesAt);
    return Array.from({ length: count }, (_, each) =>
      cString(file.subarray(at + each * size, at + (each + 1) * size), charset),
    );
  };
  const names = strings('varnames', sizes.name);
  const formats = strings('formats', sizes.format);
  const labels = strings('variable_labels', sizes.label);
  const labelNames = strings('value_label_names', sizes.name);
  const notesAt = after('characteristics', typesAt);
  const dataStart = after('data', notesAt);
  const notes: string[] = [];
  for (let at = notesAt; file.toString('latin1', at, at + 4) === '<ch>'; ) {
    const length = number(at + 4, 4);
    notes.push(cString(file.subarray(at + 8 + sizes.name * 2, at + 8 + length), charset));
    at += 8 + length + '</ch>'.length;
  }
  const width = types.reduce((sum, type) => sum + type.size, 0);
  const end = dataStart + rows * width;
  const { longTexts, next } = readLongTexts(file, end, release, number, charset);
  const valueLabels: { of: string; labels: readonly (readonly [string, string])[] }[] = [];
  for (let at = file.indexOf('<lbl>', next, 'latin1'); at >= 0; at = file.indexOf('<lbl>', at + 5, 'latin1')) {
    const length = number(at + 5, 4);
    const start = at + 9 + sizes.name + 3;
    valueLabels.push({
      of: cString(file.subarray(at + 9, at + 9 + sizes.name), charset),
      labels: readValueLabels(file.subarray(start, start + length), bigEndian, charset),
    });
    at = start + length - 5;
  }
  const columns = names.map((name, each) => ({ name, label: labels[each] ?? '' }));
  return {
    words: { title, columns, valueLabels, columnLabels: labelColumns(labelNames, valueLabels), notes },
    types,
    formats,
    bigEndian,
    rows,
    dataStart,
    charset,
    longTexts,
    release,
  };
}

function readLongTexts(
  file: Buffer,
  from: number,
  release: number,
  number: (at: number, size: number) => number,
  charset: string,
): { readonly longTexts: ReadonlyMap<string, string>; readonly next: number } {
  const longTexts = new Map<string, string>();
  const start = file.indexOf('<strls>', from, 'latin1');
  if (start < 0) return { longTexts, next: Math.min(from, file.length) };
  let at = start + 7;
  const observationSize = release >= 118 ? 8 : 4;
  while (file.toString('latin1', at, at + 3) === 'GSO') {
    const variable = number(at + 3, 4);
    const observation = number(at + 7, observationSize);
    const kindAt = at + 7 + observationSize;
    const length = number(kindAt + 1, 4);
    longTexts.set(`${variable},${observation}`, cString(file.subarray(kindAt + 5, kindAt + 5 + length), charset));
    at = kindAt + 5 + length;
  }
  return { longTexts, next: at };
}
