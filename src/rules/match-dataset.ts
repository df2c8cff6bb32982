import { editDistance } from '../text/nearest-name.ts';
import { foldName } from './column-name.ts';
import type { Dataset } from './dataset.ts';

/** How a header row agrees with a dataset's schema. */
export interface DatasetMatch {
  /** Columns with a strong name, a near one counting half. */
  readonly strong: number;
  /** Columns with any name of the schema. */
  readonly names: number;
  /** Columns whose name is a near miss or a truncation of one of the schema. */
  readonly near: number;
  /** Folded schema names that were found. */
  readonly found: ReadonlySet<string>;
}

/** Truncations are taken from this many letters on (old statistical packages cut names at eight). */
const SHORTEST_CUT = 6;
/** A name this long may differ by one letter, and by two from twice this length. */
const SHORTEST_NEAR = 6;

interface CompiledNames {
  readonly strong: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
  readonly byLength: ReadonlyMap<number, readonly string[]>;
  readonly suffixes: readonly RegExp[];
}

const compiled = new WeakMap<Dataset, CompiledNames>();

/**
 * Whether a header row is a dataset's, by names: whole, with a suffix, as question text, cut short, or misspelt by a letter or two.
 * Null where it is not. `extra` are further strong names, such as a register entry's own columns.
 */
export function matchDataset(
  dataset: Dataset,
  header: readonly string[],
  extra: readonly string[] = [],
): DatasetMatch | null {
  const match = countNames(dataset, header, extra);
  const { strong, names, withStrong } = dataset.needs;
  return match.strong >= strong || (match.names >= names && match.strong >= withStrong) ? match : null;
}

/** Whether a folded name is one of a dataset's, strong or common. */
export function hasName(dataset: Dataset, name: string): boolean {
  return namesOf(dataset).all.has(name);
}

function countNames(dataset: Dataset, header: readonly string[], extra: readonly string[]): DatasetMatch {
  const schema = namesOf(dataset);
  const more = new Set(extra.map(foldName));
  const found = new Set<string>();
  const unknown: string[] = [];
  let strong = 0;
  for (const cell of header) {
    if (cell === '' || cell.length > 200) continue;
    const name = knownName(cell, schema, more);
    if (name === null) unknown.push(foldName(cell));
    else if (!found.has(name)) {
      found.add(name);
      if (schema.strong.has(name) || more.has(name)) strong += 1;
    }
  }
  // Near misses only support a header that has exact names: a lone resemblance says nothing.
  const near = found.size >= 2 ? countNear(unknown, schema, found) : { strong: 0, names: 0 };
  return { strong: strong + near.strong / 2, names: found.size, near: near.names, found };
}

function knownName(cell: string, schema: CompiledNames, more: ReadonlySet<string>): string | null {
  const name = foldName(cell);
  if (schema.all.has(name) || more.has(name)) return name;
  for (const suffix of schema.suffixes) {
    const bare = foldName(cell.replace(suffix, ''));
    if (bare !== name && schema.all.has(bare)) return bare;
  }
  return null;
}

function countNear(
  unknown: readonly string[],
  schema: CompiledNames,
  found: Set<string>,
): { readonly strong: number; readonly names: number } {
  let strong = 0;
  let names = 0;
  for (const name of unknown) {
    const near = nearName(name, schema, found);
    if (near === null) continue;
    found.add(near);
    names += 1;
    if (schema.strong.has(near)) strong += 1;
  }
  return { strong, names };
}

function nearName(name: string, schema: CompiledNames, found: ReadonlySet<string>): string | null {
  if (name.length < SHORTEST_NEAR) return null;
  const limit = name.length >= SHORTEST_NEAR * 2 ? 2 : 1;
  for (let length = name.length - limit; length <= name.length + limit; length += 1) {
    for (const candidate of schema.byLength.get(length) ?? []) {
      // Names of one numbered family differ by a digit: such a difference is another name, not a misspelling.
      if (found.has(candidate) || digitsOf(candidate) !== digitsOf(name)) continue;
      if (editDistance(name, candidate) <= limit) return candidate;
    }
  }
  if (name.length < SHORTEST_CUT) return null;
  for (const candidate of schema.all) {
    if (candidate.length > name.length && candidate.startsWith(name) && !found.has(candidate)) return candidate;
  }
  return null;
}

function digitsOf(name: string): string {
  return name.replace(/\P{N}+/gu, '');
}

function namesOf(dataset: Dataset): CompiledNames {
  const known = compiled.get(dataset);
  if (known !== undefined) return known;
  const members = dataset.families.map((family) => ({
    common: family.common,
    names: Array.from({ length: family.to - family.from + 1 }, (_, at) =>
      foldName(`${family.stem}${String(family.from + at).padStart(family.pad, '0')}`),
    ),
  }));
  const strong = new Set([
    ...dataset.strong.map(foldName),
    ...dataset.labels.map(foldName),
    ...members.filter((each) => !each.common).flatMap((each) => each.names),
  ]);
  const all = new Set([...strong, ...dataset.common.map(foldName), ...members.flatMap((each) => each.names)]);
  const byLength = new Map<number, string[]>();
  for (const name of all) {
    const same = byLength.get(name.length) ?? [];
    same.push(name);
    byLength.set(name.length, same);
  }
  const made = { strong, all, byLength, suffixes: dataset.suffixes.map((each) => new RegExp(`(?:${each})$`, 'iu')) };
  compiled.set(dataset, made);
  return made;
}
