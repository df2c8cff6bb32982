import type { CellStyles } from './cell-styles.ts';
import { GENERAL_STYLE, INVISIBLE_STYLE } from './cell-styles.ts';
import { COUNT_CELLS } from './count-cells-module.ts';
import type { SharedStrings } from './shared-strings.ts';
import type { TableBuilder } from './table-builder.ts';
import { startModule } from './web-assembly.ts';

/** The layout of the memory; `wasm/count-cells.as` has the same numbers. */
const COLUMN = 0;
const DIGITS = 1;
const ROW_FILLED = 2;
const ROW_START = 3;
const ROWS_LEFT = 4;
const ROWS = 5;
const PROSE_FLAGS = 6;
const STRING_COUNT = 7;
const STRING_FLAGS = 8;
const STRING_LENGTHS = 9;
const PROSE_LEFT = 10;
const PROSE_COUNT = 11;
const PROSE_LIST = 12;
const COLUMNS = 1024;
const COLUMN_WORDS = 8;
const MAX_COLUMNS = 1024;
const MODES = 0x10000;
const MAX_STYLES = 0x10000;
const LEAVE = 255;
const SEEN = 0x20000;
const SEEN_SIZE = 0x1000;
const SHOWN = 0x420000;
const SHOWN_SIZE = 0x10000;
/** Tables of what whole numbers show as; a workbook has a handful of formats for dates and amounts. */
const MAX_SHOWN = 16;
const STRINGS = SHOWN + MAX_SHOWN * 2 * SHOWN_SIZE;

const FULL = 1;
const HIDDEN = 2;
/** What the bytes that a row has from the last chunk may come to, and the chunk itself. */
const CARRY = 1 << 20;
const CHUNK = 1 << 20;
/** Bytes that are read past the end, and mean nothing. */
const SLACK = 64;

/** What the counting reads a table's tallies from and adds them to. */
type CountedTable = Pick<
  TableBuilder,
  'column' | 'proseRoom' | 'proseLeft' | 'countProse' | 'addProseLines' | 'rowsToSample' | 'countRows'
>;

/** How far the counting came: the row it stands in, and the last cell's column. */
export interface CountedState {
  at: number;
  column: number;
  digits: number;
  rowFilled: boolean;
  rowStart: number;
}

/**
 * Counts the cells of a sheet's rows in bulk, in WebAssembly, as `ColumnCounts` does cell by cell.
 *
 * It stops at whatever is not the markup the common programs write, and at each value a column has not met before; the
 * caller reads that one thing itself. One counter serves the sheets of a workbook in turn.
 */
export class CellCounter {
  private readonly buffer: ArrayBuffer;
  private readonly words: Uint32Array;
  private readonly input: Buffer;
  private readonly chunkAt: number;
  private readonly run: (from: number, end: number) => number;
  private readonly strings: SharedStrings;

  constructor(strings: SharedStrings, styles: CellStyles) {
    const lengths = STRINGS + ((strings.count + 7) & ~7);
    const prose = lengths + strings.count * 4;
    const carry = prose + strings.count * 4;
    this.chunkAt = carry + CARRY;
    const { buffer, exports } = startModule(COUNT_CELLS, this.chunkAt + CHUNK + SLACK);
    this.buffer = buffer;
    this.run = exports['count'] as (from: number, end: number) => number;
    this.words = new Uint32Array(buffer, 0, COLUMNS / 4 + MAX_COLUMNS * COLUMN_WORDS);
    this.input = Buffer.from(buffer);
    this.strings = strings;
    strings.moveTo(new Uint8Array(buffer, STRINGS, strings.count), new Uint32Array(buffer, lengths, strings.count));
    this.words[STRING_COUNT] = strings.count;
    this.words[STRING_FLAGS] = STRINGS;
    this.words[STRING_LENGTHS] = lengths;
    this.words[PROSE_LIST] = prose;
    this.setStyles(styles);
  }

  /** Makes ready for a sheet. */
  begin(hiddenColumns: Uint8Array): void {
    for (let at = 0; at < MAX_COLUMNS; at += 1) {
      const base = COLUMNS / 4 + at * COLUMN_WORDS;
      if (this.words[base + 6] !== 0) this.input.fill(0, SEEN + at * SEEN_SIZE, SEEN + (at + 1) * SEEN_SIZE);
      this.words.fill(0, base, base + COLUMN_WORDS);
      this.words[base + 5] = hiddenColumns[at] === 0 ? 0 : HIDDEN;
    }
  }

