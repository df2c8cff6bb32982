import type { XmlAttributes, XmlHandler } from './xml-reader.ts';

/** Elements that end a line, in any of the office vocabularies. */
const LINES: ReadonlySet<string> = new Set([
  ...[
    'p',
    'tr',
    'br',
    'cr',
    'si',
    'comment',
    'text',
    'row',
    'sp',
    'pt',
    'ser',
    'title',
    'cm',
    'li',
    'h',
    'table-row',
    'div',
  ],
  ...['lastModifiedBy', 'v'],
]);
/** Elements whose text runs on into the next one of the same paragraph. */
const RUNS: ReadonlySet<string> = new Set([
  't',
  'r',
  'span',
  'a',
  'instrText',
  'delText',
  's',
  'fld',
  'hlinkClick',
  'm',
  'font',
  'b',
  'i',
  'u',
]);
const TABS: ReadonlySet<string> = new Set(['tab', 'tc', 'table-cell']);
/** Attributes that people write, in any vocabulary. */
const WORDS: readonly string[] = ['descr', 'title', 'alt', 'tooltip', 'prompt', 'actionTitle', 'caption', 'string'];

/**
 * The words of any XML part: text with its lines, and the attributes that people write (alt texts, tooltips).
 *
 * `attributes: 'all'` takes every attribute with a letter: for data whose vocabulary is the sender's own.
 */
export class XmlText implements XmlHandler {
  private readonly all: boolean;
  private readonly lines: string[] = [];
  private line = '';
  private readonly path: string[] = [];

  constructor(attributes: 'all' | 'words' = 'words') {
    this.all = attributes === 'all';
  }

  open(name: string, attributes: XmlAttributes): void {
    this.path.push(name);
    // A tab stop's definition (`tabs`) is no tab.
    if (name === 'tab' && this.path.at(-2) !== 'tabs') this.line += '\t';
    else if (name === 'br' || name === 'cr') this.endLine();
    if (this.all) {
      for (const [key, value] of attributes)
        if (!key.startsWith('xmlns') && !key.endsWith('schemaLocation') && value.trim() !== '') this.keep(value);
    } else for (const word of WORDS) this.keep(attributes.get(word));
  }

  text(text: string): void {
    const name = this.path.at(-1) ?? '';
    if (name === 't' || name === 'delText' || name === 'instrText') {
      this.line += text;
      return;
    }
    if (text.trim() === '') return;
    this.line += RUNS.has(name) ? text : text.trim();
    if (!RUNS.has(name) && !LINES.has(name)) this.line += ' ';
  }

  close(name: string): void {
    this.path.pop();
    if (TABS.has(name) && name !== 'tab') this.line = `${this.line.trimEnd()}\t`;
    else if (LINES.has(name) && !this.path.includes('tc')) this.endLine();
    else if (name === 'p') this.line += ' ';
    else if (!RUNS.has(name) && this.line.endsWith(' ') && !this.path.includes('p')) this.endLine();
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

  private endLine(): void {
    const line = this.line.replace(/[ \t]+$/, '');
    this.line = '';
    if (line.trim() !== '') this.lines.push(line);
  }
}
