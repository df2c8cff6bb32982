import type { Identifier } from '../rules/identifier.ts';
import { matchCells, matchColumn } from '../rules/match-identifier.ts';
import { threshold } from '../rules/threshold.ts';
import { numberedFamilies } from './numbered-families.ts';
import type { TableView, ViewedColumn } from './table-view.ts';
import { measureUniqueness, type Uniqueness } from './uniqueness.ts';

/** One part of a score, named to the reviewer with its numbers. */
export interface ScorePart {
  readonly id: string;
  readonly role: Identifier['role'] | 'structure';
  readonly title: string;
  readonly columns: number;
  readonly points: number;
}

/** How much a table looks like rows of people, and what speaks for it. */
export interface MicrodataScore {
  readonly points: number;
  readonly parts: readonly ScorePart[];
  /** Rows are people or homes, as far as the columns tell. */
  readonly people: boolean;
  /** Something names a person or home: an official number, a name, a postcode, an address, a birth date. */
  readonly identifying: boolean;
  /** An official number, a birth date or a sensitive field: few rows are enough. */
  readonly grave: boolean;
  /** Most columns are short codes, as in a file made for analysis. */
  readonly coded: boolean;
  readonly uniqueness: Uniqueness | null;
}

type Thresholds = Readonly<Record<string, number>>;

/** Weighs a table's columns one by one, then their structure; every number comes from `rules/`. */
export function scoreMicrodata(
  view: TableView,
  identifiers: readonly Identifier[],
  thresholds: Thresholds,
): MicrodataScore {
  const kinds = view.columns.map((column) => kindsOf(column, identifiers));
  const parts = [...columnParts(kinds), ...splitPostcodes(kinds, view, identifiers)];
  const count = (role: ScorePart['role']) =>
    parts.filter((part) => part.role === role).reduce((sum, part) => sum + part.columns, 0);
  const codes = codeColumns(view.columns, thresholds);
  const families = numberedFamilies(view);
  if (codes > 0)
    parts.push(structure('code-columns', 'short-coded columns', codes, threshold(thresholds, 'codePoints')));
  if (families.length >= 2)
    parts.push(
      structure(
        'numbered-families',
        'numbered families of columns',
        families.length,
        threshold(thresholds, 'familyPoints'),
      ),
    );
  if (count('direct') > 0 && count('birth') + count('sensitive') > 0)
    parts.push(
      structure('named', 'names beside birth dates or sensitive fields', 0, threshold(thresholds, 'namedPoints')),
    );
  else if (count('direct') > 0 && count('financial') > 0)
    parts.push(structure('named-pay', 'names beside pay', 0, threshold(thresholds, 'namedPayPoints')));
  if (count('home') > 0 && count('sensitive') > 0)
    parts.push(structure('home-named', 'homes beside sensitive fields', 0, threshold(thresholds, 'homePoints')));
  if (count('home') > 0 && count('key') > 0 && count('quasi') > 0)
    parts.push(
      structure('keyed-home', 'homes beside keys and personal details', 0, threshold(thresholds, 'keyedHomePoints')),
    );
  const uniqueness = singleOut(view, kinds);
  if (uniqueness !== null && uniqueness.alone >= threshold(thresholds, 'uniqueShare'))
    parts.push(structure('uniqueness', 'rows alone in their combination', 0, threshold(thresholds, 'uniquePoints')));
  const officialPoints = threshold(thresholds, 'officialPoints');
  const official = kinds.flat().some((rule) => rule.role === 'direct' && rule.points >= officialPoints);
  const organisations =
    count('organisation') > 0 && count('quasi') < 2 && count('sensitive') + count('birth') === 0 && !official;
  const people =
    !organisations &&
    (count('direct') + count('birth') + count('key') > 0 ||
      count('quasi') >= 2 ||
      (count('home') > 0 && count('sensitive') > 0) ||
      codes > 0 ||
      families.length >= 2);
  return {
    points: parts.reduce((sum, part) => sum + part.points, 0),
    parts,
    people,
    identifying: count('direct') + count('home') + count('birth') > 0,
    grave: official || count('birth') + count('sensitive') > 0,
    coded: codes > 0,
    uniqueness,
  };
}

/** What a column is: at most one description of its rows, and whatever makes it a published table's. */
export function kindsOf(column: ViewedColumn, identifiers: readonly Identifier[]): readonly Identifier[] {
  const distinct = [...column.distinct.keys()];
  const matched = identifiers.filter((rule) => matchColumn(rule, column.names, distinct));
  const aggregate = matched.filter((rule) => rule.role === 'aggregate');
  const best = matched
    .filter((rule) => rule.role !== 'aggregate')
    .reduce<Identifier | null>((most, rule) => (most === null || rule.points > most.points ? rule : most), null);
  return best === null ? aggregate : [best, ...aggregate];
}

function columnParts(kinds: readonly (readonly Identifier[])[]): ScorePart[] {
  const counts = new Map<Identifier, number>();
  for (const rule of kinds.flat()) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, columns]) => ({
    id: rule.id,
    role: rule.role,
    title: rule.title,
    columns,
    points: rule.points * Math.min(columns, rule.most),
  }));
}

/** Outward codes in one column and inward codes in another are unit postcodes, side by side or not. */
function splitPostcodes(
  kinds: readonly (readonly Identifier[])[],
  view: TableView,
  identifiers: readonly Identifier[],
): ScorePart[] {
  const at = (id: string) => kinds.flatMap((rules, column) => (rules.some((rule) => rule.id === id) ? [column] : []));
  const [outward, inward] = [at('postcode-outward'), at('postcode-inward')];
  const unit = identifiers.find((rule) => rule.id === 'unit-postcode');
  const pairs = Math.min(outward.length, inward.length);
  const [first, second] = [outward[0], inward[0]];
  if (unit === undefined || first === undefined || second === undefined) return [];
  const joined = view.records
    .slice(0, 50)
    .map((record) => `${record[first] ?? ''} ${record[second] ?? ''}`)
    .filter((cell) => cell.length > 4);
  if (matchCells(unit, joined) < joined.length * unit.share) return [];
  return [
    {
      id: 'split-postcode',
      role: 'home',
      title: 'unit postcodes split over two columns',
      columns: pairs,
      points: unit.points * Math.min(pairs, unit.most),
    },
  ];
}

/** Columns of few, short values, if they are so many and such a share of the table as only coded records have; else 0. */
function codeColumns(columns: readonly ViewedColumn[], thresholds: Thresholds): number {
  const filled = columns.filter((column) => column.filled > 0);
  const coded = filled.filter(
    ({ distinct }) =>
      distinct.size <= 30 && [...distinct.keys()].every((cell) => /^(-?\d{1,2}|[A-Za-z]{1,2}|\d_[A-Z]{3})$/.test(cell)),
  );
  const enough =
    coded.length >= threshold(thresholds, 'codeColumns') &&
    coded.length >= filled.length * threshold(thresholds, 'codeShare');
  return enough ? coded.length : 0;
}

const SINGLING = ['birth', 'quasi', 'home', 'small-area', 'geography'];

function singleOut(view: TableView, kinds: readonly (readonly Identifier[])[]): Uniqueness | null {
  const columns = kinds
    .flatMap((rules, at) => (rules.some((rule) => SINGLING.includes(rule.role)) ? [at] : []))
    .slice(0, 5);
  return columns.length < 3 ? null : measureUniqueness(view.records, columns);
}

function structure(id: string, title: string, columns: number, points: number): ScorePart {
  return { id, role: 'structure', title, columns, points };
}
