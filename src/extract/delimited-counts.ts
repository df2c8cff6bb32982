import { DISTINCT_LIMIT } from '../core/part.ts';
import { decodeText } from './decode-text.ts';
import { kindOf, type TableBuilder } from './table-builder.ts';

const MAX_COLUMNS = 16_384;
const DIGIT = 1;
const POINT = 2;
const SPACE = 4;
const LETTER = 8;
export const OTHER = 16;
/** Beyond ASCII. */
const HIGH = 32;
/** The byte ends its cell: a delimiter, a line feed, a return. */
export const STOP = 0x80;
export const STOP_LINE = 0x81;
export const STOP_RETURN = 0x82;
/** FNV-1a, 32 bits: stands for a cell's bytes. */
export const HASH_START = 0x811c9dc5 | 0;
export const HASH_FACTOR = 0x01000193;
/** Values remembered a column, by the low bits of their hash: most columns are codes, and most cells are met again. */
const REMEMBERED_BITS = 6;
const REMEMBERED = 1 << REMEMBERED_BITS;
/** Slots of a column's table of hashes; it holds `DISTINCT_LIMIT` at most. */
const SLOTS = 1024;

/** Counts the cells of rows whose text nobody keeps, from their bytes; `flush` adds them to the table's own tallies. */
export class DelimitedCounts {
  /** A row had more cells than are counted. */
  isTooWide = false;
  private readonly table: TableBuilder;
  private readonly charset: string | null;
  private readonly filled = new Uint32Array(MAX_COLUMNS);
  private readonly integers = new Uint32Array(MAX_COLUMNS);
  private readonly decimals = new Uint32Array(MAX_COLUMNS);
  private readonly dates = new Uint32Array(MAX_COLUMNS);
  private readonly longest = new Uint32Array(MAX_COLUMNS);
  private readonly isFull = new Uint8Array(MAX_COLUMNS);
  private readonly seen: (Int32Array | undefined)[] = [];
  private readonly proseSeen = new Set<number>();
  /** Remembered values: their hash (0: none), how often they were met since, their kind and length. */
  private readonly hashes = new Int32Array(MAX_COLUMNS << REMEMBERED_BITS);
  private readonly times = new Uint32Array(MAX_COLUMNS << REMEMBERED_BITS);
  private readonly kinds = new Uint8Array(MAX_COLUMNS << REMEMBERED_BITS);
  private readonly lengths = new Uint32Array(MAX_COLUMNS << REMEMBERED_BITS);

  constructor(table: TableBuilder, charset: string | null) {
    this.charset = charset;
    this.table = table;
  }

  /** What each byte tells about its cell, for a delimiter. */
  classes(delimiter: number): Uint8Array {
    const classes = new Uint8Array(256).fill(OTHER);
    for (let byte = 48; byte <= 57; byte += 1) classes[byte] = DIGIT;
    for (let byte = 65; byte <= 90; byte += 1) classes[byte] = LETTER;
    for (let byte = 97; byte <= 122; byte += 1) classes[byte] = LETTER;
    for (let byte = 128; byte <= 255; byte += 1) classes[byte] = LETTER | HIGH;
    classes[46] = POINT;
    classes[32] = SPACE;
    classes[delimiter] = STOP;
    classes[10] = STOP_LINE;
    classes[13] = STOP_RETURN;
    return classes;
  }

  /**
   * Counts whole rows without quotes from `start` until one is wanted as text or `end` comes; answers where it stopped.
   *
   * `end` must follow a line feed, so that every cell has a byte to end it.
   */
  countRows(bytes: Buffer, start: number, end: number, classes: Uint8Array): number {
    const { hashes, times, table } = this;
    let at = start;
    while (at < end && !table.wantsRow) {
      let column = 0;
      let filled = 0;
      let what = 0;
      do {
        const from = at;
        let mask = 0;
        let hash = HASH_START;
        let byte = bytes[at] as number;
        what = classes[byte] as number;
        while (what < STOP) {
          mask |= what;
          hash = Math.imul(hash ^ byte, HASH_FACTOR);
          at += 1;
          byte = bytes[at] as number;
          what = classes[byte] as number;
        }
        if (at !== from) {
          filled = 1;
          const slot = (column << REMEMBERED_BITS) | (hash & (REMEMBERED - 1));
          if (hashes[slot] === hash) times[slot] = (times[slot] as number) + 1;
          else this.meet(column, slot, bytes, from, at, mask, hash);
        }
        if (column < MAX_COLUMNS - 1) column += 1;
        else if (what === STOP) this.isTooWide = true;
        at += 1;
      } while (what === STOP);
      if (what === STOP_RETURN && at < end && bytes[at] === 10) at += 1;
      if (filled === 1) table.countRow();
    }
    return at;
  }

  /** Counts the cell from `start` to `end`; `mask` is what its bytes are, `hash` stands for them. */
  add(column: number, bytes: Buffer, start: number, end: number, mask: number, hash: number): void {
    const slot = (column << REMEMBERED_BITS) | (hash & (REMEMBERED - 1));
    if (this.hashes[slot] === hash) this.times[slot] = (this.times[slot] as number) + 1;
    else this.meet(column, slot, bytes, start, end, mask, hash);
  }

