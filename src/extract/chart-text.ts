import { readNumberFormat, showGeneral } from './number-format.ts';
import type { XmlAttributes, XmlHandler } from './xml-reader.ts';
import { XmlText } from './xml-text.ts';

interface Cache {
  readonly points: Map<number, string>;
  format: string;
}

interface Series {
  name: string[];
  readonly categories: Cache[];
  readonly values: Cache[];
}

const CATEGORIES: ReadonlySet<string> = new Set(['cat', 'xVal', 'strDim']);
const VALUES: ReadonlySet<string> = new Set(['val', 'yVal', 'bubbleSize', 'numDim']);

/**
 * The words and numbers a chart keeps of its data, whether or not the sheet behind it travels along: each series by name, a
 * category and its values a line, numbers as the chart's format shows them; titles and labels after them.
 */
export class ChartText implements XmlHandler {
  private readonly series: Series[] = [];
  private readonly words = new XmlText();
  private readonly loose: string[] = [];
  private readonly path: string[] = [];
  private cache: Cache | null = null;
  private index = 0;
  private inName = false;

  open(name: string, attributes: XmlAttributes): void {
    this.path.push(name);
    if (name === 'ser' || name === 'data') this.addSeries();
    else if (name === 'tx' && this.path.at(-2) === 'ser') this.inName = true;
    else if (CATEGORIES.has(name)) this.startCache('categories');
    else if (VALUES.has(name)) this.startCache('values');
    else if (name === 'pt') this.index = Number(attributes.get('idx') ?? this.index + 1);
    else if (name === 'lvl' && this.cache !== null && this.cache.points.size > 0) this.nextLevel();
    if (this.cache === null && !this.inName) this.words.open(name, attributes);
  }

  text(text: string): void {
    const element = this.path.at(-1) ?? '';
    const series = this.series.at(-1);
    if (this.inName && series !== undefined) {
      if (element !== 'f' && text.trim() !== '') series.name.push(text.trim());
    } else if (this.cache === null) this.words.text(text);
    else if (element === 'formatCode') this.cache.format = text;
    else if (series !== undefined && (element === 'v' || element === 'pt'))
      this.cache.points.set(this.index, (this.cache.points.get(this.index) ?? '') + text);
    // What no program writes there is somebody's.
    else if (element !== 'f' && text.trim() !== '') this.loose.push(text.trim());
  }

  close(name: string): void {
    this.path.pop();
    if (this.cache === null && !this.inName) this.words.close(name);
    if (name === 'tx') this.inName = false;
    else if (CATEGORIES.has(name) || VALUES.has(name)) this.cache = null;
  }

  comment(text: string): void {
    this.words.comment(text);
  }

  result(): string {
    const lines = this.series.flatMap(linesOf);
    return [...lines, ...this.axes(), this.words.result(), ...this.loose].filter((line) => line !== '').join('\n');
  }

  /** The categories side by side, as the axis shows them, once for all series that share them. */
  private axes(): readonly string[] {
    const axes = this.series.flatMap((series) =>
      series.categories.map((cache) => [...cache.points.keys()].map((at) => shownPoint(cache, at)).join('\t')),
    );
    return [...new Set(axes)].filter((axis) => axis.includes('\t'));
  }

  private addSeries(): Series {
    const series: Series = { name: [], categories: [], values: [] };
    this.series.push(series);
    return series;
  }

  private startCache(list: 'categories' | 'values'): void {
    const series = this.series.at(-1) ?? this.addSeries();
    this.cache = { points: new Map(), format: 'General' };
    this.index = -1;
    series[list].push(this.cache);
  }

  /** Categories of several levels: years above months. */
  private nextLevel(): void {
    const series = this.series.at(-1);
    this.cache = { points: new Map(), format: 'General' };
    series?.categories.push(this.cache);
  }
}

function linesOf(series: Series): string[] {
  const indexes = new Set([...series.categories, ...series.values].flatMap((cache) => [...cache.points.keys()]));
  const rows = [...indexes]
    .sort((a, b) => a - b)
    .map((index) => [...series.categories, ...series.values].map((cache) => shownPoint(cache, index)).join('\t'));
  return [series.name.join(' '), ...rows];
}

function shownPoint(cache: Cache, index: number): string {
  const raw = cache.points.get(index);
  if (raw === undefined) return '';
  const value = Number(raw);
  if (raw.trim() === '' || Number.isNaN(value)) return raw;
  const shown = cache.format === 'General' ? '' : readNumberFormat(cache.format, false).show(value);
  return shown === '' ? showGeneral(value) : shown;
}
