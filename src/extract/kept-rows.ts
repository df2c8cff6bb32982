import type { TableBuilder } from './table-builder.ts';

/** What rows are read into: a table, or the cells of a single row. */
export type RowTarget = Pick<
  TableBuilder,
  | 'keepsRows'
  | 'addRow'
  | 'countRow'
  | 'countRows'
  | 'rowsToSample'
  | 'keepLater'
  | 'column'
  | 'addProse'
  | 'addProseLines'
  | 'countProse'
  | 'proseLeft'
  | 'proseRoom'
>;

interface RowReader {
  read(input: Buffer, at: number, end: number): number;
}

/** The rows of a table's sample, kept as their bytes: most are thinned out before anybody asks for their cells. */
export class KeptRows {
  private readonly table: RowTarget;
  private readonly makeReader: (target: RowTarget) => RowReader;
  private reader: RowReader | null = null;
  private shown: readonly string[] = [];

  /** `makeReader`: what reads a single row into the target. */
  constructor(table: RowTarget, makeReader: (target: RowTarget) => RowReader) {
    this.table = table;
    this.makeReader = makeReader;
  }

  keep(row: Buffer): void {
    const kept = Buffer.from(row);
    this.table.keepLater(() => this.show(kept));
  }

  private show(row: Buffer): readonly string[] {
    this.shown = [];
    // One reader for all rows of the sample: its tables of counts are large, and nothing is counted in them.
    this.reader ??= this.makeReader(this.target());
    this.reader.read(row, 0, row.length);
    return this.shown;
  }

  private target(): RowTarget {
    return {
      keepsRows: true,
      proseRoom: 'none',
      addRow: (cells) => {
        this.shown = cells;
      },
      countRow: () => false,
      rowsToSample: 1,
      countRows() {},
      keepLater() {},
      addProse() {},
      addProseLines() {},
      countProse() {},
      proseLeft: 0,
      column: (at) => this.table.column(at),
    };
  }
}
