import type { Budget } from './budget.ts';
import { type DataWords, shownNumber } from './data-file.ts';
import { decodeText } from './decode-text.ts';
import { type LabelSet, labelColumns } from './label-set.ts';
import { shownSpssNumber } from './spss-rows.ts';
import { Unreadable } from './unreadable.ts';

const LINE = 80;
const SPLASH = 200;
const TABLE = 256;
/** The portable characters from code 64 on; a file's own table says which byte stands for each. */
const PORTABLE = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .<(+|&[]!$*);^-/|,%_>?`:#@\'="';
const MAX_COLUMNS = 200_000;

interface Variable {
  readonly name: string;
  readonly width: number;
  readonly format: number;
  label: string;
}

export interface PortableFile {
  readonly words: DataWords;
  readonly rows: Iterable<string[]>;
}

/** An SPSS portable file (`.por`): lines of 80 characters, numbers in base 30. Source: PSPP developers' guide, "Portable File Format". */
export function readPortable(file: Buffer, budget: Budget): PortableFile {
  const reader = new Reader(unwrap(file));
  reader.expect('SPSSPORT');
  reader.next();
  reader.text();
  reader.text();
  const variables: Variable[] = [];
  const sets: LabelSet[] = [];
  const notes: string[] = [];
  for (let tag = reader.next(); tag !== 'F'; tag = reader.next()) {
    const last = variables.at(-1);
    if (tag === '1' || tag === '2' || tag === '3') notes.push(reader.text());
    else if (tag === '4' || tag === '5') reader.number();
    else if (tag === '6') reader.text();
    else if (tag === '7' && variables.length < MAX_COLUMNS) variables.push(readVariable(reader));
    else if (tag === '8' || tag === '9' || tag === 'A') reader.value(last?.width ?? 0);
    else if (tag === 'B') {
      reader.value(last?.width ?? 0);
      reader.value(last?.width ?? 0);
    } else if (tag === 'C' && last !== undefined) last.label = reader.text();
    else if (tag === 'D') sets.push(readLabels(reader, variables));
    else if (tag === 'E') for (let left = reader.number() ?? 0; left > 0; left -= 1) notes.push(reader.text());
    else throw new Unreadable('corrupt', `the SPSS file has an unknown record ${tag}`);
  }
  const names = variables.map(({ name }) => name);
  return {
    words: {
      title: '',
      columns: variables.map(({ name, label }) => ({ name, label })),
      valueLabels: sets,
      columnLabels: labelColumns(names, sets),
      notes,
    },
    rows: readRows(reader, variables, budget),
  };
}

function readVariable(reader: Reader): Variable {
  const width = reader.number() ?? 0;
  const name = reader.text();
  const format = reader.number() ?? 0;
  for (let each = 0; each < 5; each += 1) reader.number();
  return { name, width, format, label: '' };
}

function readLabels(reader: Reader, variables: readonly Variable[]): LabelSet {
  const count = Math.min(reader.number() ?? 0, MAX_COLUMNS);
  const names = Array.from({ length: count }, () => reader.text());
  const width = variables.find(({ name }) => name === names[0])?.width ?? 0;
  const labels = Array.from(
    { length: Math.min(reader.number() ?? 0, MAX_COLUMNS) },
    () => [reader.value(width), reader.text()] as const,
  );
  return { of: names.join(', '), labels };
}

function* readRows(reader: Reader, variables: readonly Variable[], budget: Budget): Iterable<string[]> {
  if (variables.length === 0) return;
  while (!reader.atEnd()) {
    budget.takeBytes(variables.length * 8);
    yield variables.map(({ width, format }) => {
      if (width > 0) return reader.text().trimEnd();
      const value = reader.number();
      return value === null ? '' : shownSpssNumber(value, format);
    });
  }
}

/** The characters without their lines' ends, each line filled up to its 80, and by the portable table. */
function unwrap(file: Buffer): Buffer {
  const lines = file
    .toString('latin1')
    .split(/\r?\n/)
    .map((line) => line.padEnd(LINE, ' '));
  const bytes = Buffer.from(lines.join(''), 'latin1');
  const table = bytes.subarray(SPLASH, SPLASH + TABLE);
  const body = bytes.subarray(SPLASH + TABLE);
  if (table[64] === 0x30 && table[74] === 0x41) return body;
  const meant = new Map<number, number>();
  for (const [at, character] of [...PORTABLE].entries()) {
    const byte = table[64 + at];
    if (byte !== undefined && !meant.has(byte)) meant.set(byte, character.charCodeAt(0));
  }
  return body.map((byte) => meant.get(byte) ?? byte) as Buffer;
}

class Reader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  expect(word: string): void {
    if (this.bytes.toString('latin1', 0, word.length) !== word)
      throw new Unreadable('corrupt', 'the SPSS portable file lacks its mark');
    this.at = word.length;
  }

  next(): string {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new Unreadable('corrupt', 'the SPSS portable file is cut off');
    this.at += 1;
    return String.fromCharCode(byte);
  }

  /** The data end with Zs that fill the last line. */
  atEnd(): boolean {
    return this.at >= this.bytes.length || this.bytes[this.at] === 0x5a;
  }

  /** Null for the missing value. */
  number(): number | null {
    while (this.bytes[this.at] === 0x20) this.at += 1;
    if (this.bytes[this.at] === 0x2a) {
      this.at += 2;
      return null;
    }
    const end = this.bytes.indexOf(0x2f, this.at);
    if (end < 0) throw new Unreadable('corrupt', 'the SPSS portable file is cut off');
    const value = parseBase30(this.bytes.toString('latin1', this.at, end));
    this.at = end + 1;
    return value;
  }

  text(): string {
    const length = this.number() ?? 0;
    if (length < 0 || this.at + length > this.bytes.length)
      throw new Unreadable('corrupt', 'the SPSS portable file is cut off');
    const raw = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return decodeText(raw);
  }

  value(width: number): string {
    if (width > 0) return this.text().trimEnd();
    const value = this.number();
    return value === null ? '' : shownNumber(value);
  }
}

/** Digits 0 to 9 and A to T, a point, an exponent after a sign. */
function parseBase30(text: string): number {
  const shape = /^(-?)([0-9A-T]*)(?:\.([0-9A-T]*))?(?:([+-])([0-9A-T]+))?$/.exec(text.trim());
  if (shape === null) throw new Unreadable('corrupt', 'the SPSS portable file has a number that is none');
  const [, sign, whole = '', fraction = '', exponentSign, exponent = ''] = shape;
  let value = 0;
  for (const digit of whole + fraction) value = value * 30 + Number.parseInt(digit, 30);
  const power =
    (exponentSign === '-' ? -1 : 1) * (exponent === '' ? 0 : Number.parseInt(exponent, 30)) - fraction.length;
  const scaled = power < 0 ? value / 30 ** -power : value * 30 ** power;
  return sign === '-' ? -scaled : scaled;
}
