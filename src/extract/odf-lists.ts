import { listLabel } from './list-label.ts';
import type { XmlAttributes } from './xml-reader.ts';

/** Formats as OpenDocument writes them (ODF 1.3 part 3, 19.506) by the names that `listLabel` knows. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['1', 'decimal'],
  ['i', 'lowerRoman'],
  ['I', 'upperRoman'],
  ['一, 二, 三, ...', 'chineseCounting'],
  ['①, ②, ③, ...', 'decimalEnclosedCircle'],
  ['１, ２, ３, ...', 'decimalFullWidth'],
  ['甲, 乙, 丙, ...', 'ideographTraditional'],
  ['子, 丑, 寅, ...', 'ideographZodiac'],
  ['ア, イ, ウ, ...', 'aiueo'],
  ['イ, ロ, ハ, ...', 'iroha'],
  ['일, 이, 삼, ...', 'koreanCounting'],
  ['가, 나, 다, ...', 'ganada'],
]);
const DEEPEST = 10;

interface Level {
  readonly format: string;
  readonly isSynced: boolean;
  readonly prefix: string;
  readonly suffix: string;
  /** How many levels a label shows, this one last. */
  readonly shows: number;
  readonly start: number;
}

/** Counts the items of lists whose style stands before them, and says what a reader sees before each. ODF 1.3 part 3, 5.3 and 16.30. */
export class OdfLists {
  private readonly styles = new Map<string, Map<number, Level>>();
  private style: Map<number, Level> | null = null;
  private readonly lists: { readonly style: string; readonly counts: (number | undefined)[] }[] = [];
  private readonly ended = new Map<string, (number | undefined)[]>();
  private label = '';

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'list-style') {
      this.style = new Map();
      this.styles.set(attributes.get('name') ?? '', this.style);
    } else if (name === 'list-level-style-number')
      this.style?.set(whole(attributes.get('level'), 1) - 1, levelOf(attributes));
    else if (name === 'list') this.begin(attributes);
    else if (name === 'list-item') this.count(attributes);
  }

  close(name: string): void {
    if (name === 'list-style') this.style = null;
    if (name === 'list-item') this.label = '';
    if (name !== 'list') return;
    const list = this.lists.pop();
    if (list !== undefined && this.lists.length === 0) this.ended.set(list.style, list.counts);
  }

  /** The number before the item's first paragraph, with a space after it; '' before the next ones and outside of lists. */
  take(): string {
    const { label } = this;
    this.label = '';
    return label;
  }

  private begin(attributes: XmlAttributes): void {
    const above = this.lists.at(-1);
    const style = attributes.get('style-name') ?? above?.style ?? '';
    const goesOn = attributes.get('continue-numbering') === 'true' || attributes.get('continue-list') !== undefined;
    this.lists.push({ style, counts: above?.counts ?? (goesOn ? this.ended.get(style) : undefined) ?? [] });
  }

  private count(attributes: XmlAttributes): void {
    const list = this.lists.at(-1);
    const depth = this.lists.length - 1;
    const levels = this.styles.get(list?.style ?? '');
    const level = levels?.get(depth);
    this.label = '';
    if (list === undefined || level === undefined || depth >= DEEPEST) return;
    const { counts } = list;
    const before = counts[depth];
    counts[depth] = whole(attributes.get('start-value'), before === undefined ? level.start : before + 1);
    counts.length = depth + 1;
    if (level.format === '') return;
    const shown: string[] = [];
    for (let at = Math.max(0, depth - level.shows + 1); at <= depth; at += 1) {
      const each = levels?.get(at);
      const value = each === undefined ? '' : numberOf(counts[at] ?? each.start, each);
      if (value !== '') shown.push(value);
    }
    this.label = `${level.prefix}${shown.join('.')}${level.suffix}`.trim();
    if (this.label !== '') this.label += ' ';
  }
}

function levelOf(attributes: XmlAttributes): Level {
  return {
    format: attributes.get('num-format') ?? '',
    isSynced: attributes.get('num-letter-sync') === 'true',
    prefix: attributes.get('num-prefix') ?? '',
    suffix: attributes.get('num-suffix') ?? '',
    shows: whole(attributes.get('display-levels'), 1),
    start: whole(attributes.get('start-value'), 1),
  };
}

function numberOf(value: number, { format, isSynced }: Level): string {
  if (format === '') return '';
  if (format !== 'a' && format !== 'A') return listLabel(value, FORMATS.get(format) ?? 'decimal');
  const letters = isSynced ? listLabel(value, 'lowerLetter') : lettered(value);
  return format === 'A' ? letters.toUpperCase() : letters;
}

/** After z comes aa, then ab. */
function lettered(value: number): string {
  let out = '';
  for (let rest = value; rest > 0; rest = Math.floor((rest - 1) / 26))
    out = String.fromCharCode(97 + ((rest - 1) % 26)) + out;
  return out;
}

function whole(text: string | undefined, otherwise: number): number {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : otherwise;
}
