import {
  DOT,
  EQUALS,
  indexOfLess,
  indexOfMore,
  isNameEnd,
  LESS,
  MORE,
  NINE,
  QUOTE,
  SLASH,
  SPACE,
  ZERO,
} from './ascii-bytes.ts';
import type { CellCounter, CountedState } from './cell-counter.ts';
import { type CellStyle, type CellStyles, GENERAL_STYLE, INVISIBLE_STYLE, SHOWN_STYLE } from './cell-styles.ts';
import { CellTag, isHiddenRow, rowDigits } from './cell-tag.ts';
import { ColumnCounts, MAX_COLUMNS } from './column-counts.ts';
import { ExactValues } from './exact-values.ts';
import { KeptRows, type RowTarget } from './kept-rows.ts';
import type { SharedStrings } from './shared-strings.ts';
import { addNote, noteHiddenRow, type RowNotes, SheetCell, TYPE_NUMBER, TYPE_SHARED } from './sheet-cell.ts';

/** A number of more digits than this may show otherwise than it is written; a whole number, of more than these. */
const [PLAIN_DIGITS, PLAIN_INTEGER_DIGITS] = [11, 15];

/**
 * Reads the rows of a sheet from its bytes: a state machine over ASCII markup, without strings for the cells nobody asks for.
 *
 * Rows the table builder wants are handed over as shown text; all others are counted into the same tallies in typed arrays.
 */
export class SheetRows {
  readonly notes: RowNotes;
  private readonly strings: SharedStrings;
  private readonly styles: CellStyles;
  private readonly table: RowTarget;
  private readonly hiddenColumns: Uint8Array;
  private readonly counts: ColumnCounts;
  private readonly cell: SheetCell;
  private readonly tag = new CellTag();
  private readonly sample: KeptRows;
  private counter: CellCounter | null = null;
  private readonly makeCounter: (() => CellCounter) | null;

  /** `makeCounter`: gives what counts cells in bulk, once rows need not be kept; null: all are counted here. `everyNumber`: of `ExactValues`. */
  constructor(
    strings: SharedStrings,
    styles: CellStyles,
    table: RowTarget,
    hiddenColumns: Uint8Array,
    makeCounter: (() => CellCounter) | null = null,
    everyNumber = false,
  ) {
    const exact = new ExactValues(everyNumber);
    this.notes = { hidden: false, invisible: [], hiddenRows: [], formulaTexts: new Set(), exact, stray: [] };
    this.makeCounter = makeCounter;
    this.strings = strings;
    this.styles = styles;
    this.table = table;
    this.hiddenColumns = hiddenColumns;
    this.counts = new ColumnCounts(table, strings);
    this.cell = new SheetCell(strings, this.notes);
    this.sample = new KeptRows(table, (target) => new SheetRows(strings, styles, target, hiddenColumns));
  }

