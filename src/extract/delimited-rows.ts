import { isAscii } from 'node:buffer';
import { asBuffer, decodeText } from './decode-text.ts';
import { DelimitedCounts, HASH_FACTOR, HASH_START, OTHER, STOP } from './delimited-counts.ts';
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

/**
 * Reads delimited rows from their bytes as they come in, for charsets whose ASCII is ASCII.
 *
 * Rows that the table wants are handed over as text; all others are counted from their bytes, which is several times
 * quicker. Quoting is RFC 4180, read leniently.
 */
export class DelimitedRows {
  private readonly table: TableBuilder;
  private readonly delimiter: string;
  private readonly charset: string | null;
  private readonly counts: DelimitedCounts;
  /** What each byte says about its cell; `STOP` ends it. */
  private readonly classes: Uint8Array;
  private readonly starts = new Int32Array(MAX_COLUMNS + 1);
  private readonly ends = new Int32Array(MAX_COLUMNS + 1);
  private readonly masks = new Uint8Array(MAX_COLUMNS + 1);
  private readonly hashes = new Int32Array(MAX_COLUMNS + 1);
  private left: Buffer = Buffer.alloc(0);

  /** `charset`: as the sender declared it; null: told by the bytes. */
  constructor(table: TableBuilder, delimiter: string, charset: string | null = null) {
    this.charset = charset;
    this.table = table;
    this.delimiter = delimiter;
    this.counts = new DelimitedCounts(table, charset);
    this.classes = this.counts.classes(delimiter.charCodeAt(0));
  }

  feed(chunk: Uint8Array): void {
    let bytes = asBuffer(chunk);
    if (this.left.length > 0) {
      // The row cut in two is completed on its own, so that the rest of the chunk is not copied.
      const line = bytes.indexOf(NEWLINE) + 1;
      const joined = Buffer.concat([this.left, bytes.subarray(0, line)]);
      const used = line === 0 ? 0 : this.read(joined, false);
      const rest = bytes.subarray(line);
      bytes = used === joined.length ? rest : Buffer.concat([joined.subarray(used), line === 0 ? bytes : rest]);
    }
    const used = this.read(bytes, bytes.length > MAX_ROW + chunk.length);
    this.left = bytes.subarray(used);
  }

  /** Whether a row had more cells than are read: 16,384, as many as a sheet can have. */
  get isTooWide(): boolean {
    return this.counts.isTooWide;
  }

  finish(): void {
    if (this.left.length > 0) this.read(this.left, true);
    this.counts.flush();
  }

  /** Reads whole rows; answers where the first that is not whole begins. */
  private read(bytes: Buffer, isLast: boolean): number {
    const linesEnd = bytes.indexOf(QUOTE) < 0 ? bytes.lastIndexOf(NEWLINE) + 1 : 0;
    let at = 0;
    while (at < bytes.length) {
      if (at < linesEnd) at = this.counts.countRows(bytes, at, linesEnd, this.classes);
      if (at >= bytes.length) return at;
      const next = this.readRow(bytes, at, isLast);
      if (next < 0) return at;
      at = next;
    }
    return at;
  }

  /** Finds the cells of one row, then counts or hands them over; -1 where it may go on in the next chunk. */
  private readRow(bytes: Buffer, start: number, isLast: boolean): number {
    const { classes, starts, ends, masks, hashes } = this;
    const { length } = bytes;
    let column = 0;
    let at = start;
    for (;;) {
      let from = at;
      let mask = 0;
      let hash = HASH_START;
      if (bytes[at] === QUOTE) {
        const close = this.plainClose(bytes, at);
        if (close < 0) return this.readOddRow(bytes, start, isLast);
        from = at + 1;
        for (let each = from; each < close; each += 1) {
          const byte = bytes[each] as number;
          const what = classes[byte] as number;
          mask |= what < STOP ? what : OTHER;
          hash = Math.imul(hash ^ byte, HASH_FACTOR);
        }
        ends[column] = close;
        at = close + 1;
      } else {
        while (at < length) {
          const byte = bytes[at] as number;
          const what = classes[byte] as number;
          if ((what & STOP) !== 0) break;
          mask |= what;
          hash = Math.imul(hash ^ byte, HASH_FACTOR);
          at += 1;
        }
        ends[column] = at;
      }
      if (at >= length && !isLast) return -1;
      starts[column] = from;
      masks[column] = mask;
      hashes[column] = hash;
      if (column < MAX_COLUMNS) column += 1;
      else this.counts.isTooWide = true;
      const stop = at < length ? (bytes[at] as number) : NEWLINE;
      at += 1;
      if (stop !== NEWLINE && stop !== RETURN) continue;
      if (stop === RETURN && at >= length && !isLast) return -1;
      if (stop === RETURN && bytes[at] === NEWLINE) at += 1;
      this.endRow(bytes, start, column);
      return Math.min(at, length);
    }
  }

  /** Where a quoted cell without quotes inside ends; -1 for any other, and for one that may go on in the next chunk. */
  private plainClose(bytes: Buffer, at: number): number {
    const close = bytes.indexOf(QUOTE, at + 1);
    if (close < 0 || close - at > MAX_FIELD || close + 1 >= bytes.length) return -1;
    return ((this.classes[bytes[close + 1] as number] as number) & STOP) === 0 ? -1 : close;
  }

  private endRow(bytes: Buffer, start: number, columns: number): void {
    const { starts, ends, masks, hashes, counts } = this;
    if (this.table.wantsRow) {
      const cells: string[] = [];
      const end = ends[columns - 1] as number;
      if (isAscii(bytes.subarray(start, end))) {
        // One string cut into cells costs a fraction of a string made for each.
        const row = bytes.toString('latin1', start, end);
        for (let at = 0; at < columns; at += 1)
          cells.push(row.slice((starts[at] as number) - start, (ends[at] as number) - start));
      } else
        for (let at = 0; at < columns; at += 1)
          cells.push(decodeText(bytes.subarray(starts[at], ends[at]), this.charset));
      this.table.addRow(cells);
      return;
    }
    let filled = 0;
    for (let at = 0; at < columns; at += 1) {
      const start = starts[at] as number;
      const end = ends[at] as number;
      if (start === end) continue;
      filled = 1;
      counts.add(at, bytes, start, end, masks[at] as number, hashes[at] as number);
    }
    if (filled === 1) this.table.countRow();
  }

  /** A row with doubled or stray quotes, cell by cell as text. */
  private readOddRow(bytes: Buffer, start: number, isLast: boolean): number {
    const end = endOfQuotedRow(bytes, start);
    if (end < 0 && !isLast) return -1;
    const stop = end < 0 ? bytes.length : end;
    parseDelimited(decodeText(bytes.subarray(start, stop), this.charset), this.delimiter, (cells) => {
      if (cells.length > MAX_COLUMNS) this.counts.isTooWide = true;
      if (this.table.wantsRow) this.table.addRow(cells);
      else this.counts.addTexts(cells);
    });
    return stop;
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
