import { ownValue } from '../core/own-value.ts';
import { type DocumentTable, DocxTables } from './docx-tables.ts';
import { authorOf, wordsOf } from './docx-words.ts';
import { FieldCodes } from './field-codes.ts';
import { ListCounter, ParagraphList } from './list-counter.ts';
import { printableStrings } from './printable-strings.ts';
import { symbolOf } from './symbol-font.ts';
import { WordNumbering } from './word-numbering.ts';
import type { XmlAttributes, XmlHandler } from './xml-reader.ts';
import { isStructure } from './xml-structure.ts';

/** Symbols that Word keeps as elements; the parts of a fraction stand apart. */
const MARKS: Readonly<Record<string, string>> = {
  tab: '\t',
  ptab: '\t',
  br: '\n',
  cr: '\n',
  noBreakHyphen: '\u2011',
  den: '/',
};

/** Where text without a run of its own is running text all the same. */
const LOOSE: ReadonlySet<string> = new Set(['', 'p', 'r', 'tc', 'tr', 'tbl', 'body', 'document', 'hdr', 'ftr']);

/** Elements that hold what was deleted, what was added, what older programs show, and properties as they were before a change. */
const WITHIN: Readonly<Record<string, 'deleted' | 'inserted' | 'fallback' | 'former'>> = {
  del: 'deleted',
  moveFrom: 'deleted',
  ins: 'inserted',
  moveTo: 'inserted',
  Fallback: 'fallback',
  pPrChange: 'former',
};

interface Paragraph {
  current: string;
  typed: string;
  original: string;
  isChanged: boolean;
  isDropCap: boolean;
  readonly list: ParagraphList;
}

/**
 * Collects a WordprocessingML part: the text as it reads with every change accepted, list numbers included, and apart from it
 * what was deleted, in the sentences it was deleted from; tables; alt texts; field codes.
 *
 * The fallback of alternate content repeats the choice for older programs; only what it says differently is kept.
 */
export class DocxText implements XmlHandler {
  private readonly numbering: WordNumbering;
  private readonly counter: ListCounter;
  private readonly path: string[] = [];
  private readonly lines: string[] = [];
  private readonly removed: string[] = [];
  private readonly words: string[] = [];
  private readonly fallbacks: string[] = [];
  private readonly openTables = new DocxTables();
  private readonly fields = new FieldCodes((code) => this.keepWord(code));
  private readonly paragraphs: Paragraph[] = [];
  /** How many elements of each kind are open. */
  private readonly within = { deleted: 0, inserted: 0, fallback: 0, former: 0 };
  private isCapitals = false;
  private dropCap = '';
  /** Who wrote the comment that begins, said before its first words. */
  private author = '';
  private ruby = '';
  private isInRuby = false;

  constructor(numbering: WordNumbering = new WordNumbering()) {
    this.numbering = numbering;
    this.counter = new ListCounter(numbering);
  }

  get tables(): readonly DocumentTable[] {
    return this.openTables.finished;
  }

  open(name: string, attributes: XmlAttributes): void {
    this.path.push(name);
    const kind = ownValue(WITHIN, name);
    if (kind !== undefined) this.within[kind] += 1;
    switch (name) {
      case 'p':
        this.paragraphs.push(newParagraph());
        break;
      case 'tbl':
        this.openTables.begin();
        break;
      case 'tr':
        this.endRow();
        this.openTables.beginRow();
        break;
      case 'tc':
        this.openTables.beginCell();
        break;
      case 'rt':
        this.endRuby();
        this.isInRuby = this.path.at(-2) === 'ruby';
        break;
      case 'fldChar':
        this.fields.mark(attributes.get('fldCharType') ?? '');
        break;
      case 'comment':
        this.author = authorOf(attributes);
        break;
      case 'framePr':
        if (attributes.has('dropCap')) this.paragraph().isDropCap = attributes.get('dropCap') !== 'none';
        break;
      case 'r':
        this.isCapitals = false;
        break;
      case 'caps':
        // A run's own letters are shown as capitals; those of a change that was made, or of a paragraph's end, are not.
        if (this.path.at(-3) === 'r') this.isCapitals = !/^(0|false|off)$/.test(attributes.get('val') ?? '');
        break;
      case 'sym':
        this.add(symbolOf(attributes.get('char'), attributes.get('font')));
        break;
      default:
        this.openOther(name, attributes);
    }
    for (const word of wordsOf(name, attributes, this.path.at(-2) ?? '')) this.keepWord(word);
  }

