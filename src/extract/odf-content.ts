import { ownValue } from '../core/own-value.ts';
import type { Budget } from './budget.ts';
import { drawnName } from './drawn-name.ts';
import { FormulaKinds } from './formula-kinds.ts';
import { OdfLists } from './odf-lists.ts';
import { OdfTable } from './odf-table.ts';
import type { EveryCell, FinishedTable } from './table-builder.ts';
import type { XmlAttributes, XmlHandler } from './xml-reader.ts';

/** Elements whose paragraphs are a text of their own, and where it goes. */
const SINKS: Readonly<Record<string, OdfGroup>> = {
  'note-body': 'notes',
  annotation: 'comments',
  deletion: 'deletions',
  'cell-content-deletion': 'deletions',
  notes: 'speaker notes',
  header: 'headers and footers',
  'header-left': 'headers and footers',
  'header-first': 'headers and footers',
  footer: 'headers and footers',
  'footer-left': 'headers and footers',
  'footer-first': 'headers and footers',
  'help-message': 'messages',
  'error-message': 'messages',
  shapes: 'text boxes',
  frame: 'text boxes',
  'custom-shape': 'text boxes',
};
export type OdfGroup =
  | 'notes'
  | 'comments'
  | 'deletions'
  | 'speaker notes'
  | 'headers and footers'
  | 'messages'
  | 'text boxes'
  | 'exact values'
  | 'asides';

/** Attributes that people write: alt texts are elements, these are forms, names, variables and fields. */
const WORDS: readonly string[] = [
  ...['label', 'help-text', 'title', 'description', 'string-value', 'current-value', 'comment'],
];
/** Elements of drawings whose names the navigator shows. */
const DRAWN: ReadonlySet<string> = new Set([
  'frame',
  'custom-shape',
  'rect',
  'ellipse',
  'line',
  'path',
  'polygon',
  'g',
]);
/** Elements whose `value` somebody typed: a form's fields and its choices, the items of a drop-down field. */
const VALUED: ReadonlySet<string> = new Set([
  ...['text', 'textarea', 'hidden', 'formatted-text', 'combobox', 'listbox', 'option', 'button', 'label', 'password'],
]);
/** Marks of a page's own making, between words: a note's number is no part of the figure before it. */
const SIGNS: ReadonlySet<string> = new Set(['note-citation']);

interface Sink {
  readonly group: OdfGroup | null;
  readonly lines: string[];
}

/**
 * Collects OpenDocument content, whichever application wrote it: running text, tables, slides, and apart from them notes, comments,
 * deletions kept by change tracking, headers, speaker notes and alt texts. Source: OASIS ODF 1.3 part 3.
 */
export class OdfContent implements XmlHandler {
  readonly sheets: FinishedTable[] = [];
  readonly groups = new Map<OdfGroup, string[]>();
  readonly slides: { readonly name: string; readonly text: string }[] = [];
  private readonly isSpreadsheet: boolean;
  private readonly everyCell: EveryCell;
  private readonly budget: Budget;
  private readonly path: string[] = [];
  private readonly sinks: Sink[] = [{ group: null, lines: [] }];
  /** Open paragraphs, innermost last: a note's own paragraph stands inside that of the text. */
  private readonly paragraphs: string[] = [];
  /** What stands before the first word of each, where it is the item of a list. */
  private readonly labels: string[] = [];
  private readonly lists: OdfLists;
  private readonly tables: OdfTable[] = [];
  private readonly hiddenStyles = new Set<string>();
  private readonly formulas = new FormulaKinds();
  private styleName = '';
  private slideName = '';
  /** Who made the comment that begins, said before its first words. */
  private author = '';

  constructor(isSpreadsheet: boolean, everyCell: EveryCell, budget: Budget, lists = new OdfLists()) {
    this.isSpreadsheet = isSpreadsheet;
    this.everyCell = everyCell;
    this.budget = budget;
    this.lists = lists;
  }

  open(name: string, attributes: XmlAttributes): void {
    this.path.push(name);
    this.lists.open(name, attributes);
    const sink = this.sinkOf(name);
    if (sink !== null) this.sinks.push({ group: sink, lines: [] });
    switch (name) {
      case 'p':
      case 'h':
        this.paragraphs.push('');
        this.labels.push(this.lists.take());
        break;
      case 's':
        this.add(' '.repeat(Math.min(100, Number(attributes.get('c') ?? 1) || 1)));
        break;
      case 'tab':
        this.add('\t');
        break;
      case 'line-break':
        this.add('\n');
        break;
      case 'style':
        this.styleName = attributes.get('name') ?? '';
        break;
      case 'table-properties':
        if (attributes.get('display') === 'false') this.hiddenStyles.add(this.styleName);
        break;
      case 'table':
        this.tables.push(this.newTable(attributes));
        this.keep('asides', drawnName(attributes.get('name')));
        break;
      case 'page':
        this.slideName = attributes.get('name') ?? '';
        break;
      case 'ruby-text':
        this.add(' (');
        break;
      case 'bookmark':
      case 'bookmark-start':
        this.keep('asides', attributes.get('name'));
        break;
      case 'named-range':
      case 'named-expression':
        this.keep(
          'asides',
          [attributes.get('name'), attributes.get('cell-range-address'), attributes.get('expression')].join(' '),
        );
        break;
      default:
        this.tables.at(-1)?.open(name, attributes);
    }
    for (const word of WORDS) {
      const value = attributes.get(word);
      if (value !== undefined && !/^(table-cell|covered-table-cell)$/.test(name)) this.keep('asides', value);
    }
    if (DRAWN.has(name)) this.keep('asides', drawnName(attributes.get('name')));
    if (VALUED.has(name)) this.keep('asides', attributes.get('value'));
    if (name === 'list-item') this.keep('asides', attributes.get('display-text'));
    const formula = attributes.get('formula');
    if (formula !== undefined && this.formulas.isNew(formula)) this.keep('asides', formula);
    // What a condition quotes is content, shown or not.
    if (/"[^"]*\p{L}[^"]*"/u.test(attributes.get('condition') ?? '')) this.keep('asides', attributes.get('condition'));
    // The day that a date field stands for, which it may show in any way.
    if (name === 'content-control') this.keep('asides', attributes.get('current-date'));
    const link = attributes.get('href') ?? '';
    if (link.includes(':') || (name === 'a' && !link.startsWith('#'))) this.keep('asides', link);
  }

