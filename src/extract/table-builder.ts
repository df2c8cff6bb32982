import { type ColumnProfile, DISTINCT_LIMIT, type Table } from '../core/part.ts';
import { DATE, DECIMAL, INTEGER, kindOf, TEXT } from './cell-kind.ts';
import { findHeader } from './find-header.ts';

/** Rows kept from the top: titles, headers and enough records to see what they are. */
const FIRST_ROWS = 200;
/** Rows kept in all; past twice the rest's share every second one goes. */
const SAMPLE_ROWS = 1000;
/** Up to here a table's text is all of its rows. */
const SMALL_ROWS = 2000;
const SMALL_TEXT = 1 << 20;
/** Bytes of a file whose table is a large one, whatever quotes and markup take of it. */
export const LONG_TABLE = 16 << 20;
/** Prose found below the first rows: any cell of two words up to the first bound, sentences up to the second. */
const PROSE_TEXT = 2 << 20;
const SENTENCE_TEXT = 16 << 20;
/** Text of a table that is to have every row, past which it is a large one like any other. */
const EVERY_CELL_TEXT = 8 << 20;
/** Text of the rows kept as lines, however few they are: a cell of a megabyte may be named in every other one. */
const LONGEST_LINES = 32 << 20;
/** Text of a sampled row. */
const SAMPLED_TEXT = 1 << 18;
/** Columns profiled; a sheet has 16,384 at most. */
const PROFILED_COLUMNS = 16_384;

/** Takes every row of every table as it is read, by the table's name. */
export type RowTap = (table: string, cells: readonly string[]) => void;

/** Whether a table's text has every row; or who takes the rows instead. */
export type EveryCell = boolean | RowTap;

/** What is counted of a column; readers that look at cells in bulk add to it themselves. */
export interface ColumnTally {
  filled: number;
  /** Cells by `kindOf`. */
  readonly kinds: [number, number, number, number];
  readonly values: Set<string>;
  /** Distinct values met beside those. */
  counted: number;
  maxLength: number;
  last: string;
  lastKind: number;
}

/** A table with its text; hand all of it over. */
export interface FinishedTable {
  readonly table: Table;
  readonly text: string;
  /** Its cells may have more sentences than the text has. */
  readonly isProseCut?: true;
}

/**
 * Rows in, a `Table` and its text out, in bounded memory whatever the number of rows.
 *
 * Small tables keep every row in their text; large ones keep the first rows and every distinct cell of prose, so that a
 * sentence in row 40,000 is still read. With `everyCell` the text has every row, up to 8 MB of it.
 */
export class TableBuilder {
  private readonly name: string;
  private everyCell: boolean;
  private readonly tap: RowTap | null;
  private readonly columns: ColumnTally[] = [];
  private readonly first: (readonly string[])[] = [];
  private rest: (readonly string[] | (() => readonly string[]))[] = [];
  private stride = 1;
  private readonly lines: string[] = [];
  private textLength = 0;
  private isLineCut = false;
  private small: boolean;
  private readonly prose = new Set<string>();
  private proseLength = 0;
  private rows = 0;

  /** `isLong`: the table is known to be a large one, so that no more than its first rows need be kept in case it is small. */
  constructor(name: string, everyCell: EveryCell, isLong = false) {
    this.name = name;
    this.small = !isLong;
    this.everyCell = everyCell === true;
    this.tap = typeof everyCell === 'function' ? everyCell : null;
  }

  /** Takes one row of shown cells; a row without a filled cell counts for nothing. The array is kept: hand over a fresh one. */
  addRow(cells: readonly string[]): void {
    let filled = 0;
    const deep = this.rows >= FIRST_ROWS;
    const width = Math.min(cells.length, PROFILED_COLUMNS);
    for (let at = 0; at < width; at += 1) {
      const cell = cells[at] as string;
      if (cell === '') continue;
      filled += 1;
      const column = this.columns[at] ?? this.addColumn(at);
      column.filled += 1;
      if (cell !== column.last) this.look(column, cell, deep);
      column.kinds[column.lastKind] = (column.kinds[column.lastKind] as number) + 1;
    }
    if (filled === 0) return;
    this.rows += 1;
    this.tap?.(this.name, cells);
    this.keepSample(cells);
    if (this.everyCell || this.small || this.rows <= FIRST_ROWS) this.keepLine(cells);
  }

