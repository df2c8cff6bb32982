/** Collects the text of a page as it is read: white space folded, blocks on lines, cells apart by tabs, data tables kept. */
export class HtmlText {
  readonly tables: string[][][] = [];
  private readonly pieces: string[] = [];
  private atLineStart = true;
  private spaceDue = false;
  private preformatted = 0;
  /** Tables being read, outermost first; one that holds another is layout and is dropped. */
  private readonly open: { rows: string[][]; cell: string[] | null; layout: boolean }[] = [];

  text(raw: string): void {
    if (this.preformatted > 0) {
      this.put(raw);
      return;
    }
    const folded = raw.replace(/[ \t\r\n\f]+/g, ' ');
    if (folded === '') return;
    if (folded === ' ') {
      this.spaceDue = true;
      return;
    }
    const starts = folded.startsWith(' ');
    const ends = folded.endsWith(' ');
    if ((this.spaceDue || starts) && !this.atLineStart) this.put(' ');
    this.put(folded.slice(starts ? 1 : 0, ends ? -1 : undefined));
    this.spaceDue = ends;
  }

  /** Whole text on a line of its own. */
  line(text: string): void {
    const folded = text.replace(/\s+/g, ' ').trim();
    if (folded === '') return;
    this.breakLine();
    this.put(folded);
    this.breakLine();
  }

  breakLine(): void {
    this.spaceDue = false;
    const table = this.open.at(-1);
    if (table?.cell != null && table.cell.length > 0) table.cell.push(' ');
    if (this.atLineStart) return;
    this.pieces.push('\n');
    this.atLineStart = true;
  }

  openTag(name: string): void {
    if (name === 'pre' || name === 'textarea' || name === 'listing') this.preformatted += 1;
    else if (name === 'table') {
      const outer = this.open.at(-1);
      if (outer !== undefined) outer.layout = true;
      this.open.push({ rows: [], cell: null, layout: false });
    } else if (name === 'tr') this.open.at(-1)?.rows.push([]);
    else if (name === 'td' || name === 'th') {
      const table = this.open.at(-1);
      if (table !== undefined) table.cell = [];
      if (!this.atLineStart) this.put('\t');
      this.spaceDue = false;
    }
  }

  closeTag(name: string): void {
    if ((name === 'pre' || name === 'textarea' || name === 'listing') && this.preformatted > 0) this.preformatted -= 1;
    else if (name === 'td' || name === 'th') {
      const table = this.open.at(-1);
      if (table?.cell != null) {
        if (table.rows.length === 0) table.rows.push([]);
        table.rows.at(-1)?.push(table.cell.join('').replace(/\s+/g, ' ').trim());
        table.cell = null;
      }
      this.spaceDue = false;
    } else if (name === 'table') {
      const table = this.open.pop();
      const rows = table?.rows.filter((row) => row.some((cell) => cell !== '')) ?? [];
      if (table?.layout === false && rows.length >= 2 && rows.some((row) => row.length >= 2)) this.tables.push(rows);
    }
  }

  finish(): string {
    return this.pieces
      .join('')
      .replace(/[ \t]+\n/g, '\n')
      .trim();
  }

  private put(text: string): void {
    if (text === '') return;
    this.pieces.push(text);
    this.atLineStart = text.endsWith('\n');
    const table = this.open.at(-1);
    if (table?.cell != null && text !== '\t') table.cell.push(text);
  }
}
