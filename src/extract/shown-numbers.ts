import type { NumberFormat } from './number-format.ts';
import { kindOf } from './table-builder.ts';

/** Whole numbers below this are remembered: all dates from 1900 to 2079, and all small codes. */
const LIMIT = 65_536;
const LOOKED = 4;

/** What whole numbers show as in one style, found once each: a column of dates has a few hundred values and a million cells. */
export class ShownNumbers {
  private readonly format: NumberFormat;
  /** Made with the first number: most styles of a workbook show none. */
  private kinds: Uint8Array | null = null;
  private lengths: Uint8Array = new Uint8Array(0);
  private readonly texts: string[] = [];

  constructor(format: NumberFormat) {
    this.format = format;
  }

  /** Keeps what is found out in these from now on: kinds and 4, then lengths, of the numbers below 65,536. */
  moveTo(kinds: Uint8Array, lengths: Uint8Array): void {
    if (this.kinds !== null) {
      kinds.set(this.kinds);
      lengths.set(this.lengths);
    }
    this.kinds = kinds;
    this.lengths = lengths;
  }

  knows(value: number): boolean {
    return value < LIMIT;
  }

  /** The kind of the shown text; -1 where the format shows nothing. */
  kind(value: number): number {
    if (this.kinds === null) {
      this.kinds = new Uint8Array(LIMIT);
      this.lengths = new Uint8Array(LIMIT);
    }
    const known = this.kinds[value] as number;
    if (known !== 0) return known - LOOKED;
    const text = this.format.show(value);
    const kind = text.trim() === '' ? -1 : kindOf(text);
    this.kinds[value] = kind + LOOKED;
    this.lengths[value] = Math.min(255, text.length);
    this.texts[value] = text;
    return kind;
  }

  /** Valid once `kind` was asked. */
  length(value: number): number {
    return this.lengths[value] as number;
  }

  text(value: number): string {
    return this.texts[value] ?? '';
  }
}
