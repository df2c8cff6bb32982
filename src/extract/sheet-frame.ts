import { plainHeader } from './plain-header.ts';
import type { XmlAttributes, XmlHandler } from './xml-reader.ts';

const HEADERS: ReadonlySet<string> = new Set([
  'oddHeader',
  'oddFooter',
  'evenHeader',
  'evenFooter',
  'firstHeader',
  'firstFooter',
]);
/** Attributes that people write: what a cell asks for, warns of, or links to. */
const WORDS: readonly string[] = [
  'prompt',
  'promptTitle',
  'error',
  'errorTitle',
  'display',
  'tooltip',
  'location',
  'codeName',
  'title',
  'altText',
  'altTextSummary',
  'descr',
  'name',
];
const MAX_COLUMNS = 16_384;

/**
 * What a sheet says around its cells: headers and footers, hyperlinks, validation messages, conditions, and which columns are hidden.
 *
 * Any element's text counts, known or not.
 */
export class SheetFrame implements XmlHandler {
  readonly hiddenColumns = new Uint8Array(MAX_COLUMNS);
  readonly headers: string[] = [];
  readonly words: string[] = [];
  private current = '';
  private hidesByDefault = false;

  open(name: string, attributes: XmlAttributes): void {
    this.current = name;
    if (name === 'col') this.readColumn(attributes);
    else if (name === 'sheetFormatPr') this.hidesByDefault = attributes.get('zeroHeight') === '1';
    // What a filter picks is a value of the data, also of rows that were deleted since.
    if (name === 'filter' || name === 'customFilter') this.keep(attributes.get('val'));
    else if (name === 'cfRule') this.keep(attributes.get('text'));
    // What a scenario would fill in, and what is said about it.
    else if (name === 'scenario') this.keep(attributes.get('comment'));
    else if (name === 'inputCells') this.keep(attributes.get('val'));
    for (const wanted of WORDS) this.keep(attributes.get(wanted));
  }

  text(text: string): void {
    if (text.trim() === '') return;
    if (HEADERS.has(this.current)) this.headers.push(plainHeader(text));
    // A formula is content where it quotes words or lists; a bare reference is none.
    else if (/\p{L}{3}|"/u.test(text)) this.words.push(text.trim());
  }

  close(): void {
    this.current = '';
  }

  comment(text: string): void {
    this.words.push(text.trim());
  }

  get rowsAreHidden(): boolean {
    return this.hidesByDefault;
  }

  private keep(word: string | undefined): void {
    if (word !== undefined && word.trim() !== '') this.words.push(word);
  }

  private readColumn(attributes: XmlAttributes): void {
    const width = attributes.get('width');
    const hidden = /^(1|true)$/.test(attributes.get('hidden') ?? '') || (width !== undefined && Number(width) < 0.2);
    if (!hidden) return;
    const min = Math.max(1, Number(attributes.get('min') ?? 1));
    const max = Math.min(MAX_COLUMNS, Number(attributes.get('max') ?? min));
    for (let at = min; at <= max; at++) this.hiddenColumns[at - 1] = 1;
  }
}
