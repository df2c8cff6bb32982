import { BITS_PER_TOKEN, BloomFilter } from '../registers/bloom-filter.ts';
import { combine, type DigestOf } from '../registers/cell-digest.ts';
import { planSketch, type SketchPlan } from './plan-sketch.ts';
import { readSource } from './row-sources.ts';

/** Room for row tokens: with the header a sketch stays below 2 MB. */
const MOST_BYTES = 1_900_000;
/** No use in more combinations than this however few the rows. */
const MOST_PAIRS = 40;

/** Takes the rows of one registered table and keeps keyed tokens of them. Memory is the filter's, whatever the rows. */
export class SketchBuilder {
  readonly plan: SketchPlan;
  readonly filter: BloomFilter;
  private readonly digest: DigestOf;
  private readonly used: ReadonlySet<number>;

  constructor(header: readonly string[], sample: readonly (readonly string[])[], rows: number, digest: DigestOf) {
    const room = Math.floor((MOST_BYTES * 8) / BITS_PER_TOKEN / Math.max(1, rows));
    this.plan = planSketch(header, sample, rows, Math.min(MOST_PAIRS, room));
    this.filter = new BloomFilter(this.plan.pairs.length * rows);
    this.digest = digest;
    this.used = new Set(this.plan.pairs.flat());
  }

  addRow(row: readonly string[]): void {
    const digests = this.plan.sources.map((source, at) => {
      const value = this.used.has(at) ? readSource(source, row) : '';
      return value === '' ? null : this.digest(value);
    });
    for (const [first, second] of this.plan.pairs) {
      const [a, b] = [digests[first], digests[second]];
      if (a === null || a === undefined || b === null || b === undefined) continue;
      const [high, low] = combine(a, b);
      this.filter.add(high, low);
    }
  }
}
