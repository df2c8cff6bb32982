import { DISTINCT_LIMIT } from '../core/part.ts';
import { kindOf } from './cell-kind.ts';
import { COUNT_DELIMITED } from './count-delimited-module.ts';
import { decodeText } from './decode-text.ts';
import type { TableBuilder } from './table-builder.ts';
import { type LoadedModule, startModule } from './web-assembly.ts';

/** The layout of the memory; `wasm/count-delimited.as` has the same numbers. */
const COLUMN = 0;
const ROW_FILLED = 1;
const ROWS_LEFT = 2;
const ROWS = 3;
const DELIMITER = 4;
const CELL_START = 5;
const CELL_END = 6;
const CELL_COLUMN = 7;
const CELL_KNOWN = 8;
const CELL_NEW = 9;
const PROSE_SPACES = 10;
const PROSE_LEFT = 11;
const PROSE_BYTES = 12;
const PROSE_MARKS = 13;
const WHY = 14;
const CELL_KEPT = 15;
const COLUMNS = 1024;
const COLUMN_WORDS = 8;
const MAX_COLUMNS = 1024;
const REMEMBERED = 0x10000;
const SEEN = 0x110000;
const SEEN_SIZE = 8192;
const PROSE_KEYS = 0x910000;
const PROSE = 0xb10000;
const PROSE_SIZE = 0x100000;

/** Words of a column: its marks, values in its table, and how many distinct values it has. */
const MARKS = 5;
const VALUES = 6;
const DISTINCT = 7;
const FULL = 1;
/** What a row has from the last chunk may come to, and the chunk itself. */
const CARRY = 1 << 20;
const CHUNK = 1 << 20;
const CHUNK_AT = PROSE + PROSE_SIZE + CARRY;
const SLACK = 128;
/** Where a value lies that was read as text, and how long it may be to be told apart by the module. */
const VALUE_AT = CHUNK_AT + CHUNK + SLACK;
const MAX_VALUE = 1 << 16;
/** Spaces of a cell of six words. */
const SENTENCE_SPACES = 5;
const NO_PROSE = 0xffffffff;
const BEYOND_ASCII = /[^\0-\x7f]/;

/** Why the counting stopped; the numbers are those of the module. */
export type Stop = 'ended' | 'wanted' | 'odd';
const CELL = 1;
const STOPS: readonly Stop[] = ['ended', 'ended', 'wanted', 'odd'];

/** Modules whose tables are done with: a new memory costs more than clearing an old one. */
const idle: LoadedModule[] = [];

/** Counts the cells of delimited rows, in WebAssembly, for rows whose text nobody keeps. */
export class DelimitedCounter {
  private readonly table: TableBuilder;
  private readonly charset: string | null;
  private readonly module: LoadedModule;
  private readonly buffer: ArrayBuffer;
  private readonly words: Uint32Array;
  private readonly input: Buffer;
  private readonly run: (from: number, end: number, skips: number) => number;
  private readonly seeValue: (column: number, start: number, end: number) => void;
  private readonly flushSlots: () => void;

  constructor(table: TableBuilder, delimiter: string, charset: string | null) {
    this.table = table;
    this.charset = charset;
    this.module = idle.pop() ?? startModule(COUNT_DELIMITED, VALUE_AT + MAX_VALUE + SLACK);
    const { buffer, exports } = this.module;
    this.buffer = buffer;
    this.words = new Uint32Array(buffer);
    this.input = Buffer.from(buffer);
    this.run = exports['count'] as (from: number, end: number, skips: number) => number;
    this.seeValue = exports['see'] as (column: number, start: number, end: number) => void;
    this.flushSlots = exports['flush'] as () => void;
    this.words[DELIMITER] = delimiter.charCodeAt(0);
    this.learnValues();
  }

  /** Column of the next cell: rows are counted cell by cell, and may begin in one chunk and end in another. */
  get column(): number {
    return this.words[COLUMN] as number;
  }

  /** Bytes put together where they can be counted; null where they are too many. What a former call gave is gone. */
  hold(rest: Buffer, chunk: Buffer): Buffer | null {
    if (rest.length > CARRY || chunk.length > CHUNK) return null;
    const start = CHUNK_AT - rest.length;
    this.input.set(rest, start);
    this.input.set(chunk, CHUNK_AT);
    return this.input.subarray(start, CHUNK_AT + chunk.length);
  }

  holds(input: Buffer): boolean {
    return input.buffer === this.buffer;
  }

  /**
   * Counts from `at`, where a cell begins; answers where it stopped, and why. `ended`: what follows is not whole.
   * With `skips` it goes on where a row is wanted as text.
   */
  count(input: Buffer, at: number, skips = false): { readonly at: number; readonly why: Stop } {
    const { words, table } = this;
    const base = input.byteOffset;
    let next = at + base;
    let skip = skips ? 1 : 0;
    for (;;) {
      const room = table.proseRoom;
      const { proseLeft } = table;
      words[PROSE_SPACES] = room === 'none' ? NO_PROSE : room === 'words' ? 1 : SENTENCE_SPACES;
      words[PROSE_LEFT] = proseLeft;
      words[ROWS_LEFT] = table.rowsToSample;
      words[ROWS] = 0;
      next = this.run(next, input.length + base, skip);
      const prose = proseLeft - ((words[PROSE_LEFT] as number) | 0);
      if (prose !== 0) table.countProse(prose);
      if (words[ROWS] !== 0) {
        table.countRows(words[ROWS] as number);
        skip = 0;
      }
      if (words[WHY] !== CELL) return { at: next - base, why: STOPS[words[WHY] as number] ?? 'odd' };
      this.lookAtCell();
    }
  }

