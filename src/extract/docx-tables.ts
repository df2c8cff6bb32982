/** Fewer rows than this are a layout or an address block, and their text says all. */
export const TABLE_ROWS = 4;

/** A table in a document, cells as text. */
export interface DocumentTable {
  readonly rows: readonly (readonly string[])[];
}

/** The tables of a story as its elements come; one within a cell is part of that cell's text. */
export class DocxTables {
  readonly finished: DocumentTable[] = [];
  private paragraph = '';
  private readonly open: { rows: string[][]; row: string[]; cell: string[] }[] = [];

  get isInCell(): boolean {
    return this.open.length > 0;
  }

  begin(): void {
    this.open.push({ rows: [], row: [], cell: [] });
  }

  beginRow(): void {
    const table = this.open.at(-1);
    if (table !== undefined) table.row = [];
  }

  beginCell(): void {
    this.endStrayCell();
  }

  addText(text: string): void {
    this.open.at(-1)?.cell.push(text.replace(/\s*\n\s*/g, ' '));
  }

  /** Adds to the paragraph that is open in the cell. */
  addRun(text: string): void {
    this.paragraph += text;
  }

  endParagraph(): void {
    if (this.paragraph.trim() !== '') this.addText(this.paragraph.trim());
    this.paragraph = '';
  }

  endCell(): void {
    const table = this.open.at(-1);
    if (table === undefined) return;
    table.row.push(table.cell.join(' '));
    table.cell = [];
  }

  /** Text of a table that no cell holds is a cell of its own. */
  private endStrayCell(): void {
    if ((this.open.at(-1)?.cell.length ?? 0) > 0) this.endCell();
  }

  /** Ends a row; the line it makes in the text, null for an empty row or one of a table within a cell. */
  endRow(): string | null {
    this.endStrayCell();
    const table = this.open.at(-1);
    if (table === undefined || table.row.every((cell) => cell === '')) return null;
    const { row } = table;
    table.rows.push(row);
    table.row = [];
    return this.open.length === 1 ? row.join('\t') : null;
  }

  end(): void {
    const table = this.open.pop();
    if (table === undefined) return;
    this.finished.push({ rows: table.rows });
    this.open.at(-1)?.cell.push(table.rows.map((row) => row.join(' ')).join(' '));
  }
}
