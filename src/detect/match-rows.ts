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
/** Rows without a single hit after which a combination is a stranger's. */
const GIVE_UP_AFTER = 6;

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
export function matchRows(digested: DigestedRows, filter: BloomFilter): RowMatch | null {
  let found = 0;
  let combinations = 0;
  for (const tokens of tokensOf(digested)) {
    const hits = countHits(tokens, filter);
    if (hits === 0) continue;
    combinations += 1;
    found = Math.max(found, hits);
  }
  return combinations === 0 ? null : { compared: digested.rows, found, combinations };
}

const known = new WeakMap<DigestedRows, readonly Uint32Array[]>();

/** For each combination of two columns the tokens of its filled rows, high and low halves in turn; made once for all sketches. */
function tokensOf(digested: DigestedRows): readonly Uint32Array[] {
  const before = known.get(digested);
  if (before !== undefined) return before;
  const { columns } = digested;
  const made = columns.flatMap((a, i) => columns.slice(i + 1).map((b, j) => pairTokens(a, b, i + j)));
  known.set(digested, made);
  return made;
}

/** Each combination begins at another row, so that where few rows are registered not all begin with strangers. */
function pairTokens(a: readonly (Digest | null)[], b: readonly (Digest | null)[], turn: number): Uint32Array {
  const tokens = new Uint32Array(a.length * 2);
  let filled = 0;
  for (let at = 0; at < a.length; at += 1) {
    const row = (at + turn * 7) % a.length;
    const [first, second] = [a[row], b[row]];
    if (first === null || first === undefined || second === null || second === undefined) continue;
    tokens.set(combine(first, second), filled * 2);
    filled += 1;
  }
  return tokens.subarray(0, filled * 2);
}

/** Different combinations of two columns that are in the filter; 0 where chance could explain them. */
function countHits(tokens: Uint32Array, filter: BloomFilter): number {
  const filled = tokens.length / 2;
  if (filled < LEAST_ROWS) return 0;
  let seen: Set<number> | null = null;
  for (let at = 0; at < tokens.length; at += 2) {
    const high = tokens[at] as number;
    if (filter.has(high, tokens[at + 1] as number)) seen = (seen ?? new Set()).add(high);
    // Most combinations are strangers: give up as soon as they cannot be anything else.
    else if (seen === null && at >= GIVE_UP_AFTER * 2) return 0;
  }
  const limit = filled * CHANCE + SIGMAS * Math.sqrt(filled * CHANCE * (1 - CHANCE));
  return seen !== null && seen.size >= limit ? seen.size : 0;
}