  text(text: string): void {
    const element = this.path.at(-1) ?? '';
    if (SIGNS.has(element) || this.isAboutComment(element, text)) return;
    if (this.paragraphs.length > 0) this.add(text);
    else if (text.trim() !== '' && /\p{L}|\d/u.test(text)) {
      if (element === 'title' || element === 'desc') this.keep('asides', text.trim());
      else if (element === 'config-item' || element === 'binary-data' || element === 'date') return;
      else this.line(text.trim());
    }
  }

  close(name: string): void {
    this.path.pop();
    this.lists.close(name);
    switch (name) {
      case 'p':
      case 'h':
        this.endParagraph();
        break;
      case 'ruby-text':
        this.add(')');
        break;
      case 'table':
        this.endTable();
        break;
      case 'table-row':
      case 'table-cell':
      case 'covered-table-cell':
        this.tables.at(-1)?.close(name);
        break;
      case 'page':
        this.endSlide();
        break;
    }
    if (this.sinkOf(name) !== null && this.sinks.length > 1) {
      const sink = this.sinks.pop();
      if (sink?.group != null && sink.lines.length > 0) this.keep(sink.group, sink.lines.join('\n'));
    }
  }

  comment(text: string): void {
    if (/\p{L}{2}/u.test(text)) this.keep('asides', text.trim());
  }

  /** Who made a comment or a change, and when: said beside the words, though written amid the sentence they are about. */
  private isAboutComment(element: string, text: string): boolean {
    const parent = this.path.at(-2);
    if (parent !== 'annotation' && parent !== 'change-info') return false;
    if (element === 'creator' && parent === 'annotation') this.author = `${text.trim()}: `;
    else if (element === 'creator') this.keep('asides', text);
    return /^(creator|date|date-string|\w*-?initials|meta-\w+)$/.test(element);
  }

  /** The running text that belongs to no slide and no sheet. */
  body(): string {
    // A file that is cut off ends in the middle of its paragraphs.
    while (this.paragraphs.length > 0) this.endParagraph();
    while (this.tables.length > 0) this.endTable();
    while (this.sinks.length > 1) {
      const sink = this.sinks.pop();
      if (sink?.group != null) this.keep(sink.group, sink.lines.join('\n'));
    }
    return (this.sinks[0]?.lines ?? []).join('\n');
  }

  /** Frames are part of the text in a document, and of their slide; only a sheet has them beside its cells. */
  private sinkOf(name: string): OdfGroup | null {
    const group = ownValue(SINKS, name);
    if (group === undefined || (group === 'text boxes' && !this.isSpreadsheet)) return null;
    return group;
  }

  private newTable(attributes: XmlAttributes): OdfTable {
    const isSheet = this.isSpreadsheet && this.tables.length === 0;
    return new OdfTable({
      name: attributes.get('name') ?? `table ${this.sheets.length + 1}`,
      isHidden: this.hiddenStyles.has(attributes.get('style-name') ?? ''),
      isSheet,
      everyCell: this.everyCell,
      budget: this.budget,
    });
  }

  private endTable(): void {
    const table = this.tables.pop();
    if (table === undefined) return;
    table.endStray();
    if (!table.isSheet) for (const line of table.lines) this.line(line);
    this.keep('exact values', table.exact.text());
    if (table.isSheet || table.rows >= 4) {
      const made = table.finish();
      this.sheets.push(table.isSheet || table.isBeyondLines ? made : { table: made.table, text: '' });
    }
  }

  private endSlide(): void {
    const body = this.sinks[0];
    if (body === undefined || this.isSpreadsheet) return;
    this.slides.push({ name: this.slideName, text: body.lines.splice(0).join('\n') });
  }

  private endParagraph(): void {
    const text = this.paragraphs.pop() ?? '';
    const label = this.labels.pop() ?? '';
    this.line(text.trim() === '' ? text : `${label}${text}`);
  }

  private add(text: string): void {
    const last = this.paragraphs.length - 1;
    if (last >= 0) this.paragraphs[last] += text;
  }

  private line(text: string): void {
    if (text.trim() === '') return;
    const sink = this.sinks.at(-1);
    if (sink?.group === 'comments') {
      sink.lines.push(`${this.author}${text}`);
      this.author = '';
      return;
    }
    const table = this.tables.at(-1);
    if (table?.isInCell === true && (sink?.group ?? null) === null) table.addText(text);
    else sink?.lines.push(text);
  }

  private keep(group: OdfGroup, text = ''): void {
    if (text.trim() === '') return;
    const list = this.groups.get(group) ?? [];
    list.push(text.trim());
    this.groups.set(group, list);
  }
}
