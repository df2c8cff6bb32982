import { indexOfLess, indexOfMore, isNameEnd, LESS, MORE, SLASH } from './ascii-bytes.ts';
import type { CellStyle } from './cell-styles.ts';
import type { ExactValues } from './exact-values.ts';
import { FormulaKinds } from './formula-kinds.ts';
import { showGeneral } from './number-format.ts';
import type { SharedStrings } from './shared-strings.ts';
import { cellText } from './xlsx-strings.ts';
import { decodeEntities } from './xml-reader.ts';

/** How a cell says what its value is; `OTHER` is spelt out in its `t`. */
export const TYPE_NUMBER = 0;
export const TYPE_SHARED = 1;
export const TYPE_OTHER = 2;

/** What a sheet holds besides its cells' values. */
export interface RowNotes {
  /** Hidden rows, columns or cells that hold data. */
  hidden: boolean;
  /** Cells nobody sees: white on white, or with a format that shows nothing. */
  readonly invisible: string[];
  /** Numbers of the first rows that are hidden, with data or without. */
  readonly hiddenRows: number[];
  /** Formulas, one of those that differ in their rows alone, and texts inside them whose quotes are doubled. */
  readonly formulaTexts: Set<string>;
  readonly exact: ExactValues;
  /** Text between the cells, where a spreadsheet has none. */
  readonly stray: string[];
}

const MAX_NOTES = 10_000;
/** Formulas that are looked at for their own sake; of those after them only what they quote is. */
const MAX_FORMULAS = 20_000;

/** Notes the number of a hidden row; a row that is read again after a pause is noted once. */
export function noteHiddenRow(notes: RowNotes, input: Buffer, at: number, tagEnd: number): void {
  const number = Number(/\sr="(\d+)"/.exec(input.toString('latin1', at, tagEnd))?.[1]);
  if (number > (notes.hiddenRows.at(-1) ?? 0) && notes.hiddenRows.length < MAX_NOTES) notes.hiddenRows.push(number);
}

/** Reads cells in full, with formulas, inline strings, booleans, errors and formats: every cell that the quick way leaves. */
export class SheetCell {
  readonly notes: RowNotes;
  /** The offset after the cell read last. */
  next = 0;
  private readonly strings: SharedStrings;
  private readonly formulaKinds = new FormulaKinds();
  private formulas = 0;

  constructor(strings: SharedStrings, notes: RowNotes) {
    this.strings = strings;
    this.notes = notes;
  }

  /** Reads a cell's elements from `at` to its end tag; leaves the offset after it in `next`, and what it found beside the value in the notes. */
  read(
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
        if (next - at > 0) addNote(this.notes.stray, input.toString('utf8', at, next).trim());
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
          else addNote(this.notes.stray, text);
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
      addNote(this.notes.invisible, shown);
    }
    return shown;
  }

  private showValue(raw: string, type: number, typeName: string, style: CellStyle): string {
    if (type === TYPE_SHARED) {
      const index = Number(raw);
      this.strings.use(index);
      const text = this.strings.text(index);
      // A format may put words around a text, or nothing in its place; it never takes one away from us.
      const shown = style.isGeneral ? text : style.format.showText(text);
      return shown.includes(text) ? shown : `${shown} ${text}`.trim();
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
        if (style.isGeneral) return this.showInGeneral(value);
        // A format that shows nothing hides the value from people, not from who opens the file.
        const shown = style.format.show(value);
        if (shown.trim() === '') return this.showInGeneral(value);
        this.notes.exact.note(value, shown, style.format);
        return shown;
      }
    }
  }

  private showInGeneral(value: number): string {
    const shown = showGeneral(value);
    this.notes.exact.note(value, shown, null);
    return shown;
  }

  private noteFormula(raw: string): void {
    const { formulaTexts } = this.notes;
    if (formulaTexts.size >= MAX_NOTES || raw === '') return;
    this.formulas += 1;
    const isQuoting = raw.includes('"') || raw.includes('&quot;');
    if (!isQuoting && this.formulas > MAX_FORMULAS) return;
    const formula = decodeEntities(raw);
    if (!this.formulaKinds.isNew(formula)) return;
    formulaTexts.add(formula);
    if (!isQuoting) return;
    for (const match of formula.matchAll(/"((?:[^"]|"")*)"/g)) {
      const text = (match[1] ?? '').replaceAll('""', '"').trim();
      if (match[1]?.includes('""') === true && /\p{L}{2}/u.test(text)) formulaTexts.add(text);
    }
  }
}

export function addNote(list: string[], text: string): void {
  if (text !== '' && list.length < MAX_NOTES) list.push(text);
}

function inlineText(xml: string): string {
  let text = '';
  for (const match of xml.matchAll(/<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)/g)) text += match[1] ?? '';
  return cellText(text);
}
