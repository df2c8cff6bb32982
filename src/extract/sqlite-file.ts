import { shownNumber } from './data-file.ts';
import { Unreadable } from './unreadable.ts';

export interface SqliteRow {
  readonly id: number;
  readonly values: string[];
  /** Bytes by the place of their column: files may be kept so. */
  readonly blobs: ReadonlyMap<number, Buffer>;
}

const TABLE_INTERIOR = 5;
const TABLE_LEAF = 13;
const INDEX_INTERIOR = 2;
const INDEX_LEAF = 10;
/** Shorter ones are numbers and keys. */
const SMALLEST_BLOB = 32;

/** The b-tree pages of a SQLite database. Source: "SQLite Database File Format", sqlite.org. */
export class SqliteFile {
  private readonly file: Buffer;
  private readonly pageSize: number;
  private readonly usable: number;
  private readonly charset: 'utf8' | 'utf16le' | 'utf16be';

  constructor(file: Buffer) {
    if (file.length < 100) throw new Unreadable('corrupt', 'the database is cut off');
    this.file = file;
    const told = file.readUInt16BE(16);
    this.pageSize = told === 1 ? 65_536 : told;
    if (this.pageSize < 512) throw new Unreadable('corrupt', 'the database has no sensible page size');
    this.usable = this.pageSize - (file[20] ?? 0);
    this.charset = ({ 2: 'utf16le', 3: 'utf16be' } as const)[file.readUInt32BE(56) as 2 | 3] ?? 'utf8';
  }

  /** The rows of the table whose root is this page, in the order of their ids. Pages already seen end the reading as corrupt. */
  *rows(root: number): Iterable<SqliteRow> {
    try {
      yield* this.walk(root);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new Unreadable('corrupt', 'a page of the database points outside itself', { cause: error });
    }
  }

  private *walk(root: number): Iterable<SqliteRow> {
    const seen = new Set<number>();
    const waiting = [root];
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (seen.has(number)) throw new Unreadable('corrupt', 'the pages of the database run in a circle');
      seen.add(number);
      const page = this.page(number);
      const head = number === 1 ? 100 : 0;
      const kind = page[head];
      const count = page.readUInt16BE(head + 3);
      if (kind === TABLE_LEAF)
        for (let each = 0; each < count; each += 1) yield this.row(page, page.readUInt16BE(head + 8 + each * 2));
      else if (kind === TABLE_INTERIOR) {
        waiting.push(page.readUInt32BE(head + 8));
        for (let each = count - 1; each >= 0; each -= 1)
          waiting.push(page.readUInt32BE(page.readUInt16BE(head + 12 + each * 2)));
      } else if (kind === INDEX_LEAF || kind === INDEX_INTERIOR) {
        // A table without row ids is kept as an index; its inner pages hold rows as well.
        const isInner = kind === INDEX_INTERIOR;
        if (isInner) waiting.push(page.readUInt32BE(head + 8));
        for (let each = 0; each < count; each += 1) {
          const cell = page.readUInt16BE(head + (isInner ? 12 : 8) + each * 2);
          if (isInner) waiting.push(page.readUInt32BE(cell));
          const size = variable(page, isInner ? cell + 4 : cell);
          yield this.record(0, this.payload(page, size.next, size.value, this.mostInIndex()));
        }
      } else throw new Unreadable('corrupt', 'a page of the database is no table page');
    }
  }

  private page(number: number): Buffer {
    const page = this.file.subarray((number - 1) * this.pageSize, number * this.pageSize);
    if (number < 1 || page.length < this.pageSize) throw new Unreadable('corrupt', 'a page of the database is missing');
    return page;
  }

  private row(page: Buffer, start: number): SqliteRow {
    const size = variable(page, start);
    const id = variable(page, size.next);
    return this.record(id.value, this.payload(page, id.next, size.value, this.usable - 35));
  }

  private mostInIndex(): number {
    return Math.floor(((this.usable - 12) * 64) / 255) - 23;
  }

  private record(id: number, payload: Buffer): SqliteRow {
    const header = variable(payload, 0);
    const values: string[] = [];
    const blobs = new Map<number, Buffer>();
    let at = header.next;
    let body = header.value;
    while (at < header.value) {
      const type = variable(payload, at);
      at = type.next;
      const length = sizeOf(type.value);
      const value = payload.subarray(body, body + length);
      if (type.value >= 12 && type.value % 2 === 0 && length >= SMALLEST_BLOB) blobs.set(values.length, value);
      values.push(this.shown(value, type.value));
      body += length;
    }
    return { id, values, blobs };
  }

  /** A row larger than its page goes on in a chain of overflow pages. */
  private payload(page: Buffer, start: number, size: number, most: number): Buffer {
    if (size <= most) return page.subarray(start, start + size);
    if (size > this.file.length) throw new Unreadable('corrupt', 'a row is larger than the database');
    const least = Math.floor(((this.usable - 12) * 32) / 255) - 23;
    const fit = least + ((size - least) % (this.usable - 4));
    const local = fit <= most ? fit : least;
    const pieces = [page.subarray(start, start + local)];
    let left = size - local;
    for (let next = page.readUInt32BE(start + local); next !== 0 && left > 0; ) {
      const overflow = this.page(next);
      pieces.push(overflow.subarray(4, Math.min(this.usable, 4 + left)));
      left -= this.usable - 4;
      next = overflow.readUInt32BE(0);
    }
    return Buffer.concat(pieces);
  }

  private shown(value: Buffer, type: number): string {
    if (type >= 13 && type % 2 === 1) {
      if (this.charset === 'utf16be') return Buffer.from(value).swap16().toString('utf16le');
      return value.toString(this.charset);
    }
    if (type >= 12) return value.length === 0 ? '' : `(${value.length} bytes) ${printable(value)}`;
    if (type === 8) return '0';
    if (type === 9) return '1';
    if (type === 7 && value.length === 8) return shownNumber(value.readDoubleBE(0));
    if (type === 6 && value.length === 8) return String(value.readBigInt64BE(0));
    return value.length === 0 ? '' : String(value.readIntBE(0, Math.min(6, value.length)));
  }
}

/** Runs of letters in a blob: somebody may keep text as bytes. */
function printable(value: Buffer): string {
  return (
    value
      .subarray(0, 4096)
      .toString('latin1')
      .match(/[\x20-\x7e]{4,}/g) ?? []
  ).join(' ');
}

function sizeOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0;
}

function variable(bytes: Buffer, start: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let each = 0; each < 9; each += 1) {
    const byte = bytes[start + each];
    if (byte === undefined) throw new Unreadable('corrupt', 'a row of the database is cut off');
    if (each === 8) return { value: value * 256 + byte, next: start + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: start + each + 1 };
  }
  return { value, next: start + 9 };
}
