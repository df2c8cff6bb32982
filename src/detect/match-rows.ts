import type { BloomFilter } from '../registers/bloom-filter.ts';
import { combineHigh, combineLow, type DigestOf } from '../registers/cell-digest.ts';
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
/** Rows without a single hit after which a combination is a stranger's. */
const GIVE_UP_AFTER = 6;

/** A table's rows as digests, ready to be compared with any number of sketches under one key. */
export interface DigestedRows {
  readonly rows: number;
  /** For each comparable column the high and low halves of each row's digest in turn; 0, 0 where the cell is empty. */
  readonly columns: readonly Uint32Array[];
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
    .map(({ values }) => digestColumn(values, digest));
  return { rows: rows.length, columns };
}

function digestColumn(values: readonly string[], digest: DigestOf): Uint32Array {
  const column = new Uint32Array(values.length * 2);
  for (const [row, value] of values.entries()) if (value !== '') column.set(digest(value), row * 2);
  return column;
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
      const hits = countHits(columns[i] as Uint32Array, columns[j] as Uint32Array, i + j, filter);
      if (hits === 0) continue;
      combinations += 1;
      found = Math.max(found, hits);
    }
  }
  return combinations === 0 ? null : { compared: rows, found, combinations };
}

/**
 * Different rows of a combination of two columns that are in the filter; 0 where chance could explain them.
 *
 * Each combination begins at another row, so that where few rows are registered not all begin with strangers.
 */
export function countHits(a: Uint32Array, b: Uint32Array, turn: number, filter: BloomFilter): number {
  const rows = a.length / 2;
  let seen: Set<number> | null = null;
  let filled = 0;
  let row = (turn * 7) % rows;
  for (let each = 0; each < rows; each += 1) {
    const [highA, lowA] = [a[row * 2] as number, a[row * 2 + 1] as number];
    const [highB, lowB] = [b[row * 2] as number, b[row * 2 + 1] as number];
    row = row + 1 === rows ? 0 : row + 1;
    if ((highA | lowA) === 0 || (highB | lowB) === 0) continue;
    filled += 1;
    const high = combineHigh(highA, lowA, highB, lowB);
    if (filter.has(high, combineLow(highA, lowA, highB, lowB))) seen = (seen ?? new Set()).add(high);
    // Most combinations are strangers: give up as soon as they cannot be anything else.
    else if (seen === null && filled >= GIVE_UP_AFTER) return 0;
  }
  const limit = filled * CHANCE + SIGMAS * Math.sqrt(filled * CHANCE * (1 - CHANCE));
  return seen !== null && filled >= LEAST_ROWS && seen.size >= limit ? seen.size : 0;
}
