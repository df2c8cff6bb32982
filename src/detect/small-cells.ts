import type { Identifier } from '../rules/identifier.ts';
import { matchColumn, matchName } from '../rules/match-identifier.ts';
import { threshold } from '../rules/threshold.ts';
import type { TableView, ViewedColumn } from './table-view.ts';

/** Counts of people below the disclosure threshold, in a table of small areas. */
export interface SmallCells {
  readonly cells: number;
  readonly columns: number;
  readonly below: number;
}

/**
 * Small counts of something sensitive in small areas, unsuppressed; null where there are none or too few to matter.
 *
 * A count column is sensitive by its own name ("Prison"), or is a plain count beside a sensitive category ("Ethnic group"). The threshold
 * of 10 is ACRO's default; rates, years and codes are no counts.
 */
export function smallCells(
  view: TableView,
  identifiers: readonly Identifier[],
  thresholds: Readonly<Record<string, number>>,
): SmallCells | null {
  const below = threshold(thresholds, 'smallCellBelow');
  const has = (role: Identifier['role']) =>
    view.columns.some((column) =>
      identifiers.some((rule) => rule.role === role && matchColumn(rule, column.names, [...column.distinct.keys()])),
    );
  if (!has('small-area')) return null;
  const named = (column: ViewedColumn, test: (rule: Identifier) => boolean) =>
    column.names.some((name) =>
      identifiers.some((rule) => test(rule) && rule.names !== undefined && matchName(rule, name)),
    );
  const counts = view.columns.filter(isCount);
  const sensitive = counts.filter((column) => named(column, (rule) => rule.role === 'sensitive'));
  const category = view.columns.some(
    (column) => !isCount(column) && column.distinct.size >= 2 && named(column, (rule) => rule.role === 'sensitive'),
  );
  const plain = category ? counts.filter((column) => named(column, (rule) => rule.id === 'measure-column')) : [];
  const columns = [...new Set([...sensitive, ...plain])]
    .map((column) => cellsBelow(column, below))
    .filter((cells) => cells > 0);
  const cells = columns.reduce((sum, count) => sum + count, 0);
  return cells >= threshold(thresholds, 'smallCellLeast') ? { cells, columns: columns.length, below } : null;
}

function isCount(column: ViewedColumn): boolean {
  let whole = 0;
  for (const [cell, count] of column.distinct) if (/^\d{1,3}(,?\d{3})*$/.test(cell)) whole += count;
  return column.filled >= 5 && whole >= column.filled * 0.5 && column.distinct.size >= 3;
}

function cellsBelow(column: ViewedColumn, below: number): number {
  let cells = 0;
  for (const [cell, count] of column.distinct) {
    const value = /^\d+$/.test(cell) ? Number(cell) : 0;
    if (value > 0 && value < below) cells += count;
  }
  return cells;
}