  text(text: string): void {
    switch (this.path.at(-1)) {
      case 't':
        if (this.isInRuby) this.ruby += text;
        else this.add(this.isCapitals ? text.toUpperCase() : text, text);
        return;
      case 'delText':
        this.addDeleted(text);
        return;
      case 'instrText':
      case 'delInstrText':
        this.fields.add(text);
        return;
      case 'fldData':
        this.keepWord(printableStrings(Buffer.from(text, 'base64')));
        return;
      default:
        this.addOther(text);
    }
  }

  close(name: string): void {
    this.path.pop();
    const kind = ownValue(WITHIN, name);
    if (kind !== undefined) this.within[kind] -= 1;
    switch (name) {
      case 'p':
        this.endParagraph();
        break;
      case 'tc':
        this.openTables.endCell();
        break;
      case 'tr':
        this.endRow();
        break;
      case 'tbl':
        this.endRow();
        this.openTables.end();
        break;
      case 'rt':
        this.isInRuby = false;
        break;
      case 'ruby':
        this.endRuby();
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
    this.fields.finish();
    return [...new Set(this.words)].join('\n');
  }

  /** Text that no run holds: of damaged markup, where it stands; of any element of another kind, beside the words. */
  private addOther(text: string): void {
    const element = this.path.at(-1) ?? '';
    if (text.trim() === '' || isStructure(element, text)) return;
    if (LOOSE.has(element)) this.add(text.trim());
    else this.keepWord(text);
  }

  private openOther(name: string, attributes: XmlAttributes): void {
    const parent = this.path.at(-2);
    const mark = ownValue(MARKS, name);
    if (mark !== undefined && parent !== 'tabs') this.add(mark);
    else if (parent === 'pPr' || parent === 'numPr') {
      if (this.within.former === 0) this.paragraph().list.take(name, attributes);
    } else if (parent === 'checkBox' && (name === 'checked' || name === 'default'))
      this.tick(!/^(0|false|off)$/.test(attributes.get('val') ?? ''));
  }

  /** A box to tick, as text-only readers show it; the state set by hand comes after the default and replaces it. */
  private tick(isTicked: boolean): void {
    const paragraph = this.paragraph();
    paragraph.current = `${paragraph.current.replace(/\|[_X]\|$/, '')}|${isTicked ? 'X' : '_'}|`;
  }

  private add(text: string, typed = text): void {
    if (this.within.deleted > 0) {
      this.addDeleted(text);
      return;
    }
    const paragraph = this.paragraph();
    paragraph.current += text;
    paragraph.typed += typed;
    if (this.within.inserted === 0) paragraph.original += text;
  }

  private addDeleted(text: string): void {
    const paragraph = this.paragraph();
    paragraph.original += text;
    paragraph.isChanged = true;
  }

  private paragraph(): Paragraph {
    if (this.paragraphs.length === 0) this.paragraphs.push(newParagraph());
    return this.paragraphs.at(-1) as Paragraph;
  }

  private endParagraph(): void {
    const paragraph = this.paragraphs.pop();
    this.fields.flush();
    if (paragraph === undefined) return;
    const { current, typed, original, isChanged, isDropCap, list } = paragraph;
    if (typed !== current) this.keepWord(typed);
    if (isChanged && original.trim() !== '') this.removed.push(original);
    const label = this.within.fallback > 0 ? '' : list.label(this.numbering, this.counter);
    if (current.trim() === '') return;
    if (isDropCap) {
      // A large first letter is a paragraph of its own, and the start of the next one's first word.
      this.dropCap += current.trim();
      return;
    }
    const line = `${this.author}${label}${this.dropCap}${current}`;
    this.author = '';
    this.dropCap = '';
    if (this.within.fallback > 0) this.fallbacks.push(line);
    else if (!this.openTables.isInCell || !this.path.includes('tc')) this.lines.push(line);
    else this.openTables.addText(line);
  }

  /** A phonetic guide stands before its base in the file, and is read after it. */
  private endRuby(): void {
    const guide = this.ruby.trim();
    this.ruby = '';
    if (guide !== '') this.add(` (${guide})`);
  }

  /** Text outside any paragraph: where markup is damaged. */
  private endStray(): void {
    this.endRuby();
    while (this.openTables.isInCell) {
      this.endRow();
      this.openTables.end();
    }
    while (this.paragraphs.length > 0) this.endParagraph();
    if (this.dropCap !== '') this.lines.push(this.dropCap);
    this.dropCap = '';
  }

  private endRow(): void {
    const line = this.openTables.endRow();
    if (line !== null) this.lines.push(line);
  }

  private keepWord(word: string): void {
    if (word.trim() !== '') this.words.push(word.trim());
  }
}

function newParagraph(): Paragraph {
  return { current: '', typed: '', original: '', isChanged: false, isDropCap: false, list: new ParagraphList() };
}
