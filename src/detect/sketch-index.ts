import type { BloomFilter } from '../registers/bloom-filter.ts';
import { combineHigh, combineLow } from '../registers/cell-digest.ts';
import { countHits, type DigestedRows, type RowMatch } from './match-rows.ts';

/** Rows of a combination that are looked up in all filters at once. */
const LOOKED_AT = 24;
/** Of those, hits from which a filter is looked at by itself: chance gives them to one filter in five hundred. */
const LEAST_HITS = 4;
const PLANES = 5;
const TURNED_AT_ONCE = 8;

/**
 * Many filters of one size, turned so that one place of all of them lies side by side (BIGSI, Bradley et al. 2019): a token is looked up
 * in thousands of filters for the price of a few dozen.
 */
export class SketchIndex {
  private readonly filters: readonly BloomFilter[];
  /** For each place of a filter, a bit for each filter. */
  private readonly slices: Uint32Array;
  private readonly words: number;
  private readonly counts: readonly Uint32Array[];

  /** @param filters all of one size. */
  constructor(filters: readonly BloomFilter[]) {
    this.filters = filters;
    this.words = Math.ceil(filters.length / 32);
    this.slices = new Uint32Array((filters[0]?.bits ?? 0) * this.words);
    this.counts = Array.from({ length: PLANES }, () => new Uint32Array(this.words));
    // A few places at a time, word by word: what is written stays near.
    const bytes = (filters[0]?.bits ?? 0) / 8;
    for (let from = 0; from < bytes; from += TURNED_AT_ONCE)
      for (let word = 0; word < this.words; word += 1)
        for (let at = from; at < Math.min(bytes, from + TURNED_AT_ONCE); at += 1) this.turn(at, word);
  }

  /** The filters that hold rows of a table, by their place in the list given, as `matchRows` tells of each. */
  match({ rows, columns }: DigestedRows): ReadonlyMap<number, RowMatch> {
    const matches = new Map<number, RowMatch>();
    for (let i = 0; i < columns.length; i += 1) {
      for (let j = i + 1; j < columns.length; j += 1) {
        const [a, b] = [columns[i] as Uint32Array, columns[j] as Uint32Array];
        for (const place of this.candidates(a, b, i + j)) {
          const hits = countHits(a, b, i + j, this.filters[place] as BloomFilter);
          if (hits === 0) continue;
          const { found, combinations } = matches.get(place) ?? { found: 0, combinations: 0 };
          matches.set(place, { compared: rows, found: Math.max(found, hits), combinations: combinations + 1 });
        }
      }
    }
    return matches;
  }

  private *candidates(a: Uint32Array, b: Uint32Array, turn: number): Generator<number> {
    for (const plane of this.counts) plane.fill(0);
    const rows = a.length / 2;
    let filled = 0;
    for (let each = 0; each < rows && filled < LOOKED_AT; each += 1) {
      const row = ((turn * 7 + each) % rows) * 2;
      const [highA, lowA, highB, lowB] = [a[row], a[row + 1], b[row], b[row + 1]] as [number, number, number, number];
      if ((highA | lowA) === 0 || (highB | lowB) === 0) continue;
      filled += 1;
      this.count(combineHigh(highA, lowA, highB, lowB), combineLow(highA, lowA, highB, lowB));
    }
    if (filled < LEAST_HITS) return;
    const [, , fours, eights, sixteens] = this.counts as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    for (let word = 0; word < this.words; word += 1) {
      let bits = (fours[word] as number) | (eights[word] as number) | (sixteens[word] as number);
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits);
        bits ^= 1 << bit;
        yield word * 32 + bit;
      }
    }
  }

  /** Adds one to the count of each filter that has a token; counts are binary, a plane of bits for each power of two. */
  private count(high: number, low: number): void {
    const { slices, words, counts } = this;
    const [first, second, third, fourth, fifth] = (this.filters[0] as BloomFilter)
      .places(high, low)
      .map((place) => place * words) as [number, number, number, number, number];
    for (let word = 0; word < words; word += 1) {
      let carry =
        (slices[first + word] as number) &
        (slices[second + word] as number) &
        (slices[third + word] as number) &
        (slices[fourth + word] as number) &
        (slices[fifth + word] as number);
      for (let plane = 0; carry !== 0 && plane < PLANES; plane += 1) {
        const bits = counts[plane] as Uint32Array;
        const before = bits[word] as number;
        bits[word] = before ^ carry;
        carry &= before;
      }
    }
  }

  /** Turns a byte of 32 filters into a word of eight places. */
  private turn(at: number, word: number): void {
    const { slices, words, filters } = this;
    const first = at * 8 * words + word;
    const last = Math.min(filters.length, word * 32 + 32);
    for (let place = word * 32; place < last; place += 1) {
      const mark = 1 << (place & 31);
      let byte = (filters[place] as BloomFilter).bytes[at] as number;
      while (byte !== 0) {
        const bit = 31 - Math.clz32(byte);
        byte ^= 1 << bit;
        const slice = first + bit * words;
        slices[slice] = (slices[slice] as number) | mark;
      }
    }
  }
}
