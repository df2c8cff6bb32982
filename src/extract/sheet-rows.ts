import { DISTINCT_LIMIT } from '../core/part.ts';
import type { CellStyle, CellStyles } from './cell-styles.ts';
import { showGeneral } from './number-format.ts';
import type { SharedStrings } from './shared-strings.ts';
import { kindOf, type TableBuilder } from './table-builder.ts';
import { cellText } from './xlsx-strings.ts';
import { decodeEntities } from './xml-reader.ts';

const LESS = 0x3c;
const MORE = 0x3e;
const SLASH = 0x2f;
const SPACE = 0x20;
const EQUALS = 0x3d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const MAX_COLUMNS = 16_384;
/** Whole numbers below this are told apart in a table of bits before any string is made of them. */
const SMALL_NUMBERS = 1024;
/** A number of more digits than this may show otherwise than it is written. */
const PLAIN_DIGITS = 11;
const INTEGER = 1;
const DECIMAL = 2;

const TYPE_NUMBER = 0;
const TYPE_SHARED = 1;
const TYPE_OTHER = 2;

/** What a sheet holds besides its cells' values. */
export interface RowNotes {
  /** Hidden rows, columns or cells that hold data. */
  hidden: boolean;
  /** Cells nobody sees: white on white, or with a format that shows nothing. */
  readonly invisible: string[];
  /** Texts inside formulas, such as messages that a condition keeps from showing. */
  readonly formulaTexts: Set<string>;
  /** Text between the cells, where a spreadsheet has none. */
  readonly stray: string[];
}