  /** Counts a row whose cells had to be made into text. */
  addTexts(cells: readonly string[]): void {
    let filled = false;
    for (const [column, cell] of cells.entries()) {
      if (cell === '' || column >= MAX_COLUMNS) continue;
      filled = true;
      const bytes = Buffer.from(cell, 'utf8');
      let hash = HASH_START;
      for (const byte of bytes) hash = Math.imul(hash ^ byte, HASH_FACTOR);
      // Every class at once sends the cell through the slow and exact way.
      this.add(column, bytes, 0, bytes.length, DIGIT | SPACE | LETTER | OTHER | HIGH, hash);
    }
    if (filled) this.table.countRow();
  }

  flush(): void {
    for (let slot = 0; slot < this.times.length; slot += 1) this.forget(slot);
    for (let at = 0; at < MAX_COLUMNS; at += 1) {
      const count = this.filled[at] as number;
      if (count === 0) continue;
      const integers = this.integers[at] as number;
      const decimals = this.decimals[at] as number;
      const dates = this.dates[at] as number;
      const tally = this.table.column(at);
      tally.filled += count;
      tally.kinds[0] += count - integers - decimals - dates;
      tally.kinds[1] += integers;
      tally.kinds[2] += decimals;
      tally.kinds[3] += dates;
      tally.maxLength = Math.max(tally.maxLength, this.longest[at] as number);
    }
  }

  private meet(
    column: number,
    slot: number,
    bytes: Buffer,
    start: number,
    end: number,
    mask: number,
    hash: number,
  ): void {
    if (column >= MAX_COLUMNS) return;
    this.forget(slot);
    const length = end - start;
    const kind = kindOfBytes(bytes, start, end, mask, this.charset);
    this.hashes[slot] = hash;
    this.times[slot] = 1;
    this.kinds[slot] = kind;
    this.lengths[slot] = (mask & HIGH) === 0 ? length : shownCell(bytes, start, end, mask, this.charset).length;
    if (this.isFull[column] === 0) this.see(column, hash, bytes, start, end, mask);
    if (kind === 0 && length > 3 && (mask & SPACE) !== 0 && (mask & LETTER) !== 0)
      this.addProse(hash, bytes, start, end, mask);
  }

  /** Adds what was counted of a remembered value to its column. */
  private forget(slot: number): void {
    const times = this.times[slot] as number;
    if (times === 0) return;
    const column = slot >>> REMEMBERED_BITS;
    const kind = this.kinds[slot];
    this.filled[column] = (this.filled[column] as number) + times;
    if (kind === 1) this.integers[column] = (this.integers[column] as number) + times;
    else if (kind === 2) this.decimals[column] = (this.decimals[column] as number) + times;
    else if (kind === 3) this.dates[column] = (this.dates[column] as number) + times;
    const length = this.lengths[slot] as number;
    if (length > (this.longest[column] as number)) this.longest[column] = length;
    this.times[slot] = 0;
  }

  private see(column: number, mark: number, bytes: Buffer, start: number, end: number, mask: number): void {
    let seen = this.seen[column];
    if (seen === undefined) {
      seen = new Int32Array(SLOTS);
      this.seen[column] = seen;
    }
    // Zero is the empty slot.
    const wanted = mark === 0 ? 1 : mark;
    let slot = (wanted ^ (wanted >>> 10) ^ (wanted >>> 20)) & (SLOTS - 1);
    while (seen[slot] !== 0) {
      if (seen[slot] === wanted) return;
      slot = (slot + 1) & (SLOTS - 1);
    }
    seen[slot] = wanted;
    const { values } = this.table.column(column);
    if (values.size < DISTINCT_LIMIT) values.add(shownCell(bytes, start, end, mask, this.charset));
    if (values.size < DISTINCT_LIMIT) return;
    this.isFull[column] = 1;
    this.seen[column] = undefined;
  }

  private addProse(mark: number, bytes: Buffer, start: number, end: number, mask: number): void {
    const room = this.table.proseRoom;
    if (room === 'none' || this.proseSeen.has(mark)) return;
    if (this.proseSeen.size < 500_000) this.proseSeen.add(mark);
    this.table.addProse(shownCell(bytes, start, end, mask, this.charset));
  }
}

/** `kindOf` without making a string where the bytes alone tell. */
function kindOfBytes(bytes: Buffer, start: number, end: number, mask: number, charset: string | null): number {
  if (mask === DIGIT) return 1;
  if ((mask & DIGIT) === 0 || end - start > 40) return 0;
  if (mask === (DIGIT | POINT) && hasOnePoint(bytes, start, end)) return 2;
  if ((mask & LETTER) !== 0 && (mask & HIGH) === 0) {
    // Only a date has letters and is no text, and it has a separator after its day or year.
    const second = bytes[start + 1] as number;
    const isDay = isSeparator(second) || isSeparator(bytes[start + 2] ?? 0) || isSeparator(bytes[start + 4] ?? 0);
    if (!isDay || (bytes[start] as number) < 48 || (bytes[start] as number) > 57) return 0;
  }
  return kindOf(shownCell(bytes, start, end, mask, charset));
}

function hasOnePoint(bytes: Buffer, start: number, end: number): boolean {
  let points = 0;
  for (let at = start; at < end; at += 1) if (bytes[at] === 46) points += 1;
  return points === 1;
}

function shownCell(bytes: Buffer, start: number, end: number, mask: number, charset: string | null): string {
  return (mask & HIGH) === 0 ? bytes.toString('latin1', start, end) : decodeText(bytes.subarray(start, end), charset);
}

function isSeparator(byte: number): boolean {
  return byte === 32 || byte === 45 || byte === 46 || byte === 47;
}
