import type { BloomFilter } from '../registers/bloom-filter.ts';
import { combine, type Digest, type DigestOf } from '../registers/cell-digest.ts';
import { readSource, rowSources } from './row-sources.ts';
import { thin } from './table-view.ts';

/** Rows compared with a sketch, at most. */
const COMPARED_ROWS = 200;
const MOST_SOURCES = 40;
/**
 * Chance that a stranger's combination seems to be in a sketch: the filter's 2.2 %, the sixteenth that `planSketch` allows, and a
 * little for homes that are in two years' files.
 */
const CHANCE = 0.1;
/** Standard deviations above chance from which rows are the registered ones. */
const SIGMAS = 8;
export const LEAST_ROWS = 8;

/** A table's rows as digests, ready to be compared with any number of sketches under one key. */
export interface DigestedRows {
  readonly rows: number;
  /** For each comparable column the digest of each row; null where the cell is empty. */
  readonly columns: readonly (readonly (Digest | null)[])[];
}

/** Digests the comparable columns of a table's records; null where there are too few rows to tell. */
export function digestRows(records: readonly (readonly string[])[], digest: DigestOf): DigestedRows | null {
  if (records.length < LEAST_ROWS) return null;
  const rows = thin(records, COMPARED_ROWS);
  const columns = rowSources(rows)
    .map((source) => rows.map((row) => readSource(source, row)))
    .map((values) => ({ values, distinct: new Set(values).size }))
    .filter(({ distinct }) => distinct >= Math.min(LEAST_ROWS, rows.length * 0.5))
    .toSorted((a, b) => b.distinct - a.distinct)
    .slice(0, MOST_SOURCES)
    .map(({ values }) => values.map((value) => (value === '' ? null : digest(value))));
  return { rows: rows.length, columns };
}

/** How a table agrees with a registered one. */
export interface RowMatch {
  /** Rows compared, and those of them found in the best combination of columns. */
  readonly compared: number;
  readonly found: number;
  /** Combinations of two columns in which rows agree. */
  readonly combinations: number;
}

/** Whether rows of a table are rows of the registered file, whatever the columns are called and in whatever order; null where not. */
export function matchRows({ rows, columns }: DigestedRows, filter: BloomFilter): RowMatch | null {
  let found = 0;
  let combinations = 0;
  for (let i = 0; i < columns.length; i += 1) {
    for (let j = i + 1; j < columns.length; j += 1) {
      const hits = countHits(columns[i] ?? [], columns[j] ?? [], filter);
      if (hits === 0) continue;
      combinations += 1;
      found = Math.max(found, hits);
    }
  }
  return combinations === 0 ? null : { compared: rows, found, combinations };
}

/** Different combinations of two columns that are in the filter; 0 where chance could explain them. */
function countHits(a: readonly (Digest | null)[], b: readonly (Digest | null)[], filter: BloomFilter): number {
  const seen = new Set<number>();
  let filled = 0;
  let misses = 0;
  for (let row = 0; row < a.length; row += 1) {
    const [first, second] = [a[row], b[row]];
    if (first === null || first === undefined || second === null || second === undefined) continue;
    filled += 1;
    const [high, low] = combine(first, second);
    if (filter.has(high, low)) seen.add(high);
    else misses += 1;
    // Most combinations are strangers: give up as soon as they cannot be anything else.
    if (misses >= 12 && seen.size === 0) return 0;
  }
  const limit = filled * CHANCE + SIGMAS * Math.sqrt(filled * CHANCE * (1 - CHANCE));
  return filled >= LEAST_ROWS && seen.size >= limit ? seen.size : 0;
}
