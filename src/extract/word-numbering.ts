import { levelOf, numberOf } from './word-level.ts';
import type { XmlHandler } from './xml-reader.ts';

/** Word has nine levels; what names a further one is ignored. */
export const LEVELS = 9;

interface Level {
  start: number;
  format: string;
  text: string;
  /** Restarts after this level (0-based, exclusive); null: after any higher one. 0: never. */
  restart: number | null;
  isLegal: boolean;
}

interface AbstractList {
  readonly levels: Level[];
  /** A style of lists that defines the levels. */
  styleLink: string | null;
}

interface List {
  abstractId: string;
  readonly starts: Map<number, number>;
  readonly levels: Map<number, Level>;
}

interface StyleNumber {
  basedOn: string | null;
  listId: string | null;
  level: number | null;
}

/** The lists of a document: what `numbering.xml` and the paragraph styles define (ECMA-376 part 1, 17.9). */
export class WordNumbering {
  private readonly abstracts = new Map<string, AbstractList>();
  private readonly lists = new Map<string, List>();
  private readonly styles = new Map<string, StyleNumber>();
  /** Paragraph styles that a level is linked to. */
  private readonly styleLevels = new Map<string, number>();

  /** Reads `numbering.xml`. */
  numberingHandler(): XmlHandler {
    let abstract: AbstractList | null = null;
    let list: List | null = null;
    let level: Level | null = null;
    let at = 0;
    return {
      open: (name, attributes) => {
        const value = attributes.get('val') ?? '';
        switch (name) {
          case 'abstractNum':
            abstract = { levels: [], styleLink: null };
            this.abstracts.set(attributes.get('abstractNumId') ?? '', abstract);
            break;
          case 'num':
            list = { abstractId: '', starts: new Map(), levels: new Map() };
            this.lists.set(attributes.get('numId') ?? '', list);
            break;
          case 'abstractNumId':
            if (list !== null) list.abstractId = value;
            break;
          case 'numStyleLink':
            if (abstract !== null) abstract.styleLink = value;
            break;
          case 'lvlOverride':
            at = levelOf(attributes.get('ilvl'));
            break;
          case 'startOverride':
            list?.starts.set(at, numberOf(value, 1));
            break;
          case 'lvl':
            at = levelOf(attributes.get('ilvl'));
            level = { start: 0, format: 'decimal', text: '', restart: null, isLegal: false };
            if (at >= LEVELS) break;
            if (list !== null) list.levels.set(at, level);
            else if (abstract !== null) abstract.levels[at] = level;
            break;
          case 'pStyle':
            if (level !== null) this.styleLevels.set(value, at);
            break;
          default:
            if (level !== null) setLevel(level, name, value);
        }
      },
      text() {},
      close: (name) => {
        if (name === 'lvl') level = null;
        else if (name === 'abstractNum') abstract = null;
        else if (name === 'num') list = null;
      },
    };
  }

  /** Reads `styles.xml`. */
  stylesHandler(): XmlHandler {
    let style: StyleNumber | null = null;
    return {
      open: (name, attributes) => {
        if (name === 'style') {
          style = { basedOn: null, listId: null, level: null };
          this.styles.set(attributes.get('styleId') ?? '', style);
        } else if (style === null) return;
        else if (name === 'basedOn') style.basedOn = attributes.get('val') ?? null;
        else if (name === 'numId') style.listId = attributes.get('val') ?? null;
        else if (name === 'ilvl') style.level = levelOf(attributes.get('val'));
      },
      text() {},
      close(name) {
        if (name === 'style') style = null;
      },
    };
  }

  /** The list and level a paragraph style stands in; null where it is in none. */
  listOfStyle(styleId: string): { readonly listId: string; readonly level: number } | null {
    const seen = new Set<string>();
    for (let at: string | null = styleId; at !== null && !seen.has(at); ) {
      seen.add(at);
      const style: StyleNumber | undefined = this.styles.get(at);
      if (style?.listId != null)
        return { listId: style.listId, level: style.level ?? this.styleLevels.get(styleId) ?? 0 };
      at = style?.basedOn ?? null;
    }
    return null;
  }

  list(listId: string): List | null {
    return this.lists.get(listId) ?? null;
  }

  level(list: List, at: number): Level | null {
    return list.levels.get(at) ?? this.levelsOf(list.abstractId)[at] ?? null;
  }

  private levelsOf(abstractId: string): readonly Level[] {
    const abstract = this.abstracts.get(abstractId);
    if (abstract === undefined) return [];
    if (abstract.levels.length > 0 || abstract.styleLink === null) return abstract.levels;
    const linked = this.lists.get(this.styles.get(abstract.styleLink)?.listId ?? '');
    const levels = this.abstracts.get(linked?.abstractId ?? '')?.levels;
    return levels ?? [];
  }
}

function setLevel(level: Level, name: string, value: string): void {
  if (name === 'start') level.start = numberOf(value, 0);
  else if (name === 'numFmt') level.format = value;
  else if (name === 'lvlRestart') level.restart = numberOf(value, 0);
  else if (name === 'isLgl') level.isLegal = !/^(0|false|off)$/.test(value);
  // The sign of a bullet is no number.
  else if (name === 'lvlText') level.text = level.format === 'bullet' ? '' : value;
}