  /** Rows with a filled cell so far. */
  get rowCount(): number {
    return this.rows;
  }

  /** Whether the next row has to be handed over cell by cell: it is among the first, a sample, or all rows are kept. */
  get wantsRow(): boolean {
    return this.keepsRows || (this.rows + 1 - FIRST_ROWS) % this.stride === 0;
  }

  /** Whether rows are kept one after the other still, so that each has to be handed over at once. */
  get keepsRows(): boolean {
    return this.everyCell || this.tap !== null || this.small || this.rows < FIRST_ROWS;
  }

  /**
   * Counts a row that was not handed over; its cells have been added to `column`, its sentences to `addProse`.
   * Answers whether it is one of the sample, which `keepLater` takes.
   */
  countRow(): boolean {
    this.rows += 1;
    return (this.rows - FIRST_ROWS) % this.stride === 0;
  }

  /** Says how many rows will come, so that fewer are taken for the sample and thrown out again. */
  expectRows(count: number): void {
    if (this.stride === 1 && this.rest.length === 0)
      this.stride = 2 ** Math.max(0, Math.ceil(Math.log2(count / ((SAMPLE_ROWS - FIRST_ROWS) * 2))));
  }

  /** Rows up to and with the next that the sample wants. */
  get rowsToSample(): number {
    return this.stride - ((this.rows - FIRST_ROWS) % this.stride);
  }

  /** Counts rows of which none is one of the sample. */
  countRows(count: number): void {
    this.rows += count;
  }

  /** Takes a row of the sample whose cells are made only if the sample keeps it to the end: most are thinned out. */
  keepLater(cells: () => readonly string[]): void {
    this.pushSample(cells);
  }

  /** Columns met so far. */
  get width(): number {
    return this.columns.length;
  }

  /** The tally of a column, for readers that count cells in bulk. */
  column(at: number): ColumnTally {
    return this.columns[at] ?? this.addColumn(at);
  }

  /** What may still be kept of cells below the first rows: any with two words, sentences of six, or nothing more. */
  get proseRoom(): 'words' | 'sentences' | 'none' {
    if (this.proseLength > SENTENCE_TEXT) return 'none';
    return this.proseLength > PROSE_TEXT ? 'sentences' : 'words';
  }

  /** Length of the prose that may be kept before `proseRoom` answers otherwise. */
  get proseLeft(): number {
    return Math.max(0, (this.proseLength > PROSE_TEXT ? SENTENCE_TEXT : PROSE_TEXT) - this.proseLength + 1);
  }

  /** Counts prose that its reader keeps, and hands over at the end: lines in the order they were met. */
  countProse(length: number): void {
    this.proseLength += length;
  }

  addProseLines(lines: string): void {
    if (lines !== '') this.prose.add(lines);
  }

  /** Keeps a cell of words met below the first rows. */
  addProse(cell: string): void {
    this.keepProse(cell);
  }

  finish(hidden: boolean): FinishedTable {
    const sample = [...this.first, ...this.rest.map((row) => (typeof row === 'function' ? row() : row))].map(narrowed);
    const profiles = Array.from(this.columns, (column) => profileOf(column));
    const table: Table = {
      name: this.name,
      rows: this.rows,
      columns: profiles.length,
      header: findHeader(sample.slice(0, 10), sample.slice(0, 60)),
      hidden,
      sample,
      profiles,
    };
    const whole = this.everyCell || this.small;
    const lines = whole ? this.lines : [...this.lines.slice(0, FIRST_ROWS), ...this.prose];
    const isProseCut = this.isLineCut || (!whole && this.proseRoom === 'none');
    return { table, text: lines.join('\n'), ...(isProseCut ? { isProseCut } : {}) };
  }

