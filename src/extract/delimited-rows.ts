import { isAscii } from 'node:buffer';
import { asBuffer, decodeText } from './decode-text.ts';
import { DelimitedCounter } from './delimited-counter.ts';
import { parseDelimited } from './parse-delimited.ts';
import type { TableBuilder } from './table-builder.ts';

const QUOTE = 34;
const NEWLINE = 10;
const RETURN = 13;
/** The longest quoted field taken for one; past it the quote is a stray mark. */
const MAX_FIELD = 1 << 20;
/** A row longer than this is no row: it is taken as it stands. */
const MAX_ROW = 16 << 20;
const MAX_COLUMNS = 16_384;
/** Bytes read at once, as many as can be counted in bulk. */
const MAX_CHUNK = 1 << 20;
const FIRST_CHUNK = 1 << 16;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Reads delimited rows from their bytes as they come in, for charsets whose ASCII is ASCII.
 *
 * Rows that the table wants are handed over as text; all others are counted from their bytes, which is many times quicker.
 * Quoting is RFC 4180, read leniently.
 */
export class DelimitedRows {
  private readonly table: TableBuilder;
  private readonly delimiter: string;
  private readonly charset: string | null;
  private readonly size: number;
  private fed = 0;
  private readonly starts = new Int32Array(MAX_COLUMNS + 1);
  private readonly ends = new Int32Array(MAX_COLUMNS + 1);
  /** Whether a row had more cells than are read: 16,384, as many as a sheet can have. */
  isTooWide = false;
  private counter: DelimitedCounter | null = null;
  /** Bytes not read yet: from `at` on. */
  private bytes: Buffer = NOTHING;
  private at = 0;

  /** `charset`: as the sender declared it; null: told by the bytes. `size`: bytes that will come, as far as is known. */
  constructor(table: TableBuilder, delimiter: string, charset: string | null = null, size = 0) {
    this.charset = charset;
    this.size = size;
    this.table = table;
    this.delimiter = delimiter;
  }

  /** Takes the next bytes, which are the caller's again afterwards. */
  feed(chunk: Uint8Array): void {
    const bytes = asBuffer(chunk);
    let at = 0;
    while (at < bytes.length) {
      // The first rows, which are kept as text, are over sooner than a whole chunk is.
      const piece = bytes.subarray(at, at + (this.fed < MAX_CHUNK ? FIRST_CHUNK : MAX_CHUNK));
      this.hold(this.bytes.subarray(this.at), piece);
      at += piece.length;
      this.fed += piece.length;
      this.read(this.bytes.length > MAX_ROW);
    }
    if (this.bytes.buffer !== bytes.buffer) return;
    this.bytes = Buffer.from(this.bytes.subarray(this.at));
    this.at = 0;
  }

  finish(): void {
    this.read(true);
    this.counter?.flush();
  }

  private hold(rest: Buffer, chunk: Buffer): void {
    if (this.counter === null && !this.table.keepsRows) this.startCounter(rest);
    this.bytes = this.counter?.hold(rest, chunk) ?? (rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
    this.at = 0;
  }

  private startCounter(rest: Buffer): void {
    const { table } = this;
    table.expectRows((this.size / Math.max(1, this.fed - rest.length)) * table.rowCount);
    this.counter = new DelimitedCounter(table, this.delimiter, this.charset);
  }

  /** Reads what is whole, and what is not where it is the last. */
  private read(isLast: boolean): void {
    while (this.at < this.bytes.length) {
      const { counter, bytes } = this;
      if (counter?.holds(bytes) === true && !(counter.column === 0 && this.table.keepsRows)) {
        const { at, why } = counter.count(bytes, this.at);
        this.at = at;
        if (why === 'wanted') {
          if (!this.keepSample() && !this.readRow(isLast)) return;
          continue;
        }
        if (why === 'ended' && !isLast) return;
        if (at >= bytes.length) break;
        if (!this.readOddRow(isLast)) return;
      } else if (counter !== null && !this.table.wantsRow) {
        if (!this.readOddRow(isLast)) return;
      } else if (!this.readRow(isLast)) return;
    }
    if (isLast) this.counter?.endRow();
  }

  /**
   * Counts a plain row, and keeps its bytes for the sample: most are thinned out before anybody asks for their cells.
   * False for any other row, and one that may go on in the next chunk.
   */
  private keepSample(): boolean {
    const { bytes, at, counter, table } = this;
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0 || counter === null) return false;
    const row = bytes.subarray(at, end);
    if (row.includes(QUOTE) || (row.includes(RETURN, 0) && row.indexOf(RETURN) < row.length - 1)) return false;
    const kept = Buffer.from(row.at(-1) === RETURN ? row.subarray(0, -1) : row);
    if (kept.every((byte) => byte === this.delimiter.charCodeAt(0))) {
      this.at = end + 1;
      return true;
    }
    table.keepLater(() => decodeText(kept, this.charset).split(this.delimiter));
    this.at = counter.count(bytes.subarray(0, end + 1), at, true).at;
    return true;
  }

