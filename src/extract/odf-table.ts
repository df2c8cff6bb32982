import type { Budget } from './budget.ts';
import { ExactValues } from './exact-values.ts';
import { type EveryCell, TableBuilder } from './table-builder.ts';
import type { XmlAttributes } from './xml-reader.ts';

const MAX_COLUMNS = 16_384;
/** A filled row repeated more often than this says nothing new; the rest is counted, not copied. */
const MAX_REPEAT = 1_048_576;
/** Repeats of a row that the table takes one by one, so that its text and sample show them; more than any table keeps. */
const KEPT_REPEATS = 2048;
const KEPT_CELLS = 200_000;
const LOOK_EVERY = 64;
/** Table lines in running text past this stay in the table's own text alone. */
const MAX_LINES = 10_000;

export interface OdfTableOptions {
  readonly name: string;
  readonly isHidden: boolean;
  readonly isSheet: boolean;
  readonly everyCell: EveryCell;
  readonly budget: Budget;
}

/** One table of an OpenDocument file as its elements come: repeated cells and rows, hidden rows and columns, values not shown. */
export class OdfTable {
  readonly isSheet: boolean;
  /** The rows as lines; kept for tables in running text alone, and the first of them. */
  readonly lines: string[] = [];
  /** Whether there are more rows than lines, so that the table's own text is needed. */
  isBeyondLines = false;
  /** Numbers that are shown otherwise than they are. */
  readonly exact: ExactValues;
  rows = 0;
  isInCell = false;
  private readonly builder: TableBuilder;
  /** Whoever wants every row gets each repeat of it too. */
  private readonly everyRow: boolean;
  private readonly budget: Budget;
  private readonly hiddenColumns: boolean[] = [];
  private hidden: boolean;
  private row: string[] = [];
  private column = 0;
  private rowRepeat = 1;
  private rowHidden = false;
  private cell: string[] = [];
  private cellRepeat = 1;
  private cellValue = '';
  private cellNumber = '';
  private cellDate = '';

  constructor(options: OdfTableOptions) {
    this.isSheet = options.isSheet;
    this.hidden = options.isHidden;
    this.budget = options.budget;
    this.everyRow = options.everyCell !== false;
    this.exact = new ExactValues(options.everyCell === true);
    this.builder = new TableBuilder(options.name, options.everyCell);
  }

  open(name: string, attributes: XmlAttributes): void {
    switch (name) {
      case 'table-column': {
        const isHidden = /^(collapse|filter)$/.test(attributes.get('visibility') ?? '');
        const count = repeatOf(attributes.get('number-columns-repeated'), MAX_COLUMNS);
        for (let at = 0; at < count && this.hiddenColumns.length < MAX_COLUMNS; at++) this.hiddenColumns.push(isHidden);
        break;
      }
      case 'table-row':
        this.endStray();
        this.row = [];
        this.column = 0;
        this.rowRepeat = repeatOf(attributes.get('number-rows-repeated'), MAX_REPEAT);
        this.rowHidden = /^(collapse|filter)$/.test(attributes.get('visibility') ?? '');
        break;
      case 'table-cell':
      case 'covered-table-cell':
        if (this.isInCell) this.endCell();
        this.isInCell = true;
        this.cell = [];
        this.cellRepeat = repeatOf(attributes.get('number-columns-repeated'), MAX_COLUMNS);
        this.cellValue = '';
        this.cellNumber = attributes.get('value') ?? '';
        this.cellDate = attributes.get('date-value')?.slice(0, 10) ?? '';
        for (const value of ['string-value', 'date-value', 'time-value', 'boolean-value', 'value'])
          this.cellValue ||= attributes.get(value) ?? '';
        break;
    }
  }

  addText(text: string): void {
    this.cell.push(text);
  }

  close(name: string): void {
    if (name === 'table-row') this.endRow();
    else if (this.isInCell) this.endCell();
  }

  /** Ends what no end tag has ended: in a file that is cut off, or nested as no writer would. */
  endStray(): void {
    if (this.isInCell) this.endCell();
    this.endRow();
  }

  finish() {
    return this.builder.finish(this.hidden);
  }

  private endCell(): void {
    this.isInCell = false;
    const shown = this.cell.length > 0 ? this.cell.join('\n') : this.cellValue;
    if (this.cell.length > 0 && this.cellNumber !== '') this.exact.note(Number(this.cellNumber), shown, null);
    if (this.cellDate !== '') this.exact.noteDate(this.cellDate, shown);
    if (shown === '') {
      this.column += this.cellRepeat;
      return;
    }
    for (let at = 0; at < this.cellRepeat && this.column < MAX_COLUMNS; at++, this.column++) {
      while (this.row.length < this.column) this.row.push('');
      this.row[this.column] = shown;
      if (this.rowHidden || this.hiddenColumns[this.column] === true) this.hidden = true;
    }
  }

  private endRow(): void {
    if (this.row.length === 0) return;
    const most = Math.max(2, Math.min(KEPT_REPEATS, Math.floor(KEPT_CELLS / this.row.length)));
    const kept = this.everyRow ? this.rowRepeat : Math.min(this.rowRepeat, most);
    for (let at = 0; at < kept; at++) {
      this.builder.addRow(this.row);
      if (at % LOOK_EVERY === 0) this.budget.checkTime();
    }
    this.countRepeats(this.rowRepeat - kept);
    this.rows += this.rowRepeat;
    if (!this.isSheet && this.lines.length >= MAX_LINES) this.isBeyondLines = true;
    else if (!this.isSheet) this.lines.push(this.row.map((cell) => cell.replace(/\s*\n\s*/g, ' ')).join('\t'));
    this.row = [];
  }

  /** Counts rows that are equal to the last one added: a sheet may repeat one a million times. */
  private countRepeats(count: number): void {
    if (count <= 0) return;
    for (const [at, cell] of this.row.entries()) {
      if (cell === '') continue;
      const tally = this.builder.column(at);
      tally.filled += count;
      tally.kinds[tally.lastKind] = (tally.kinds[tally.lastKind] as number) + count;
    }
    this.builder.countRows(count);
  }
}

function repeatOf(text: string | undefined, most: number): number {
  const count = Number(text ?? 1);
  return Number.isFinite(count) && count >= 1 ? Math.min(most, Math.floor(count)) : 1;
}
