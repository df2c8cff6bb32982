import { drawnName } from './drawn-name.ts';
import type { XmlAttributes, XmlHandler } from './xml-reader.ts';
import { isStructure } from './xml-structure.ts';

/** Elements that end a line, in any of the office vocabularies. */
const LINES: ReadonlySet<string> = new Set([
  'p',
  'tr',
  'si',
  'comment',
  'text',
  'sp',
  'pt',
  'ser',
  'cm',
  'li',
  'h',
  'table-row',
  'div',
]);
/** Elements whose text runs on into the next one of the same paragraph. */
const RUNS: ReadonlySet<string> = new Set([
  ...['t', 'r', 'span', 'a', 'instrText', 'delText', 's', 'fld', 'm', 'font', 'b', 'i', 'u', 'strong', 'em'],
]);
/** Attributes that people write, in any vocabulary. */
const WORDS: readonly string[] = ['descr', 'title', 'alt', 'tooltip', 'prompt', 'actionTitle', 'caption', 'string'];

/** Elements whose value is somebody's: variables, queries of a mail merge, labels of controls. */
const VALUES: ReadonlySet<string> = new Set([
  'docVar',
  'query',
  'connectString',
  'alias',
  'tag',
  'statusText',
  'helpText',
  'section',
  'custShow',
  'item',
  'ocxPr',
]);

/**
 * The words of any XML part: text with its lines, cells of a table row apart by tabs, and the attributes that people write
 * (alt texts, tooltips).
 *
 * `attributes: 'all'` takes every attribute with a letter: for data whose vocabulary is the sender's own.
 */
export class XmlText implements XmlHandler {
  private readonly all: boolean;
  private readonly lines: string[] = [];
  private line = '';
  private readonly path: string[] = [];
  private cells = 0;
  private paragraphs = 0;
  private leaf = false;

  constructor(attributes: 'all' | 'words' = 'words') {
    this.all = attributes === 'all';
  }

  open(name: string, attributes: XmlAttributes): void {
    this.path.push(name);
    if (name === 'tc' || name === 'table-cell') this.cells += 1;
    else if (name === 'p' || name === 'h') this.paragraphs += 1;
    // A tab stop's definition (`tabs`) is no tab.
    else if (name === 'tab' && this.path.at(-2) !== 'tabs') this.line += '\t';
    else if (name === 'br' || name === 'cr' || name === 'line-break') this.breakLine();
    if (this.all) {
      for (const [key, value] of attributes)
        if (!key.startsWith('xmlns') && !key.endsWith('schemaLocation') && /\p{L}|\d{3}/u.test(value)) this.keep(value);
    } else {
      for (const word of WORDS) this.keep(attributes.get(word));
      if (name === 'cNvPr' || name === 'docPr') this.keep(drawnName(attributes.get('name')));
      // Drawings of older programs carry their links themselves.
      if (!attributes.get('href')?.startsWith('#')) this.keep(attributes.get('href'));
      if (VALUES.has(name)) this.keep(['name', 'val', 'value'].map((key) => attributes.get(key) ?? '').join(' '));
    }
  }

  text(text: string): void {
    const name = this.path.at(-1) ?? '';
    if (RUNS.has(name) && (this.paragraphs > 0 || name === 't' || text.trim() !== '')) {
      this.line += text;
      return;
    }
    if (text.trim() === '' || isStructure(name, text)) return;
    this.line += this.paragraphs > 0 ? text : text.trim();
    this.leaf = true;
  }

  close(name: string): void {
    this.path.pop();
    const wasLeaf = this.leaf;
    this.leaf = false;
    switch (name) {
      case 'tc':
      case 'table-cell':
        this.cells -= 1;
        this.line = `${this.line.trimEnd()}\t`;
        return;
      case 'p':
      case 'h':
        this.paragraphs -= 1;
        break;
    }
    if (LINES.has(name) || (wasLeaf && this.paragraphs === 0)) this.breakLine();
  }

  comment(text: string): void {
    if (/\p{L}{2}/u.test(text)) this.keep(text);
  }

  result(): string {
    this.endLine();
    return this.lines.join('\n');
  }

  private keep(value: string | undefined): void {
    if (value === undefined || value.trim() === '') return;
    this.lines.push(value.trim());
  }

  /** Within a cell a line is a word's distance: a row stays one line. */
  private breakLine(): void {
    if (this.cells === 0) this.endLine();
    else if (this.line !== '' && !/\s$/.test(this.line)) this.line += ' ';
  }

  private endLine(): void {
    const line = this.line.replace(/\s+$/, '');
    this.line = '';
    if (line.trim() !== '') this.lines.push(line);
  }
}