const MAX_NOTES = 10_000;

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
  private readonly filled = new Uint32Array(MAX_COLUMNS);
  private readonly integers = new Uint32Array(MAX_COLUMNS);
  private readonly decimals = new Uint32Array(MAX_COLUMNS);
  private readonly longest = new Uint32Array(MAX_COLUMNS);
  /** 1 where the column has as many distinct values as are counted. */
  private readonly isFull = new Uint8Array(MAX_COLUMNS);
  private readonly smallSeen: (Uint8Array | undefined)[] = [];
  private readonly sharedSeen: (Set<number> | undefined)[] = [];

  constructor(strings: SharedStrings, styles: CellStyles, table: TableBuilder, hiddenColumns: Uint8Array) {
    this.strings = strings;
    this.styles = styles;
    this.table = table;
    this.hiddenColumns = hiddenColumns;
  }

  /**
   * Reads from `at` to `end`, which must fall between two rows or after the sheet's data.
   *
   * Answers the offset of the tag that ends the data, or -1 where the data go on.
   */
  read(input: Buffer, at: number, end: number): number {
    const { filled, integers, decimals, longest, isFull, strings, styles, table, hiddenColumns } = this;
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
            if (this.countShared(column, value)) rowFilled = true;
            at += 8;
            continue;
          }
          const length = at - valueStart;
          if (type === TYPE_NUMBER && length <= PLAIN_DIGITS) {
            const shown = styles.at(style);
            let last = at;
            if (!isInteger) {
              while (input[last - 1] === ZERO) last -= 1;
              if (input[last - 1] === DOT) {
                last -= 1;
                isInteger = true;
              }
            }
            const leading = input[valueStart] === ZERO && last - valueStart > 1 && input[valueStart + 1] !== DOT;
            if (shown.isGeneral && !shown.isInvisible && !leading && input[valueStart] !== DOT) {
              rowFilled = true;
              filled[column] = (filled[column] as number) + 1;
              if (isInteger) integers[column] = (integers[column] as number) + 1;
              else decimals[column] = (decimals[column] as number) + 1;
              if (last - valueStart > (longest[column] as number)) longest[column] = last - valueStart;
              if (isFull[column] === 0) {
                if (isInteger && value < SMALL_NUMBERS) this.seeSmall(column, value);
                else this.see(column, input.toString('latin1', valueStart, last));
              }
              at += 8;
              continue;
            }
          }
        }
        valueEnd = at;
        if (byte !== LESS) valueEnd = at = indexOfLess(input, at, end);
      }

      // Every other way: formulas, inline strings, booleans, errors, styled numbers, rows that are kept.
      const shown = this.readCell(
        input,
        at,
        end,
        valueStart,
        valueEnd,
        type,
        input.toString('latin1', typeStart, typeEnd),
        styles.at(style),
      );
      at = this.next;
      if (shown === '') continue;
      rowFilled = true;
      if (hiddenRow || hiddenColumns[column] !== 0) this.notes.hidden = true;
      if (wanted) {
        while (cells.length < column) cells.push('');
        cells[column] = shown;
      } else this.countText(column, shown);
    }
    // Only a sheet that is cut off ends inside a row.
    if (rowFilled && wanted) table.addRow(cells);
    else if (rowFilled) table.countRow();
    return -1;
  }

  /** Adds what was counted in bulk to the builder's columns. */
  flush(): void {
    for (let at = 0; at < MAX_COLUMNS; at++) {
      const count = this.filled[at] as number;
      if (count === 0) continue;
      const tally = this.table.column(at);
      tally.filled += count;
      tally.kinds[INTEGER] += this.integers[at] as number;
      tally.kinds[DECIMAL] += this.decimals[at] as number;
      tally.maxLength = Math.max(tally.maxLength, this.longest[at] as number);
    }
  }

  private next = 0;

  /** Reads a cell's elements from `at` to its end tag; leaves the offset after it in `next`. */
  private readCell(
    input: Buffer,
    at: number,
    end: number,
    valueStart: number,
    valueEnd: number,
    type: number,
    typeName: string,
    style: CellStyle,
  ): string {
    let raw = valueStart > 0 ? input.toString('utf8', valueStart, valueEnd) : '';
    let inline: string | null = null;
    while (at < end) {
      if (input[at] !== LESS) {
        const next = indexOfLess(input, at, end);
        if (next - at > 0) this.note(this.notes.stray, input.toString('utf8', at, next).trim());
        at = next;
        continue;
      }
      const first = input[at + 1];
      if (first === SLASH && input[at + 2] === 0x63 && input[at + 3] === MORE) {
        at += 4;
        break;
      }
      if (first === 0x2f && (input[at + 2] === 0x72 || input[at + 2] === 0x73)) break;
      const tagEnd = indexOfMore(input, at, end);
      const isEmpty = input[tagEnd - 1] === SLASH;
      if (isEmpty || first === SLASH || first === 0x21) {
        if (first === 0x21) {
          const cdata = input.toString('latin1', at, at + 9) === '<![CDATA[';
          const close = input.indexOf(cdata ? ']]>' : '-->', at);
          const text = input.toString('utf8', at + (cdata ? 9 : 4), close < 0 ? end : close);
          if (cdata) raw += text;
          else this.note(this.notes.stray, text);
          at = close < 0 ? end : close + 3;
        } else at = tagEnd + 1;
        continue;
      }
      if (first === 0x76 && isNameEnd(input[at + 2] as number)) {
        const close = indexOfLess(input, tagEnd, end);
        raw += input.toString('utf8', tagEnd + 1, close);
        at = close;
      } else if (first === 0x66 && isNameEnd(input[at + 2] as number)) {
        const close = indexOfLess(input, tagEnd, end);
        this.noteFormula(input.toString('utf8', tagEnd + 1, close));
        at = close;
      } else if (first === 0x69 && input[at + 2] === 0x73) {
        const close = input.indexOf('</is>', tagEnd);
        const stop = close < 0 || close > end ? end : close;
        inline = inlineText(input.toString('utf8', tagEnd + 1, stop));
        at = stop === end ? end : stop + 5;
      } else {
        at = tagEnd + 1;
      }
    }
    this.next = at;
    const shown = inline ?? this.showValue(raw, type, typeName, style);
    if (shown !== '' && style.isInvisible) {
      this.notes.hidden = true;
      this.note(this.notes.invisible, shown);
    }
    return shown;
  }

  private showValue(raw: string, type: number, typeName: string, style: CellStyle): string {
    if (type === TYPE_SHARED) {
      const index = Number(raw);
      this.strings.use(index);
      return style.isGeneral ? this.strings.text(index) : style.format.showText(this.strings.text(index));
    }
    if (raw === '') return '';
    switch (typeName) {
      case 'b':
        return raw.trim() === '1' || raw.trim() === 'true' ? 'TRUE' : 'FALSE';
      case 'e':
      case 'str':
      case 'inlineStr':
        return cellText(raw);
      case 'd':
        return cellText(raw).replace(/T00:00:00(\.0+)?Z?$/, '');
      default: {
        const text = raw.trim();
        const value = Number(text);
        if (text === '' || Number.isNaN(value)) return cellText(raw);
        if (style.isGeneral) return showGeneral(value);
        // A format that shows nothing hides the value from people, not from who opens the file.
        const shown = style.format.show(value);
        return shown.trim() === '' ? showGeneral(value) : shown;
      }
    }
  }

  private countShared(column: number, index: number): boolean {
    const { strings } = this;
    if (strings.isEmpty(index)) return false;
    const kind = strings.kind(index);
    this.filled[column] = (this.filled[column] as number) + 1;
    if (kind === INTEGER) this.integers[column] = (this.integers[column] as number) + 1;
    else if (kind === DECIMAL) this.decimals[column] = (this.decimals[column] as number) + 1;
    else if (kind !== 0) this.table.column(column).kinds[3] += 1;
    else this.table.column(column);
    const length = strings.length(index);
    if (length > (this.longest[column] as number)) this.longest[column] = length;
    if (this.isFull[column] === 0) {
      let seen = this.sharedSeen[column];
      if (seen === undefined) {
        seen = new Set();
        this.sharedSeen[column] = seen;
      }
      if (!seen.has(index)) {
        seen.add(index);
        this.see(column, strings.text(index));
      }
    }
    if (strings.takeProse(index)) this.table.addProse(strings.text(index));
    return true;
  }

  private countText(column: number, shown: string): void {
    const kind = kindOf(shown);
    const tally = this.table.column(column);
    tally.filled += 1;
    tally.kinds[kind] += 1;
    if (shown.length > tally.maxLength) tally.maxLength = shown.length;
    if (this.isFull[column] === 0) this.see(column, shown);
    if (kind === 0 && shown.length > 3 && shown.includes(' ')) this.table.addProse(shown);
  }

  private seeSmall(column: number, value: number): void {
    let seen = this.smallSeen[column];
    if (seen === undefined) {
      seen = new Uint8Array(SMALL_NUMBERS);
      this.smallSeen[column] = seen;
    }
    if (seen[value] === 1) return;
    seen[value] = 1;
    this.see(column, String(value));
  }

  private see(column: number, text: string): void {
    const { values } = this.table.column(column);
    if (values.size < DISTINCT_LIMIT) values.add(text);
    if (values.size >= DISTINCT_LIMIT) {
      this.isFull[column] = 1;
      this.smallSeen[column] = undefined;
      this.sharedSeen[column] = undefined;
    }
  }

  private noteFormula(formula: string): void {
    if (this.notes.formulaTexts.size >= MAX_NOTES) return;
    for (const match of decodeEntities(formula).matchAll(/"((?:[^"]|"")*)"/g)) {
      const text = (match[1] ?? '').replaceAll('""', '"').trim();
      if (/\p{L}{2}/u.test(text)) this.notes.formulaTexts.add(text);
    }
  }

  private readStray(input: Buffer, at: number, end: number): number {
    const next = indexOfLess(input, at, end);
    let from = at;
    while (from < next && (input[from] as number) <= SPACE) from += 1;
    if (from < next) this.note(this.notes.stray, input.toString('utf8', from, next).trim());
    return next;
  }

  private readDeclaration(input: Buffer, at: number, end: number): number {
    const cdata = input.toString('latin1', at, at + 9) === '<![CDATA[';
    const close = input.indexOf(cdata ? ']]>' : '-->', at);
    const stop = close < 0 || close > end ? end : close;
    this.note(this.notes.stray, input.toString('utf8', at + (cdata ? 9 : 4), stop));
    return stop === end ? end : stop + 3;
  }

  private note(list: string[], text: string): void {
    if (text !== '' && list.length < MAX_NOTES) list.push(text);
  }
}

function inlineText(xml: string): string {
  let text = '';
  for (const match of xml.matchAll(/<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)/g)) text += match[1] ?? '';
  return cellText(text);
}

function isHiddenRow(input: Buffer, at: number, tagEnd: number): boolean {
  if (tagEnd - at < 12) return false;
  const tag = input.toString('latin1', at, tagEnd);
  return /\s(?:hidden=["'](?:1|true)["']|ht=["']0(?:\.0+)?["'])/.test(tag);
}

function isNameEnd(byte: number): boolean {
  return byte === SPACE || byte === MORE || byte === SLASH || (byte >= 0x09 && byte <= 0x0d);
}

function indexOfMore(input: Buffer, at: number, end: number): number {
  let each = at;
  while (each < end && input[each] !== MORE) each += 1;
  return each;
}

function indexOfLess(input: Buffer, at: number, end: number): number {
  let each = at;
  while (each < end && input[each] !== LESS) each += 1;
  return each;
}