  /** Bytes put together where they can be counted; null where they are too many. What a former call gave is gone. */
  hold(rest: Buffer, chunk: Buffer): Buffer | null {
    if (rest.length > CARRY || chunk.length > CHUNK) return null;
    const start = this.chunkAt - rest.length;
    this.input.set(rest, start);
    this.input.set(chunk, this.chunkAt);
    return this.input.subarray(start, this.chunkAt + chunk.length);
  }

  /** Whether `count` can read these bytes. */
  holds(input: Buffer): boolean {
    return input.buffer === this.buffer;
  }

  /** Counts on from `state` to `end`, or to what it leaves; rows that were counted are added to the table. */
  count(input: Buffer, end: number, state: CountedState, table: CountedTable): void {
    const { words, strings } = this;
    const base = input.byteOffset;
    words[COLUMN] = state.column;
    words[DIGITS] = state.digits;
    words[ROW_FILLED] = state.rowFilled ? 1 : 0;
    words[ROW_START] = state.rowStart + base;
    words[ROWS_LEFT] = table.rowsToSample;
    words[ROWS] = 0;
    words[PROSE_FLAGS] = strings.proseFlags(table.proseRoom);
    const { proseLeft } = table;
    words[PROSE_LEFT] = proseLeft;
    state.at = this.run(state.at + base, end + base) - base;
    state.column = (words[COLUMN] as number) | 0;
    state.digits = words[DIGITS] as number;
    state.rowFilled = words[ROW_FILLED] !== 0;
    state.rowStart = (words[ROW_START] as number) - base;
    const prose = proseLeft - ((words[PROSE_LEFT] as number) | 0);
    if (prose !== 0) table.countProse(prose);
    if (words[ROWS] !== 0) table.countRows(words[ROWS] as number);
  }

  /** Says that a column has as many distinct values as are counted. */
  markFull(column: number): void {
    if (column >= MAX_COLUMNS) return;
    const at = COLUMNS / 4 + column * COLUMN_WORDS + 5;
    this.words[at] = (this.words[at] as number) | FULL;
  }

  /** Adds what was counted to the table's own tallies, once. */
  flush(table: CountedTable): void {
    const prose = new Uint32Array(this.buffer, this.words[PROSE_LIST], this.words[PROSE_COUNT]);
    table.addProseLines(this.strings.lines(prose));
    this.words[PROSE_COUNT] = 0;
    for (let at = 0; at < MAX_COLUMNS; at += 1) {
      const base = COLUMNS / 4 + at * COLUMN_WORDS;
      const [filled = 0, integers = 0, decimals = 0, dates = 0, longest = 0] = this.words.subarray(base, base + 5);
      if (filled === 0) continue;
      const tally = table.column(at);
      tally.filled += filled;
      tally.kinds[0] += filled - integers - decimals - dates;
      tally.kinds[1] += integers;
      tally.kinds[2] += decimals;
      tally.kinds[3] += dates;
      tally.maxLength = Math.max(tally.maxLength, longest);
      this.words.fill(0, base, base + 5);
    }
  }

  private setStyles(styles: CellStyles): void {
    const modes = new Uint8Array(this.buffer, MODES, MAX_STYLES);
    const tables = new Map<unknown, number>();
    for (const [style, mode] of styles.modes.subarray(0, MAX_STYLES).entries()) {
      if (mode === GENERAL_STYLE) continue;
      modes[style] = LEAVE;
      if (mode === INVISIBLE_STYLE) continue;
      const { numbers } = styles.at(style);
      const known = tables.get(numbers);
      if (known === undefined && tables.size === MAX_SHOWN) continue;
      modes[style] = known ?? tables.size + 1;
      if (known !== undefined) continue;
      const at = SHOWN + tables.size * 2 * SHOWN_SIZE;
      tables.set(numbers, tables.size + 1);
      numbers.tellIn(
        new Uint8Array(this.buffer, at, SHOWN_SIZE),
        new Uint8Array(this.buffer, at + SHOWN_SIZE, SHOWN_SIZE),
      );
    }
  }
}
