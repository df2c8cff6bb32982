import type { DataWords } from './data-file.ts';
import { shownNumber } from './data-file.ts';
import { decodeText, knownCharset } from './decode-text.ts';
import { labelColumns } from './label-set.ts';
import { charsetOfCodePage } from './mapi-property.ts';
import { Unreadable } from './unreadable.ts';

export interface SpssVariable {
  /** 0 for numbers, else bytes of text. */
  readonly width: number;
  /** Type of the print format, as 20 for a date. */
  readonly format: number;
  /** Segments of 8 bytes it takes in a case, with those of its continuations. */
  readonly segments: number;
  /** For text over 255 bytes: the widths of the pieces that follow one another. */
  readonly pieces: readonly number[];
}

export interface SpssDictionary {
  readonly words: DataWords;
  readonly variables: readonly SpssVariable[];
  readonly bigEndian: boolean;
  /** 0 none, 1 by bytes, 2 zlib. */
  readonly compression: number;
  readonly bias: number;
  readonly dataStart: number;
  readonly charset: string;
}

/** What SPSS notes of every variable for itself. */
const OWN_ATTRIBUTES = /\/?[^:/\n]*:\$@Role\('\d*'\s*\)/g;

interface Raw {
  readonly name: string;
  readonly label: Buffer | null;
  readonly width: number;
  readonly format: number;
  readonly index: number;
  segments: number;
}

interface Extension {
  readonly subtype: number;
  readonly data: Buffer;
}

/** Reads all that comes before the cases of an SPSS file. Source: PSPP developers' guide, "System File Format". */
export function readSpssDictionary(file: Buffer): SpssDictionary {
  if (file.length < 180) throw new Unreadable('corrupt', 'the SPSS file is cut off');
  const layout = file.readInt32LE(64);
  const bigEndian = layout !== 2 && layout !== 3;
  const i32 = (at: number): number => {
    if (at < 0 || at + 4 > file.length) throw new Unreadable('corrupt', 'the dictionary of the SPSS file is cut off');
    return bigEndian ? file.readInt32BE(at) : file.readInt32LE(at);
  };
  const f64 = (at: number): number => (bigEndian ? file.readDoubleBE(at) : file.readDoubleLE(at));
  const raws: Raw[] = [];
  const labelSets: { labels: { value: Buffer; label: Buffer }[]; indexes: number[] }[] = [];
  const documents: Buffer[] = [];
  const extensions: Extension[] = [];
  let at = 176;
  let index = 0;
  for (;;) {
    const kind = i32(at);
    at += 4;
    if (kind === 999) {
      at += 4;
      break;
    }
    if (kind === 2) {
      const width = i32(at);
      const missing = Math.abs(i32(at + 8));
      const hasLabel = i32(at + 4) === 1;
      const format = (i32(at + 12) >> 16) & 0xff;
      const name = file.toString('latin1', at + 20, at + 28).trimEnd();
      at += 28;
      let label: Buffer | null = null;
      if (hasLabel) {
        const length = i32(at);
        label = file.subarray(at + 4, at + 4 + length);
        at += 4 + ((length + 3) & ~3);
      }
      at += missing * 8;
      const last = raws.at(-1);
      if (width === -1 && last !== undefined) last.segments += 1;
      else raws.push({ name, label, width, format, index, segments: 1 });
      index += 1;
    } else if (kind === 3) {
      const labels: { value: Buffer; label: Buffer }[] = [];
      const count = i32(at);
      at += 4;
      for (let each = 0; each < count && at < file.length; each += 1) {
        const length = file[at + 8] ?? 0;
        labels.push({ value: file.subarray(at, at + 8), label: file.subarray(at + 9, at + 9 + length) });
        at += 8 + ((length + 8) & ~7);
      }
      const indexes: number[] = [];
      if (i32(at) === 4) {
        const used = i32(at + 4);
        for (let each = 0; each < used; each += 1) indexes.push(i32(at + 8 + each * 4) - 1);
        at += 8 + used * 4;
      }
      labelSets.push({ labels, indexes });
    } else if (kind === 6) {
      const lines = i32(at);
      for (let each = 0; each < lines; each += 1)
        documents.push(file.subarray(at + 4 + each * 80, at + 84 + each * 80));
      at += 4 + lines * 80;
    } else if (kind === 7) {
      const size = i32(at + 4) * i32(at + 8);
      extensions.push({ subtype: i32(at), data: file.subarray(at + 12, at + 12 + size) });
      at += 12 + size;
    } else throw new Unreadable('corrupt', `the SPSS file has an unknown record ${kind}`);
  }
  const extension = (subtype: number): Buffer | null => extensions.find((one) => one.subtype === subtype)?.data ?? null;
  const charset = charsetOf(extension(20), extension(3), bigEndian);
  const text = (bytes: Buffer): string => decodeText(bytes, charset).replace(/[\0\s]+$/, '');
  const longNames = pairs(extension(13), text);
  const veryLong = new Map([...pairs(extension(14), text)].map(([name, width]) => [name, Number.parseInt(width, 10)]));
  const { kept, variables } = joinPieces(raws, veryLong);
  const nameOf = (raw: Raw): string => longNames.get(raw.name) ?? raw.name;
  const valueLabels = labelSets.map(({ labels, indexes }) => {
    const owners = raws.filter((raw) => indexes.includes(raw.index));
    const isText = owners.some((raw) => raw.width > 0);
    const shown = (value: Buffer): string =>
      isText ? text(value) : shownNumber(bigEndian ? value.readDoubleBE(0) : value.readDoubleLE(0));
    return {
      of: owners.map(nameOf).join(', '),
      labels: labels.map(({ value, label }) => [shown(value), text(label)] as const),
    };
  });
  const words: DataWords = {
    title: text(file.subarray(109, 173)),
    columns: kept.map((raw) => ({ name: nameOf(raw), label: raw.label === null ? '' : text(raw.label) })),
    valueLabels,
    columnLabels: labelColumns(kept.map(nameOf), valueLabels),
    notes: [
      ...documents,
      ...extensions.filter(({ subtype }) => [5, 7, 17, 18, 19, 21].includes(subtype)).map(({ data }) => data),
    ]
      .map((bytes) => text(bytes).replaceAll('\0', ' ').replace(OWN_ATTRIBUTES, ''))
      .filter((line) => /\p{L}/u.test(line)),
  };
  return { words, variables, bigEndian, compression: i32(72), bias: f64(84), dataStart: at, charset };
}

