import { checks } from './check-digit.ts';
import { nameWords } from './column-name.ts';
import type { Identifier } from './identifier.ts';

interface CompiledIdentifier {
  readonly names: RegExp | null;
  readonly notNames: RegExp | null;
  readonly cells: RegExp | null;
}

const compiled = new WeakMap<Identifier, CompiledIdentifier>();

/** Whether a column's name alone says that it is such a column. */
export function matchName(rule: Identifier, name: string): boolean {
  const { names, notNames } = patternsOf(rule);
  const words = nameWords(name);
  return names?.test(words) === true && notNames?.test(words) !== true;
}

/** How many of the cells are such identifiers, checks included. */
export function matchCells(rule: Identifier, cells: readonly string[]): number {
  const { cells: pattern } = patternsOf(rule);
  if (pattern === null) return 0;
  const check = rule.check === undefined ? null : checks[rule.check];
  let passed = 0;
  for (const cell of cells) if (pattern.test(cell) && (check === null || check(cell))) passed += 1;
  return passed;
}

/** Whether a column with these names (header rows may be several) and these distinct cells is such a column. */
export function matchColumn(rule: Identifier, names: readonly string[], distinct: readonly string[]): boolean {
  const { notNames } = patternsOf(rule);
  if (distinct.length === 0) return false;
  if (notNames !== null && names.some((name) => notNames.test(nameWords(name)))) return false;
  const named = names.some((name) => matchName(rule, name));
  if (rule.cells === undefined) return named;
  if (rule.nameNeeded && !named) return false;
  const passed = matchCells(rule, distinct);
  // A short file has no room for many different cells, but a single one proves nothing.
  const least = named ? Math.min(rule.distinct, distinct.length) : rule.distinct;
  return passed >= least && passed >= distinct.length * (named ? rule.shareNamed : rule.share);
}

function patternsOf(rule: Identifier): CompiledIdentifier {
  const known = compiled.get(rule);
  if (known !== undefined) return known;
  const make = (source: string | undefined, whole: boolean) =>
    source === undefined ? null : new RegExp(whole ? `^(?:${source})$` : source, 'iu');
  const made = { names: make(rule.names, false), notNames: make(rule.notNames, false), cells: make(rule.cells, true) };
  compiled.set(rule, made);
  return made;
}
