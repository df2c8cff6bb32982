import type { SketchColumn } from '../registers/sketch.ts';
import { type RowSource, readSource, rowSources } from './row-sources.ts';

/** Which values of a file's rows a sketch keeps, and why. */
export interface SketchPlan {
  /** Sources that take part, by their place in `pairs`. */
  readonly sources: readonly RowSource[];
  readonly pairs: readonly (readonly [number, number])[];
  readonly columns: readonly SketchColumn[];
}

/** Values below this many bits are too common to tell rows apart even together with another. */
const LEAST_BITS = 5.5;
/** Bits beyond log2(rows) that a combination must have: at most one stranger in sixteen shares it by chance. */
const SPARE_BITS = 4;
const MOST_SOURCES = 16;
/** Columns measured exactly; nothing finer than this shows in a sample. */
const MOST_BITS = 40;

interface Measured {
  readonly source: RowSource;
  readonly name: string;
  readonly values: readonly string[];
  readonly bits: number;
  readonly fault: string | null;
}

/**
 * Chooses the combinations of two values that a sketch keeps, from a sample of the rows: each rare enough to tell the file from another
 * year's, spread over as many columns as there are, so that a narrow cut still has some.
 *
 * Bits are those of the collision entropy (Rényi, order 2) measured on the sample, for chance matches follow collisions.
 */
export function planSketch(
  header: readonly string[],
  sample: readonly (readonly string[])[],
  rows: number,
  mostPairs: number,
): SketchPlan {
  const measured = rowSources(sample).map((source) => measure(source, header, sample, rows));
  const usable = measured
    .filter((one) => one.fault === null)
    .toSorted((a, b) => b.bits - a.bits)
    .filter((one, at, sorted) => sorted.findIndex((other) => sameValues(one, other)) === at)
    .slice(0, MOST_SOURCES);
  const pairs = choosePairs(usable, Math.log2(Math.max(2, rows)) + SPARE_BITS, mostPairs);
  const used = new Set(pairs.flat());
  return {
    sources: usable.map((one) => one.source),
    pairs,
    columns: measured.map((one) => reportOf(one, usable.indexOf(one), used)),
  };
}

function measure(
  source: RowSource,
  header: readonly string[],
  sample: readonly (readonly string[])[],
  rows: number,
): Measured {
  const values = sample.map((row) => readSource(source, row));
  const filled = values.filter((value) => value !== '');
  const name = header[source.at] ?? `column ${source.at + 1}`;
  const bits = collisionBits(filled);
  const fault =
    filled.length < sample.length * 0.2
      ? 'hardly filled'
      : bits < LEAST_BITS
        ? 'too few different values, even beside another'
        : isSerial(filled, rows)
          ? 'serial numbers, the same in every such file'
          : null;
  return { source, name: source.kind === 'cell' ? name : `${name} (joined ${source.kind})`, values, bits, fault };
}

/** Minus log2 of the chance that two rows agree. */
function collisionBits(values: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let pairs = 0;
  for (const count of counts.values()) pairs += count * (count - 1);
  const all = values.length * (values.length - 1);
  if (all === 0) return 0;
  return pairs === 0 ? Math.log2(all) : Math.log2(all / pairs);
}

/** Whether the values end in record numbers, which another year's file has too: running on from row to row, or packed closely. */
function isSerial(values: readonly string[], rows: number): boolean {
  const numbers = values.map((value) => Number(/^\D*(\d{1,12})$/.exec(value)?.[1] ?? Number.NaN));
  if (numbers.length < 4 || numbers.some(Number.isNaN)) return false;
  let rising = 0;
  for (let at = 1; at < numbers.length; at += 1) {
    const step = (numbers[at] ?? 0) - (numbers[at - 1] ?? 0);
    if (step > 0 && step <= 1000) rising += 1;
  }
  if (rising >= (numbers.length - 1) * 0.8) return true;
  const range = Math.max(...numbers) - Math.min(...numbers);
  return range <= rows * 3 && new Set(numbers).size >= numbers.length * 0.95;
}

function sameValues(a: Measured, b: Measured): boolean {
  return a === b || a.values.every((value, at) => value === b.values[at]);
}

function choosePairs(
  usable: readonly Measured[],
  needed: number,
  most: number,
): readonly (readonly [number, number])[] {
  const candidates = usable
    .flatMap((a, i) => usable.slice(i + 1).map((b, j) => ({ pair: [i, i + 1 + j] as const, bits: jointBits(a, b) })))
    .filter(({ bits }) => bits >= needed);
  const uses = usable.map(() => 0);
  const chosen: (readonly [number, number])[] = [];
  while (chosen.length < most && candidates.length > 0) {
    // The least used columns first, then the rarest combination.
    candidates.sort((a, b) => useOf(a.pair, uses) - useOf(b.pair, uses) || b.bits - a.bits);
    const next = candidates.shift();
    if (next === undefined) break;
    chosen.push(next.pair);
    for (const column of next.pair) uses[column] = (uses[column] ?? 0) + 1;
  }
  return chosen;
}

function useOf([a, b]: readonly [number, number], uses: readonly number[]): number {
  return (uses[a] ?? 0) + (uses[b] ?? 0) + Math.max(uses[a] ?? 0, uses[b] ?? 0);
}

/** Bits of two values together: as measured where the sample shows a collision, else their sum. */
function jointBits(a: Measured, b: Measured): number {
  const joint = a.values.flatMap((value, at) => {
    const other = b.values[at] ?? '';
    return value === '' || other === '' ? [] : [`${value} ${other}`];
  });
  if (joint.length < a.values.length * 0.1) return 0;
  const measured = collisionBits(joint);
  const resolution = Math.log2(joint.length * (joint.length - 1));
  return measured < resolution - 0.01 ? measured : Math.min(MOST_BITS, a.bits + b.bits);
}

function reportOf(one: Measured, at: number, used: ReadonlySet<number>): SketchColumn {
  if (one.fault !== null) return { name: one.name, use: 'left-out', why: one.fault };
  if (at < 0)
    return {
      name: one.name,
      use: 'left-out',
      why: 'says the same as another column, or others tell rows apart better',
    };
  return used.has(at)
    ? { name: one.name, use: 'combined', why: `${one.bits.toFixed(1)} bits` }
    : { name: one.name, use: 'left-out', why: 'no combination with it is rare enough' };
}
