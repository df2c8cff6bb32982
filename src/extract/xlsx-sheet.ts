import type { Budget } from './budget.ts';
import type { CellCounter } from './cell-counter.ts';
import type { CellStyles } from './cell-styles.ts';
import type { SharedStrings } from './shared-strings.ts';
import type { RowNotes } from './sheet-cell.ts';
import { SheetFrame } from './sheet-frame.ts';
import { SheetRows } from './sheet-rows.ts';
import { type EveryCell, type FinishedTable, TableBuilder } from './table-builder.ts';
import { Unreadable } from './unreadable.ts';
import { XmlReader } from './xml-reader.ts';

/** The longest row read at once; a row of 16,384 full cells of office size is a tenth of it. */
const MAX_ROW = 64 * 1024 ** 2;
/** Bytes read at once, as many as can be counted in bulk. */
const MAX_CHUNK = 1024 ** 2;
const ROW_END = Buffer.from('</row>');

export interface SheetContent extends FinishedTable {
  readonly frame: SheetFrame;
  readonly notes: RowNotes;
  /** The sheet ended before its end tag, or broke off in bytes that could not be expanded. */
  readonly fault: Unreadable | null;
}

export interface SheetInput {
  readonly name: string;
  readonly isHidden: boolean;
  /** Each chunk may be gone once the next is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly strings: SharedStrings;
  readonly styles: CellStyles;
  readonly budget: Budget;
  readonly everyCell: EveryCell;
  /** The sheet is known to be a large one. */
  readonly isLong: boolean;
  readonly firstRows?: number | undefined;
  /** Gives what counts the cells of long sheets in bulk; null: nothing does. */
  readonly makeCounter: (() => CellCounter) | null;
}

/** Reads a worksheet part as it streams, in memory that does not grow with its rows. */
export async function readSheet(input: SheetInput): Promise<SheetContent> {
  const reading = new SheetReading(input);
  let fault: Unreadable | null = null;
  try {
    for await (const chunk of input.chunks) {
      for (let at = 0; at < chunk.length; at += MAX_CHUNK)
        reading.write(Buffer.from(chunk.buffer, chunk.byteOffset + at, Math.min(MAX_CHUNK, chunk.length - at)));
      input.budget.checkTime();
      if (input.firstRows !== undefined && reading.rowCount >= input.firstRows)
        throw new Unreadable('too-large', 'a quick look: only the first rows were read');
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    fault = error;
  }
  return reading.finish(fault);
}

class SheetReading {
  private readonly table: TableBuilder;
  private readonly frame = new SheetFrame();
  private readonly around = new XmlReader(this.frame);
  private readonly decoder = new TextDecoder();
  private readonly rows: SheetRows;
  private readonly isHidden: boolean;
  private rest: Buffer = Buffer.alloc(0);
  private state: 'head' | 'rows' | 'tail' = 'head';
  private prefix = '';

  constructor(input: SheetInput) {
    this.table = new TableBuilder(input.name, input.everyCell, input.isLong);
    const { strings, styles, makeCounter } = input;
    const everyNumber = input.everyCell === true;
    this.rows = new SheetRows(strings, styles, this.table, this.frame.hiddenColumns, makeCounter, everyNumber);
    this.isHidden = input.isHidden;
  }

  write(chunk: Buffer): void {
    if (this.state === 'tail') {
      this.around.write(this.decoder.decode(chunk, { stream: true }));
      return;
    }
    if (this.state === 'rows' && this.prefix === '') {
      this.readRows(this.rows.hold(this.rest, chunk), false);
      return;
    }
    let input = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    if (this.state === 'head') {
      const start = this.readHead(input);
      if (start < 0) {
        this.keep(input);
        return;
      }
      input = input.subarray(start);
    }
    if (this.state === 'rows') this.readRows(input, false);
    else this.write(input);
  }

  get rowCount(): number {
    return this.table.rowCount;
  }

  finish(fault: Unreadable | null): SheetContent {
    if (this.state === 'head') this.around.write(this.rest.toString('utf8'));
    else if (this.state === 'rows' && fault?.reason !== 'too-large') {
      this.readRows(this.rest, true);
      if (this.state === 'rows') fault ??= new Unreadable('corrupt', 'the sheet is cut off');
    }
    this.around.end();
    this.rows.flush();
    const { frame } = this;
    const { notes } = this.rows;
    return { ...this.table.finish(this.isHidden || notes.hidden || frame.rowsAreHidden), frame, notes, fault };
  }

  /** Reads up to the rows; the offset of the first, or -1 while the head is incomplete. */
  private readHead(input: Buffer): number {
    const head = input.toString('latin1', 0, Math.min(input.length, 1 << 20));
    const match =
      /<((?:[A-Za-z_][\w.-]*:)?)sheetData\s*(\/?)>/.exec(head) ??
      /<((?:[A-Za-z_][\w.-]*:)?)sheetData\s[^>]*?(\/?)>/.exec(head);
    if (match === null) return -1;
    const after = match.index + match[0].length;
    this.around.write(this.decoder.decode(input.subarray(0, match.index), { stream: true }));
    this.state = match[2] === '/' ? 'tail' : 'rows';
    this.prefix = match[1] ?? '';
    return after;
  }

  private readRows(input: Buffer, isLast: boolean): void {
    const bytes = this.prefix === '' ? input : this.stripPrefix(input);
    const lastRow = bytes.lastIndexOf(ROW_END);
    // Without a row's end in sight the data may still end here, as a sheet of empty rows does.
    const end = isLast ? bytes.length : lastRow < 0 ? -1 : lastRow + ROW_END.length;
    if (end < 0 && bytes.indexOf('</sheetData') < 0) {
      this.keep(bytes);
      return;
    }
    const closing = bytes.indexOf('</sheetData', Math.max(0, end));
    const stop = this.rows.read(bytes, 0, closing < 0 ? Math.max(0, end) : closing + 2);
    if (stop >= 0 || closing >= 0) {
      this.rest = Buffer.alloc(0);
      this.state = 'tail';
      const tail = bytes.subarray(stop >= 0 ? stop : closing);
      const tagEnd = tail.indexOf('>');
      this.around.write(this.decoder.decode(tail.subarray(tagEnd + 1), { stream: true }));
      return;
    }
    this.keep(isLast ? Buffer.alloc(0) : bytes.subarray(end));
  }

  private keep(rest: Buffer): void {
    if (rest.length > MAX_ROW) throw new Unreadable('too-large', 'one row of the sheet is too long');
    this.rest = this.rows.keeps(rest) ? rest : Buffer.from(rest);
  }

  /** Writers that prefix every name are rare; theirs are brought to the usual form. */
  private stripPrefix(input: Buffer): Buffer {
    const plain = input.toString('latin1').replaceAll(`<${this.prefix}`, '<').replaceAll(`</${this.prefix}`, '</');
    return Buffer.from(plain, 'latin1');
  }
}
