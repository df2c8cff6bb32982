import { kindOf } from './cell-kind.ts';
import type { NumberFormat } from './number-format.ts';

/** Whole numbers below this are remembered: all dates from 1900 to 2079, and all small codes. */
const LIMIT = 65_536;
/** What `wasm/count-cells.as` finds for a number that was not looked at is 0, then this, then its kind and 4. */
const HIDDEN = 3;
const LOOKED = 4;

/** What whole numbers show as in one style, found once each: a column of dates has a few hundred values and a million cells. */
export class ShownNumbers {
  private readonly format: NumberFormat;
  private kinds: Uint8Array | null = null;
  private lengths: Uint8Array | null = null;
  private readonly texts = new Map<number, string | null>();

  constructor(format: NumberFormat) {
    this.format = format;
  }

  /** Tells in these from now on what was found out: kinds, and lengths, of the numbers below 65,536. */
  tellIn(kinds: Uint8Array, lengths: Uint8Array): void {
    this.kinds = kinds;
    this.lengths = lengths;
    for (const [value, shown] of this.texts) this.tell(value, shown);
  }

  /** What a whole number shows as; null where it is too large to be remembered, or the format shows nothing. */
  show(value: number): string | null {
    if (value >= LIMIT) return null;
    const known = this.texts.get(value);
    if (known !== undefined) return known;
    const text = this.format.show(value);
    const shown = text.trim() === '' ? null : text;
    this.texts.set(value, shown);
    this.tell(value, shown);
    return shown;
  }

  private tell(value: number, shown: string | null): void {
    if (this.kinds === null || this.lengths === null) return;
    this.kinds[value] = shown === null ? HIDDEN : kindOf(shown) + LOOKED;
    this.lengths[value] = Math.min(255, shown?.length ?? 0);
  }
}
