import {
  DOT,
  EQUALS,
  indexOfLess,
  indexOfMore,
  isNameEnd,
  LESS,
  MORE,
  NINE,
  SLASH,
  SPACE,
  ZERO,
} from './ascii-bytes.ts';
import type { CellStyles } from './cell-styles.ts';
import { ColumnCounts, MAX_COLUMNS } from './column-counts.ts';
import type { SharedStrings } from './shared-strings.ts';
import { addNote, type RowNotes, SheetCell, TYPE_NUMBER, TYPE_OTHER, TYPE_SHARED } from './sheet-cell.ts';
import type { TableBuilder } from './table-builder.ts';

/** A number of more digits than this may show otherwise than it is written. */
const PLAIN_DIGITS = 11;

/**
 * Reads the rows of a sheet from its bytes: a state machine over ASCII markup, without strings for the cells nobody asks for.
 *
 * Rows the table builder wants are handed over as shown text; all others are counted into the same tallies in typed arrays.
 */
export class SheetRows {
  readonly notes: RowNotes = { hidden: false, invisible: [], formulaTexts: new Set(), stray: [] };
  private readonly strings: SharedStrings;
  private readonly styles: CellStyles;
  private readonly table: TableBuilder;
  private readonly hiddenColumns: Uint8Array;
  private readonly counts: ColumnCounts;
  private readonly cell: SheetCell;

  constructor(strings: SharedStrings, styles: CellStyles, table: TableBuilder, hiddenColumns: Uint8Array) {
    this.strings = strings;
    this.styles = styles;
    this.table = table;
    this.hiddenColumns = hiddenColumns;
    this.counts = new ColumnCounts(table, strings);
    this.cell = new SheetCell(strings, this.notes);
  }

  /**
   * Reads from `at` to `end`, which must fall between two rows or after the sheet's data.
   *
   * Answers the offset of the tag that ends the data, or -1 where the data go on.
   */
  read(input: Buffer, at: number, end: number): number {
    const { strings, styles, table, hiddenColumns, counts, cell } = this;
    let column = -1;
    let wanted = false;
    let hiddenRow = false;
    let rowFilled = false;
    let cells: string[] = [];
    while (at < end) {
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
          column = -1;
          wanted = table.wantsRow;
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
            else table.countRow();
            rowFilled = false;
          }
        }
        at = first === 0x21 ? this.readDeclaration(input, at, end) : indexOfMore(input, at, end) + 1;
        continue;
      }

      // <c r="B2" s="1" t="s">
      at += 2;
      column += 1;
      let style = 0;
      let type = TYPE_NUMBER;
      let typeStart = 0;
      let typeEnd = 0;
      let byte = input[at] as number;
      while (byte !== MORE && byte !== SLASH && at < end) {
        if (byte <= SPACE) {
          at += 1;
          byte = input[at] as number;
          continue;
        }
        const name = byte;
        let nameLength = 0;
        while (byte !== EQUALS && byte !== MORE && at < end) {
          if (byte > SPACE) nameLength += 1;
          at += 1;
          byte = input[at] as number;
        }
        if (byte === MORE) break;
        at += 1;
        while ((input[at] as number) <= SPACE && at < end) at += 1;
        const quote = input[at] as number;
        at += 1;
        const start = at;
        byte = input[at] as number;
        if (nameLength === 1 && name === 0x72) {
          let reference = 0;
          while (byte >= 0x41) {
            reference = reference * 26 + ((byte & 0x5f) - 0x40);
            at += 1;
            byte = input[at] as number;
          }
          if (reference > 0 && reference <= MAX_COLUMNS) column = reference - 1;
          while (byte !== quote && at < end) {
            at += 1;
            byte = input[at] as number;
          }
        } else if (nameLength === 1 && name === 0x73) {
          style = 0;
          while (byte !== quote && at < end) {
            style = style * 10 + (byte - ZERO);
            at += 1;
            byte = input[at] as number;
          }
        } else {
          while (byte !== quote && at < end) {
            at += 1;
            byte = input[at] as number;
          }
          if (nameLength === 1 && name === 0x74) {
            typeStart = start;
            typeEnd = at;
            const letter = input[start];
            type =
              at - start > 1 ? TYPE_OTHER : letter === 0x73 ? TYPE_SHARED : letter === 0x6e ? TYPE_NUMBER : TYPE_OTHER;
          }
        }
        at += 1;
        byte = input[at] as number;
      }
      if (byte === SLASH) {
        at += 2;
        continue;
      }
      at += 1;
      if (column >= MAX_COLUMNS) column = MAX_COLUMNS - 1;

      // The quick way: <v>, digits with at most one point, </v></c>, in a row whose text nobody keeps.
      let valueStart = 0;
      let valueEnd = 0;
      if (input[at] === LESS && input[at + 1] === 0x76 && input[at + 2] === MORE) {
        valueStart = at + 3;
        at = valueStart;
        byte = input[at] as number;
        let value = 0;
        while (byte >= ZERO && byte <= NINE) {
          value = value * 10 + (byte - ZERO);
          at += 1;
          byte = input[at] as number;
        }
        let isInteger = true;
        if (byte === DOT && type === TYPE_NUMBER) {
          isInteger = false;
          at += 1;
          byte = input[at] as number;
          while (byte >= ZERO && byte <= NINE) {
            at += 1;
            byte = input[at] as number;
          }
        }
        const isPlain = byte === LESS && at > valueStart && input[at + 3] === MORE && input[at + 5] === SLASH;
        if (isPlain && !wanted && !hiddenRow && hiddenColumns[column] === 0) {
          if (type === TYPE_SHARED) {
            strings.use(value);
            if (counts.addShared(column, value)) rowFilled = true;
            at += 8;
            continue;
          }
          const length = at - valueStart;
          if (type === TYPE_NUMBER && length <= PLAIN_DIGITS) {
            const look = styles.at(style);
            if (look.isInvisible) {
              // Noted cell by cell below.
            } else if (look.isGeneral) {
              let last = at;
              if (!isInteger) {
                while (input[last - 1] === ZERO) last -= 1;
                if (input[last - 1] === DOT) {
                  last -= 1;
                  isInteger = true;
                }
              }
              const leads = input[valueStart] === ZERO && last - valueStart > 1 && input[valueStart + 1] !== DOT;
              if (!leads && input[valueStart] !== DOT) {
                rowFilled = true;
                counts.addNumber(column, isInteger, value, input, valueStart, last);
                at += 8;
                continue;
              }
            } else if (isInteger && look.numbers.knows(value) && counts.addShown(column, value, look.numbers)) {
              rowFilled = true;
              at += 8;
              continue;
            }
          }
        }
        valueEnd = at;
        if (byte !== LESS) valueEnd = at = indexOfLess(input, at, end);
      }

      // Every other way: formulas, inline strings, booleans, errors, styled numbers, rows that are kept.
      const shown = cell.read(
        input,
        at,
        end,
        valueStart,
        valueEnd,
        type,
        input.toString('latin1', typeStart, typeEnd),
        styles.at(style),
      );
      at = cell.next;
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

  /** Ends the reading: what was counted in bulk goes to the builder's columns. */
  flush(): void {
    this.counts.flush();
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

function isHiddenRow(input: Buffer, at: number, tagEnd: number): boolean {
  if (tagEnd - at < 12) return false;
  const tag = input.toString('latin1', at, tagEnd);
  return /\s(?:hidden=["'](?:1|true)["']|ht=["']0(?:\.0+)?["'])/.test(tag);
}