  /** Counts cells that had to be made into text, the next of their row; `endRow` follows the last. */
  addTexts(cells: readonly string[]): void {
    let column = this.column;
    for (const cell of cells) {
      if (cell !== '') this.addText(column, cell);
      column += 1;
    }
    this.words[COLUMN] = column;
  }

  /** Answers whether the row is one of the table's sample. */
  endRow(): boolean {
    const isSample = this.words[ROW_FILLED] !== 0 && this.table.countRow();
    this.words[ROW_FILLED] = 0;
    this.words[COLUMN] = 0;
    return isSample;
  }

  /** Adds what was counted to the table's own tallies, once; nothing can be counted afterwards. */
  flush(): void {
    this.flushSlots();
    this.drainProse();
    for (let at = 0; at < MAX_COLUMNS; at += 1) {
      const base = COLUMNS / 4 + at * COLUMN_WORDS;
      const [filled = 0, integers = 0, decimals = 0, dates = 0, longest = 0] = this.words.subarray(base, base + 5);
      if (filled === 0) continue;
      const tally = this.table.column(at);
      tally.filled += filled;
      tally.kinds[0] += filled - integers - decimals - dates;
      tally.kinds[1] += integers;
      tally.kinds[2] += decimals;
      tally.kinds[3] += dates;
      tally.maxLength = Math.max(tally.maxLength, longest);
      this.words.fill(0, base, base + 5);
    }
    for (let at = 0; at < Math.min(MAX_COLUMNS, this.table.width); at += 1) {
      const tally = this.table.column(at);
      tally.counted = (this.words[COLUMNS / 4 + at * COLUMN_WORDS + DISTINCT] as number) - tally.values.size;
    }
    this.release();
  }

  /** Leaves the memory as a new one would be, apart from input, for the next table. */
  private release(): void {
    const { words, input } = this;
    for (let at = 0; at < MAX_COLUMNS; at += 1)
      if (words[COLUMNS / 4 + at * COLUMN_WORDS + VALUES] !== 0)
        input.fill(0, SEEN + at * SEEN_SIZE, SEEN + (at + 1) * SEEN_SIZE);
    input.fill(0, REMEMBERED, REMEMBERED + 0x10000);
    if (words[PROSE_MARKS] !== 0) input.fill(0, PROSE_KEYS, PROSE);
    input.fill(0, 0, COLUMNS + MAX_COLUMNS * COLUMN_WORDS * 4);
    idle.push(this.module);
  }

  /** Tells the module what values the columns had before it counts. */
  private learnValues(): void {
    for (let at = 0; at < Math.min(MAX_COLUMNS, this.table.width); at += 1)
      for (const value of this.table.column(at).values) {
        if (isTold(value)) this.seeText(at, value);
        else this.countValue(at);
      }
  }

  private seeText(column: number, text: string): void {
    const length = this.input.write(text, VALUE_AT, 'latin1');
    this.seeValue(column, VALUE_AT, VALUE_AT + length);
  }

  private countValue(column: number): void {
    const base = COLUMNS / 4 + column * COLUMN_WORDS;
    const distinct = (this.words[base + DISTINCT] as number) + 1;
    this.words[base + DISTINCT] = distinct;
    if (distinct >= DISTINCT_LIMIT) this.words[base + MARKS] = (this.words[base + MARKS] as number) | FULL;
  }

  /** A cell of which the bytes alone do not tell everything: its first sight in the column, or text beyond ASCII. */
  private lookAtCell(): void {
    const { words } = this;
    const known = words[CELL_KNOWN] as number;
    const text = this.cellText(words[CELL_START] as number, words[CELL_END] as number, known !== 0);
    const column = words[CELL_COLUMN] as number;
    const kind = kindOf(text);
    if (known !== 0) {
      words[known >>> 2] = (text.length << 2) | kind;
      this.tally(column, kind, text.length);
    }
    if (words[CELL_NEW] !== 0) this.see(column, text);
    if (words[CELL_KEPT] === 0) this.addProse(kind, text);
    if ((words[PROSE_BYTES] as number) > PROSE_SIZE / 2) this.drainProse();
  }

  private cellText(start: number, end: number, isBeyondAscii: boolean): string {
    return isBeyondAscii
      ? decodeText(this.input.subarray(start, end), this.charset)
      : this.input.toString('latin1', start, end);
  }

  private addText(column: number, text: string): void {
    if (column >= 16_384) return;
    const kind = kindOf(text);
    this.tally(column, kind, text.length);
    this.see(column, text);
    this.addProse(kind, text);
    this.words[ROW_FILLED] = 1;
  }

  private tally(column: number, kind: 0 | 1 | 2 | 3, length: number): void {
    const tally = this.table.column(column);
    tally.filled += 1;
    tally.kinds[kind] += 1;
    tally.maxLength = Math.max(tally.maxLength, length);
  }

  private addProse(kind: number, text: string): void {
    if (kind === 0 && text.length > 3 && text.includes(' ')) this.table.addProse(text);
  }

  private see(column: number, text: string): void {
    if (column < MAX_COLUMNS && isTold(text)) {
      this.seeText(column, text);
      return;
    }
    const { values } = this.table.column(column);
    const before = values.size;
    if (before < DISTINCT_LIMIT) values.add(text);
    if (values.size > before && column < MAX_COLUMNS) this.countValue(column);
  }

  private drainProse(): void {
    const used = this.words[PROSE_BYTES] as number;
    if (used > 0) this.table.addProseLines(this.input.toString('latin1', PROSE, PROSE + used - 1));
    this.words[PROSE_BYTES] = 0;
  }
}

/** Whether the module tells the value from others: by its bytes, which are its characters. */
function isTold(value: string): boolean {
  return value.length <= MAX_VALUE && !BEYOND_ASCII.test(value);
}
