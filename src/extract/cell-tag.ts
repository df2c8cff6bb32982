import { EQUALS, MORE, SLASH, SPACE, ZERO } from './ascii-bytes.ts';
import { MAX_COLUMNS } from './column-counts.ts';
import { TYPE_NUMBER, TYPE_OTHER, TYPE_SHARED } from './sheet-cell.ts';

/** Reads a cell's start tag written in any way: any order, either quote, spaces and line breaks between. */
export class CellTag {
  /** From 0; the column handed in where the tag names none. */
  column = 0;
  style = 0;
  type = TYPE_NUMBER;
  typeName = '';
  isEmpty = false;
  /** The offset after the tag. */
  next = 0;

  /** Reads from `at`, the offset after the name. */
  read(input: Buffer, from: number, end: number, column: number): void {
    this.column = column;
    this.style = 0;
    this.type = TYPE_NUMBER;
    this.typeName = '';
    let at = from;
    while (at < end && input[at] !== MORE && input[at] !== SLASH) {
      if ((input[at] as number) <= SPACE) at += 1;
      else at = this.readAttribute(input, at, end);
    }
    this.isEmpty = input[at] === SLASH;
    this.next = at + (this.isEmpty ? 2 : 1);
    if (this.column >= MAX_COLUMNS) this.column = MAX_COLUMNS - 1;
  }

  private readAttribute(input: Buffer, from: number, end: number): number {
    let at = from;
    while (at < end && input[at] !== EQUALS && input[at] !== MORE) at += 1;
    if (input[at] !== EQUALS) return at;
    const name = input.toString('latin1', from, at).trim();
    at += 1;
    while (at < end && (input[at] as number) <= SPACE) at += 1;
    const quote = input[at];
    const start = at + 1;
    at = start;
    while (at < end && input[at] !== quote) at += 1;
    if (name === 'r') this.readReference(input, start);
    else if (name === 's') this.style = Number(input.toString('latin1', start, at)) || 0;
    else if (name === 't') {
      this.typeName = input.toString('latin1', start, at);
      this.type = this.typeName === 's' ? TYPE_SHARED : this.typeName === 'n' ? TYPE_NUMBER : TYPE_OTHER;
    }
    return at + 1;
  }

  private readReference(input: Buffer, start: number): void {
    let reference = 0;
    for (let at = start; (input[at] as number) >= 0x41 && at < start + 4; at++)
      reference = reference * 26 + (((input[at] as number) & 0x5f) - 0x40);
    if (reference > 0 && reference <= MAX_COLUMNS) this.column = reference - 1;
  }
}

/** How many digits the number of a row has whose tag begins at `at` as programs write it: `<row r="`; -1 for any other form. */
export function rowDigits(input: Buffer, at: number): number {
  if (input[at + 5] !== 0x72 || input[at + 6] !== EQUALS || input[at + 7] !== 0x22) return -1;
  let digits = 0;
  while ((input[at + 8 + digits] as number) >= ZERO && (input[at + 8 + digits] as number) <= 0x39) digits += 1;
  return digits;
}

/** Whether the tag of a row from `at` to `tagEnd` says that nobody sees it. */
export function isHiddenRow(input: Buffer, at: number, tagEnd: number): boolean {
  // No 'h', nothing hidden: most rows say only their number and their span.
  let letter = at + 4;
  while (letter < tagEnd && input[letter] !== 0x68) letter += 1;
  if (letter === tagEnd) return false;
  const tag = input.toString('latin1', at, tagEnd);
  return /\s(?:hidden=["'](?:1|true)["']|ht=["']0(?:\.0+)?["'])/.test(tag);
}
