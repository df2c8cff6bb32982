import { DISTINCT_LIMIT } from '../core/part.ts';
import { kindOf } from './cell-kind.ts';
import type { SharedStrings } from './shared-strings.ts';
import type { TableBuilder } from './table-builder.ts';

/** The part of a table that bulk counting adds to. */
type CountTarget = Pick<TableBuilder, 'column' | 'addProse' | 'proseRoom'>;

export const MAX_COLUMNS = 16_384;
const INTEGER = 1;
const DECIMAL = 2;
const DATE = 3;

/** Counts cells by column in typed arrays, for rows whose text nobody keeps; `flush` adds them to the table's own tallies. */
export class ColumnCounts {
  private readonly table: CountTarget;
  private readonly strings: SharedStrings;
  private readonly filled = new Uint32Array(MAX_COLUMNS);
  private readonly integers = new Uint32Array(MAX_COLUMNS);
  private readonly decimals = new Uint32Array(MAX_COLUMNS);
  private readonly dates = new Uint32Array(MAX_COLUMNS);
  private readonly longest = new Uint32Array(MAX_COLUMNS);
  /** 1 where the column has as many distinct values as are counted. */
  private readonly isFull = new Uint8Array(MAX_COLUMNS);
  private readonly sharedSeen: (Set<number> | undefined)[] = [];

  private tellFull: ((column: number) => void) | null = null;

  constructor(table: CountTarget, strings: SharedStrings) {
    this.table = table;
    this.strings = strings;
  }

  /** Tells of each column that has as many distinct values as are counted, those that have them now first. */
  onFull(tell: (column: number) => void): void {
    for (const [column, full] of this.isFull.entries()) if (full === 1) tell(column);
    this.tellFull = tell;
  }

  /** Counts a shared string; false for an empty one. */
  addShared(column: number, index: number): boolean {
    const { strings } = this;
    if (strings.isEmpty(index)) return false;
    const kind = strings.kind(index);
    this.count(column, kind, strings.length(index));
    if (this.isFull[column] === 0) this.seeShared(column, index);
    if (kind === 0 && strings.takeProse(index, this.table.proseRoom)) this.table.addProse(strings.text(index));
    return true;
  }

  addText(column: number, shown: string): void {
    const kind = kindOf(shown);
    this.count(column, kind, shown.length);
    if (this.isFull[column] === 0) this.see(column, shown);
    if (kind === 0 && shown.length > 3 && shown.includes(' ') && this.table.proseRoom !== 'none')
      this.table.addProse(shown);
  }

  flush(): void {
    for (let at = 0; at < MAX_COLUMNS; at++) {
      const count = this.filled[at] as number;
      if (count === 0) continue;
      const integers = this.integers[at] as number;
      const decimals = this.decimals[at] as number;
      const dates = this.dates[at] as number;
      const tally = this.table.column(at);
      tally.filled += count;
      tally.kinds[0] += count - integers - decimals - dates;
      tally.kinds[INTEGER] += integers;
      tally.kinds[DECIMAL] += decimals;
      tally.kinds[DATE] += dates;
      tally.maxLength = Math.max(tally.maxLength, this.longest[at] as number);
    }
  }

  private count(column: number, kind: number, length: number): void {
    this.filled[column] = (this.filled[column] as number) + 1;
    if (kind === INTEGER) this.integers[column] = (this.integers[column] as number) + 1;
    else if (kind === DECIMAL) this.decimals[column] = (this.decimals[column] as number) + 1;
    else if (kind === DATE) this.dates[column] = (this.dates[column] as number) + 1;
    if (length > (this.longest[column] as number)) this.longest[column] = length;
  }

  private seeShared(column: number, index: number): void {
    let seen = this.sharedSeen[column];
    if (seen === undefined) {
      seen = new Set();
      this.sharedSeen[column] = seen;
    }
    if (seen.has(index)) return;
    seen.add(index);
    this.see(column, this.strings.text(index));
  }

  private see(column: number, text: string): void {
    const { values } = this.table.column(column);
    if (values.size < DISTINCT_LIMIT) values.add(text);
    if (values.size < DISTINCT_LIMIT) return;
    this.isFull[column] = 1;
    this.tellFull?.(column);
    this.sharedSeen[column] = undefined;
  }
}