/** A text of more than 255 bytes is stored as variables of 255 bytes, of which 252 count. */
function joinPieces(raws: readonly Raw[], veryLong: ReadonlyMap<string, number>) {
  const kept: Raw[] = [];
  const variables: SpssVariable[] = [];
  for (let at = 0; at < raws.length; ) {
    const raw = raws[at] as Raw;
    const told = veryLong.get(raw.name);
    const count = told === undefined || !(told > 255) ? 1 : Math.ceil(told / 252);
    const parts = raws.slice(at, at + count);
    kept.push(raw);
    const segments = parts.reduce((sum, part) => sum + part.segments, 0);
    variables.push({ width: raw.width, format: raw.format, segments, pieces: parts.map((part) => part.segments) });
    at += Math.max(1, parts.length);
  }
  return { kept, variables };
}

function pairs(data: Buffer | null, text: (bytes: Buffer) => string): ReadonlyMap<string, string> {
  if (data === null) return new Map();
  const found = text(data)
    .split('\t')
    .map((pair) => pair.replaceAll('\0', '').split('='));
  return new Map(found.filter((pair) => pair.length >= 2).map((pair) => [pair[0] as string, pair.slice(1).join('=')]));
}

function charsetOf(named: Buffer | null, machine: Buffer | null, bigEndian: boolean): string {
  const told = named === null ? null : knownCharset(named.toString('latin1').replaceAll('\0', ''));
  if (told !== null) return told;
  const code =
    machine === null || machine.length < 32 ? 0 : bigEndian ? machine.readInt32BE(28) : machine.readInt32LE(28);
  return charsetOfCodePage(code) ?? 'windows-1252';
}
