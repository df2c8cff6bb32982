import { listLabel } from './list-label.ts';
import { levelOf } from './word-level.ts';
import { LEVELS, type WordNumbering } from './word-numbering.ts';
import type { XmlAttributes } from './xml-reader.ts';

/** Counts the list items of one story and says what stands before each. */
export class ListCounter {
  private readonly numbering: WordNumbering;
  /** By abstract list: the number each level is at; undefined where it has not begun. */
  private readonly counts = new Map<string, (number | undefined)[]>();
  private readonly begun = new Set<string>();

  constructor(numbering: WordNumbering) {
    this.numbering = numbering;
  }

  /** The number before the next item of a list; '' for bullets and lists that are not defined. */
  next(listId: string, at: number): string {
    const list = this.numbering.list(listId);
    const level = list === null ? null : this.numbering.level(list, at);
    if (list === null || level === null || at >= LEVELS) return '';
    const counts = this.counts.get(list.abstractId) ?? [];
    this.counts.set(list.abstractId, counts);
    const key = `${listId} ${at}`;
    const override = this.begun.has(key) ? undefined : list.starts.get(at);
    this.begun.add(key);
    const current = counts[at];
    counts[at] = override ?? (current === undefined ? level.start : current + 1);
    for (let above = 0; above < at; above++) counts[above] ??= this.numbering.level(list, above)?.start ?? 1;
    for (let below = at + 1; below < LEVELS; below++) {
      const restart = this.numbering.level(list, below)?.restart ?? null;
      if (restart === null || (restart > 0 && at < restart)) counts[below] = undefined;
    }
    return level.text
      .replace(/%([1-9])/g, (_, digit: string) => {
        const each = Number(digit) - 1;
        const format = level.isLegal ? 'decimal' : (this.numbering.level(list, each)?.format ?? 'decimal');
        return listLabel(counts[each] ?? 0, format);
      })
      .trim();
  }
}

/** What a paragraph's properties say of its list, as they are read. */
export class ParagraphList {
  private style: string | null = null;
  private listId: string | null = null;
  private level: number | null = null;

  /** Takes a property of the paragraph. */
  take(name: string, attributes: XmlAttributes): void {
    const value = attributes.get('val') ?? '';
    if (name === 'pStyle') this.style = value;
    else if (name === 'numId') this.listId = value;
    else if (name === 'ilvl') this.level = levelOf(value);
  }

  /** The item's number with a space after it; '' outside of lists. */
  label(numbering: WordNumbering, counter: ListCounter): string {
    const styled = this.style === null ? null : numbering.listOfStyle(this.style);
    const listId = this.listId ?? styled?.listId ?? null;
    if (listId === null || listId === '0') return '';
    const label = counter.next(listId, this.level ?? styled?.level ?? 0);
    return label === '' ? '' : `${label} `;
  }
}