  private addColumn(at: number): ColumnTally {
    for (let each = this.columns.length; each <= at; each += 1)
      this.columns.push({
        filled: 0,
        kinds: [0, 0, 0, 0],
        values: new Set(),
        counted: 0,
        maxLength: 0,
        last: '',
        lastKind: TEXT,
      });
    return this.columns[at] as ColumnTally;
  }

  private look(column: ColumnTally, cell: string, deep: boolean): void {
    column.last = cell;
    column.lastKind = kindOf(cell);
    if (cell.length > column.maxLength) column.maxLength = cell.length;
    if (column.values.size < DISTINCT_LIMIT) column.values.add(cell);
    if (deep && column.lastKind === TEXT && cell.length > 3 && cell.includes(' ')) this.keepProse(cell);
  }

  private keepProse(cell: string): void {
    if (this.proseLength > SENTENCE_TEXT || (this.proseLength > PROSE_TEXT && cell.split(' ', 6).length < 6)) return;
    // Most prose begins with a plain letter; the full test is for the rest.
    const first = cell.charCodeAt(0) | 0x20;
    if (!(first >= 0x61 && first <= 0x7a) && !/\p{L}/u.test(cell)) return;
    const before = this.prose.size;
    this.prose.add(cell);
    if (this.prose.size > before) this.proseLength += cell.length;
  }

  private keepSample(cells: readonly string[]): void {
    if (this.first.length < FIRST_ROWS) {
      this.first.push(narrowed(cells));
      return;
    }
    if ((this.rows - FIRST_ROWS) % this.stride === 0) this.pushSample(cells);
  }

  private pushSample(row: readonly string[] | (() => readonly string[])): void {
    this.rest.push(row);
    if (this.rest.length <= (SAMPLE_ROWS - FIRST_ROWS) * 2) return;
    this.rest = this.rest.filter((_, at) => at % 2 === 1);
    this.stride *= 2;
  }

  /** A row of endless cells, most of which say the same: each text of it once, and those without room as prose. */
  private lineOf(cells: readonly string[]): string {
    const room = LONGEST_LINES - this.textLength;
    if (lengthOf(cells) <= room) return cells.join('\t');
    const distinct = [...new Set(cells)];
    if (lengthOf(distinct) <= room) return distinct.join('\t');
    for (const cell of distinct) this.keepProse(cell);
    this.isLineCut = true;
    this.small = false;
    this.everyCell = false;
    return '';
  }

  private keepLine(cells: readonly string[]): void {
    // A cell may hold lines of its own; a row is one line.
    const line = this.lineOf(cells).replace(/[\r\n]+/g, ' ');
    this.lines.push(line);
    this.textLength += line.length;
    if (this.everyCell ? this.textLength <= EVERY_CELL_TEXT : this.rows <= SMALL_ROWS && this.textLength <= SMALL_TEXT)
      return;
    this.small = false;
    this.everyCell = false;
    this.lines.length = Math.min(this.lines.length, FIRST_ROWS);
  }
}

function lengthOf(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.length + 1, 0);
}

/** As wide as columns are told apart: millions of cells in one row would each be judged as a column; endless ones by their beginning. */
function narrowed(cells: readonly string[]): readonly string[] {
  const row = cells.length > PROFILED_COLUMNS ? cells.slice(0, PROFILED_COLUMNS) : cells;
  if (lengthOf(row) <= SAMPLED_TEXT) return row;
  const most = Math.ceil(SAMPLED_TEXT / row.length);
  return row.map((cell) => cell.slice(0, most));
}

function profileOf(column: ColumnTally): ColumnProfile {
  return {
    filled: column.filled,
    integers: column.kinds[INTEGER],
    decimals: column.kinds[DECIMAL],
    dates: column.kinds[DATE],
    distinct: Math.min(DISTINCT_LIMIT, column.values.size + column.counted),
    maxLength: column.maxLength,
  };
}