  /** Finds the cells of a row and hands them over; false where it may go on in the next chunk. */
  private readRow(isLast: boolean): boolean {
    const { starts, ends, bytes } = this;
    const { length } = bytes;
    const delimiter = this.delimiter.charCodeAt(0);
    let column = 0;
    let { at } = this;
    for (;;) {
      starts[column] = at;
      if (bytes[at] === QUOTE) {
        const close = bytes.indexOf(QUOTE, at + 1);
        const after = close < 0 || close - at > MAX_FIELD ? -1 : (bytes[close + 1] ?? -1);
        if (after !== delimiter && after !== NEWLINE && after !== RETURN) return this.readOddRow(isLast);
        starts[column] = at + 1;
        ends[column] = close;
        at = close + 1;
      } else {
        let byte = bytes[at] as number;
        while (at < length && byte !== delimiter && byte !== NEWLINE && byte !== RETURN) {
          at += 1;
          byte = bytes[at] as number;
        }
        ends[column] = at;
      }
      if (at >= length && !isLast) return false;
      if (column < MAX_COLUMNS) column += 1;
      else this.isTooWide = true;
      const stop = at < length ? (bytes[at] as number) : NEWLINE;
      at += 1;
      if (stop !== NEWLINE && stop !== RETURN) continue;
      if (stop === RETURN && at >= length && !isLast) return false;
      if (stop === RETURN && bytes[at] === NEWLINE) at += 1;
      this.addRow(this.textOf(column));
      this.at = Math.min(at, length);
      return true;
    }
  }

  private textOf(columns: number): string[] {
    const { starts, ends, bytes } = this;
    const cells: string[] = [];
    const { at } = this;
    const row = bytes.subarray(at, ends[columns - 1]);
    if (isAscii(row)) {
      // One string cut into cells costs a fraction of a string made for each.
      const text = row.toString('latin1');
      for (let each = 0; each < columns; each += 1)
        cells.push(text.slice((starts[each] as number) - at, (ends[each] as number) - at));
    } else
      for (let each = 0; each < columns; each += 1)
        cells.push(decodeText(bytes.subarray(starts[each], ends[each]), this.charset));
    return cells;
  }

  /** The rest of a row with doubled or stray quotes, cell by cell as text; false where it may go on in the next chunk. */
  private readOddRow(isLast: boolean): boolean {
    const { bytes, at, counter } = this;
    const end = endOfQuotedRow(bytes, at);
    if (end < 0 && !isLast) return false;
    const stop = end < 0 ? bytes.length : end;
    parseDelimited(decodeText(bytes.subarray(at, stop), this.charset), this.delimiter, (cells) => {
      if (cells.length + (counter?.column ?? 0) > MAX_COLUMNS) this.isTooWide = true;
      this.addRow(cells);
    });
    this.at = stop;
    return true;
  }

  /** Once rows are counted, all are counted in one place: values are told apart there. */
  private addRow(cells: readonly string[]): void {
    const { counter, table } = this;
    if (counter === null) {
      table.addRow(cells);
      return;
    }
    const isWhole = counter.column === 0;
    counter.addTexts(cells);
    if (counter.endRow() && isWhole) table.keepLater(() => cells);
  }
}

/** Where a row ends whose quotes are even: at the first line break outside of them; -1 where that is not in sight. */
function endOfQuotedRow(bytes: Buffer, start: number): number {
  let quoted = false;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === NEWLINE && (!quoted || at - start > MAX_FIELD)) return at + 1;
  }
  return -1;
}
