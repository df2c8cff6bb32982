import type { XmlAttributes, XmlHandler } from './xml-reader.ts';
import { isStructure } from './xml-structure.ts';

/** A table in a document, cells as text. */
export interface DocumentTable {
  readonly rows: readonly (readonly string[])[];
}

/** Symbols that Word keeps as elements. */
const MARKS: Readonly<Record<string, string>> = {
  tab: '\t',
  ptab: '\t',
  br: '\n',
  cr: '\n',
  noBreakHyphen: '\u2011',
};
const WORDS: readonly string[] = ['descr', 'title', 'alt', 'tooltip'];
/** What stands for a control's own text: placeholders, document variables, list entries. */
const VALUES: ReadonlySet<string> = new Set([
  'alias',
  'docVar',
  'listItem',
  'listEntry',
  'statusText',
  'helpText',
  'tblCaption',
  'tblDescription',
]);

/**
 * Collects a WordprocessingML part: the text as it reads with every change accepted, and apart from it what was deleted, in the
 * sentences it was deleted from; tables; alt texts; field codes.
 *
 * The fallback of alternate content repeats the choice for older programs; only what it says differently is kept.
 */
export class DocxText implements XmlHandler {
  private readonly path: string[] = [];
  private readonly lines: string[] = [];
  private readonly removed: string[] = [];
  private readonly words: string[] = [];
  private readonly fallbacks: string[] = [];
  readonly tables: DocumentTable[] = [];
  private paragraphs: { current: string; original: string; isChanged: boolean }[] = [];
  private readonly openTables: { rows: string[][]; row: string[]; cell: string[] }[] = [];
  private deleted = 0;
  private inserted = 0;
  private fallback = 0;
  private field = '';

  open(name: string, attributes: XmlAttributes): void {
    this.path.push(name);
    switch (name) {
      case 'p':
        this.paragraphs.push({ current: '', original: '', isChanged: false });
        break;
      case 'tbl':
        this.openTables.push({ rows: [], row: [], cell: [] });
        break;
      case 'tr':
        this.setRow([]);
        break;
      case 'tc': {
        const table = this.openTables.at(-1);
        if (table !== undefined) table.cell = [];
        break;
      }
      case 'del':
      case 'moveFrom':
        this.deleted += 1;
        break;
      case 'ins':
      case 'moveTo':
        this.inserted += 1;
        break;
      case 'Fallback':
        this.fallback += 1;
        break;
      case 'sym':
        this.add(symbolOf(attributes.get('char')));
        break;
      default: {
        const mark = MARKS[name];
        if (mark !== undefined && this.path.at(-2) !== 'tabs') this.add(mark);
      }
    }
    for (const word of WORDS) this.keepWord(attributes.get(word));
    if (VALUES.has(name)) for (const key of ['val', 'displayText', 'value']) this.keepWord(attributes.get(key));
    if (name === 'textpath') this.keepWord(attributes.get('string'));
    else if (name === 'fldSimple') this.keepWord(attributes.get('instr'));
  }

  text(text: string): void {
    switch (this.path.at(-1)) {
      case 't':
        this.add(text);
        return;
      case 'delText':
        this.addDeleted(text);
        return;
      case 'instrText':
      case 'delInstrText':
        this.field += text;
        return;
      default:
        if (text.trim() !== '' && !isStructure(this.path.at(-1) ?? '', text)) this.add(text.trim());
    }
  }

  close(name: string): void {
    this.path.pop();
    switch (name) {
      case 'p':
        this.endParagraph();
        break;
      case 'tc': {
        const table = this.openTables.at(-1);
        table?.row.push(table.cell.join(' '));
        break;
      }
      case 'tr':
        this.endRow();
        break;
      case 'tbl':
        this.endTable();
        break;
      case 'del':
      case 'moveFrom':
        this.deleted -= 1;
        break;
      case 'ins':
      case 'moveTo':
        this.inserted -= 1;
        break;
      case 'Fallback':
        this.fallback -= 1;
        break;
    }
  }

  comment(text: string): void {
    if (/\p{L}{2}/u.test(text)) this.keepWord(text);
  }

  /** The text as it reads now. */
  current(): string {
    this.endStray();
    const said = new Set(this.lines);
    const extra = this.fallbacks.filter((line) => !said.has(line));
    return [...this.lines, ...extra].join('\n');
  }

  /** Paragraphs as they read before the tracked deletions in them; '' where nothing was deleted. */
  beforeDeletions(): string {
    return this.removed.join('\n');
  }

  /** Alt texts, control texts and field codes. */
  asides(): string {
    if (this.field.trim() !== '') this.keepWord(this.field.trim());
    this.field = '';
    return [...new Set(this.words)].join('\n');
  }

  private add(text: string): void {
    if (this.deleted > 0) {
      this.addDeleted(text);
      return;
    }
    const paragraph = this.paragraph();
    paragraph.current += text;
    if (this.inserted === 0) paragraph.original += text;
  }

  private addDeleted(text: string): void {
    const paragraph = this.paragraph();
    paragraph.original += text;
    paragraph.isChanged = true;
  }

  private paragraph() {
    let last = this.paragraphs.at(-1);
    if (last === undefined) {
      last = { current: '', original: '', isChanged: false };
      this.paragraphs.push(last);
    }
    return last;
  }

  private endParagraph(): void {
    const paragraph = this.paragraphs.pop();
    if (this.field.trim() !== '') {
      this.keepWord(this.field.trim());
      this.field = '';
    }
    if (paragraph === undefined) return;
    if (paragraph.isChanged && paragraph.original.trim() !== '') this.removed.push(paragraph.original);
    if (paragraph.current.trim() === '') return;
    const table = this.openTables.at(-1);
    if (this.fallback > 0) this.fallbacks.push(paragraph.current);
    else if (table !== undefined && this.path.includes('tc'))
      table.cell.push(paragraph.current.replace(/\s*\n\s*/g, ' '));
    else this.lines.push(paragraph.current);
  }

  /** Text outside any paragraph: where markup is damaged. */
  private endStray(): void {
    while (this.openTables.length > 0) {
      this.endRow();
      this.endTable();
    }
    while (this.paragraphs.length > 0) this.endParagraph();
  }

  private setRow(row: string[]): void {
    const table = this.openTables.at(-1);
    if (table !== undefined) table.row = row;
  }

  private endRow(): void {
    const table = this.openTables.at(-1);
    if (table === undefined || table.row.every((cell) => cell === '')) return;
    table.rows.push(table.row);
    if (this.openTables.length === 1) this.lines.push(table.row.join('\t'));
    table.row = [];
  }

  private endTable(): void {
    const table = this.openTables.pop();
    if (table === undefined) return;
    this.tables.push({ rows: table.rows });
    // A table within a cell is part of that cell's text.
    this.openTables.at(-1)?.cell.push(table.rows.map((row) => row.join(' ')).join(' '));
  }

  private keepWord(word: string | undefined): void {
    if (word !== undefined && word.trim() !== '') this.words.push(word.trim());
  }
}

/** A character of a symbol font: those of the private area keep their low byte, which is what was typed. */
function symbolOf(code: string | undefined): string {
  const value = Number.parseInt(code ?? '', 16);
  if (Number.isNaN(value) || value > 0x10ffff) return '';
  return String.fromCodePoint(value >= 0xf000 && value <= 0xf0ff ? value - 0xf000 : value);
}