  /** The bytes of the rows to read next, put together; what was given before is overwritten. */
  hold(rest: Buffer, chunk: Buffer): Buffer {
    if (this.counter === null && this.makeCounter !== null && !this.table.keepsRows) {
      const counter = this.makeCounter();
      counter.begin(this.hiddenColumns);
      this.counts.onFull((column) => counter.markFull(column));
      this.counter = counter;
    }
    return this.counter?.hold(rest, chunk) ?? (rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
  }

  /** Whether these bytes stay as they are until the next call of `hold`. */
  keeps(bytes: Buffer): boolean {
    return this.counter?.holds(bytes) === true;
  }

  /**
   * Reads from `at` to `end`, which must fall between two rows or after the sheet's data.
   *
   * Answers the offset of the tag that ends the data, or -1 where the data go on.
   */
  read(input: Buffer, at: number, end: number): number {
    const { strings, styles, table, hiddenColumns, counts, cell, tag } = this;
    const { modes } = styles;
    let digits = -1;
    let column = -1;
    let wanted = false;
    let hiddenRow = false;
    let rowFilled = false;
    let rowStart = at;
    let cells: string[] = [];
    const counter = this.counter?.holds(input) === true ? this.counter : null;
    const state: CountedState = { at, column, digits, rowFilled, rowStart };
    while (at < end) {
      if (counter !== null && digits > 0 && !wanted && !hiddenRow) {
        state.at = at;
        state.column = column;
        state.digits = digits;
        state.rowFilled = rowFilled;
        state.rowStart = rowStart;
        counter.count(input, end, state, table);
        ({ at, column, digits, rowFilled, rowStart } = state);
        if (at >= end) break;
      }
      if (input[at] !== LESS) {
        at = this.readStray(input, at, end);
        continue;
      }
      const first = input[at + 1] as number;
      if (first !== 0x63 || !isNameEnd(input[at + 2] as number)) {
        // No cell: a row, an end tag, or something a spreadsheet does not write.
        if (first === 0x72 && input[at + 2] === 0x6f && input[at + 3] === 0x77 && isNameEnd(input[at + 4] as number)) {
          const tagEnd = indexOfMore(input, at, end);
          hiddenRow = isHiddenRow(input, at, tagEnd);
          if (hiddenRow) noteHiddenRow(this.notes, input, at, tagEnd);
          digits = rowDigits(input, at);
          column = -1;
          rowStart = at;
          wanted = table.keepsRows;
          rowFilled = false;
          cells = [];
          at = tagEnd + 1;
          continue;
        }
        if (first === SLASH) {
          const name = input[at + 2];
          if (name === 0x73) return at;
          if (name === 0x72 && rowFilled) {
            if (wanted) table.addRow(cells);
            else if (table.countRow()) this.sample.keep(input.subarray(rowStart, indexOfMore(input, at, end) + 1));
            rowFilled = false;
          }
        }
        at = first === 0x21 ? this.readDeclaration(input, at, end) : indexOfMore(input, at, end) + 1;
        continue;
      }

      // The start tag as programs write it: <c r="B2" s="1" t="s">
      column += 1;
      let style = 0;
      let type = TYPE_NUMBER;
      let typeName = '';
      let after = -1;
      if (digits > 0 && input[at + 3] === 0x72 && input[at + 4] === EQUALS && input[at + 5] === QUOTE) {
        let reference = (input[at + 6] as number) - 0x40;
        let to = at + 7;
        let letter = input[to] as number;
        while (letter >= 0x41 && letter <= 0x5a && reference <= MAX_COLUMNS) {
          reference = reference * 26 + (letter - 0x40);
          to += 1;
          letter = input[to] as number;
        }
        to += digits;
        if (input[to] === QUOTE && reference > 0 && reference <= MAX_COLUMNS) {
          to += 1;
          if (input[to] === SPACE && input[to + 1] === 0x73 && input[to + 2] === EQUALS && input[to + 3] === QUOTE) {
            to += 4;
            let digit = (input[to] as number) - ZERO;
            while (digit >= 0 && digit <= 9) {
              style = style * 10 + digit;
              to += 1;
              digit = (input[to] as number) - ZERO;
            }
            to += 1;
          }
          if (
            input[to] === SPACE &&
            input[to + 1] === 0x74 &&
            input[to + 3] === QUOTE &&
            input[to + 4] === 0x73 &&
            input[to + 5] === QUOTE
          ) {
            type = TYPE_SHARED;
            to += 6;
          }
          if (input[to] === MORE) {
            column = reference - 1;
            after = to + 1;
          }
        }
      }
      if (after < 0) {
        tag.read(input, at + 2, end, column);
        ({ column, style, type, typeName } = tag);
        after = tag.next;
        if (tag.isEmpty) {
          at = after;
          continue;
        }
      }
      at = after;

      // The quick way: <v>, digits with at most one point, </v></c>.
      let valueStart = 0;
      let valueEnd = 0;
      let shown: string | null = null;
      if (input[at] === LESS && input[at + 1] === 0x76 && input[at + 2] === MORE) {
        valueStart = at + 3;
        at = valueStart;
        let byte = input[at] as number;
        let value = 0;
        while (byte >= ZERO && byte <= NINE) {
          value = value * 10 + (byte - ZERO);
          at += 1;
          byte = input[at] as number;
        }
        const isInteger = byte !== DOT || type !== TYPE_NUMBER;
        if (!isInteger) {
          at += 1;
          byte = input[at] as number;
          while (byte >= ZERO && byte <= NINE) {
            at += 1;
            byte = input[at] as number;
          }
        }
        if (byte === LESS && at > valueStart && input[at + 3] === MORE && input[at + 5] === SLASH) {
          const mode = style < modes.length ? (modes[style] as number) : GENERAL_STYLE;
          const isSeen = !hiddenRow && hiddenColumns[column] === 0 && mode !== INVISIBLE_STYLE;
          if (type === TYPE_SHARED && !wanted && isSeen) {
            strings.use(value);
            if (counts.addShared(column, value)) rowFilled = true;
            at += 8;
            continue;
          }
          if (type === TYPE_SHARED) shown = mode === GENERAL_STYLE ? strings.show(value) : null;
          else if (type !== TYPE_NUMBER) shown = null;
          else if (mode === GENERAL_STYLE) shown = showPlain(input, valueStart, at, isInteger, value);
          else if (mode === SHOWN_STYLE && isInteger && at - valueStart <= PLAIN_DIGITS)
            shown = this.showWhole(value, styles.at(style), wanted);
        }
        valueEnd = at;
        if (byte !== LESS) valueEnd = at = indexOfLess(input, at, end);
      }

      // Every other way: formulas, inline strings, booleans, errors, styled numbers.
      if (shown !== null) at += 8;
      else {
        shown = cell.read(input, at, end, valueStart, valueEnd, type, typeName, styles.at(style));
        at = cell.next;
      }
      if (shown === '') continue;
      rowFilled = true;
      if (hiddenRow || hiddenColumns[column] !== 0) this.notes.hidden = true;
      if (wanted) {
        while (cells.length < column) cells.push('');
        cells[column] = shown;
      } else counts.addText(column, shown);
    }
    // Only a sheet that is cut off ends inside a row.
    if (rowFilled && wanted) table.addRow(cells);
    else if (rowFilled) table.countRow();
    return -1;
  }

  private showWhole(value: number, { numbers, format }: CellStyle, isNoted: boolean): string | null {
    const shown = numbers.show(value);
    if (isNoted && shown !== null) this.notes.exact.note(value, shown, format);
    return shown;
  }

  /** Ends the reading: what was counted in bulk goes to the builder's columns. */
  flush(): void {
    this.counts.flush();
    this.counter?.flush(this.table);
  }

  private readStray(input: Buffer, at: number, end: number): number {
    const next = indexOfLess(input, at, end);
    let from = at;
    while (from < next && (input[from] as number) <= SPACE) from += 1;
    if (from < next) addNote(this.notes.stray, input.toString('utf8', from, next).trim());
    return next;
  }

  private readDeclaration(input: Buffer, at: number, end: number): number {
    const cdata = input.toString('latin1', at, at + 9) === '<![CDATA[';
    const close = input.indexOf(cdata ? ']]>' : '-->', at);
    const stop = close < 0 || close > end ? end : close;
    addNote(this.notes.stray, input.toString('utf8', at + (cdata ? 9 : 4), stop));
    return stop === end ? end : stop + 3;
  }
}

/** A number as written between the offsets, digits with a point at most, in the general format; null where that shows otherwise. */
function showPlain(input: Buffer, start: number, end: number, isInteger: boolean, value: number): string | null {
  const leads = input[start] === ZERO && end - start > 1 && input[start + 1] !== DOT;
  if (leads || input[start] === DOT) return null;
  if (isInteger) return end - start <= PLAIN_INTEGER_DIGITS ? String(value) : null;
  if (end - start > PLAIN_DIGITS) return null;
  let last = end;
  while (input[last - 1] === ZERO) last -= 1;
  if (input[last - 1] === DOT) last -= 1;
  return input.toString('latin1', start, last);
}
