import type { SensitivityEntry } from '../core/entry.ts';
import { foldName } from '../rules/column-name.ts';
import type { Dataset } from '../rules/dataset.ts';
import { hasName, matchDataset } from '../rules/match-dataset.ts';
import { threshold } from '../rules/threshold.ts';
import type { MicrodataScore } from './microdata-score.ts';
import { isValue, type TableView, type ViewedColumn } from './table-view.ts';

/** Why a table is taken for a dataset. */
export interface DatasetEvidence {
  readonly by: 'names' | 'order' | 'behaviour';
  /** Columns that speak for it. */
  readonly columns: number;
  /** Matched names that are sensitive or point at a person or home; order and behaviour imply both. */
  readonly sensitive: boolean;
}

const SHARE_OF_COLUMN = 0.9;
/** Share of a narrow cut's columns that must be known names of the file. */
const SHARE_OF_CUT = 0.5;

/** How a table agrees with a dataset's schema: by its header names, by an order that needs no header, or by how its columns behave. */
export function datasetEvidence(
  dataset: Dataset,
  view: TableView,
  entry: SensitivityEntry | null,
): DatasetEvidence | null {
  const extra = entry?.columns ?? [];
  const named = view.headers
    .map((header) => matchDataset(dataset, header, extra))
    .filter((match) => match !== null)
    .sort((a, b) => b.names - a.names)[0];
  if (named !== undefined) {
    const telling = [...dataset.sensitive, ...dataset.direct, ...extra].map(foldName);
    return { by: 'names', columns: named.names, sensitive: telling.some((name) => named.found.has(name)) };
  }
  const ordered = Math.max(0, ...dataset.orders.map((order) => orderAgrees(order, view.columns)));
  if (ordered > 0) return { by: 'order', columns: ordered, sensitive: true };
  const behaving = Math.max(0, ...dataset.behaviours.map((behaviour) => behaviourAgrees(behaviour, view.columns)));
  return behaving > 0 ? { by: 'behaviour', columns: behaving, sensitive: true } : null;
}

/** How many of an entry's own column names a header row has, if they are enough to be that file: three, or all of a shorter list. */
export function ownColumns(entry: SensitivityEntry, view: Pick<TableView, 'headers'>): number {
  const wanted = new Set(entry.columns.map(foldName));
  if (wanted.size < 2) return 0;
  const needed = Math.max(Math.min(3, wanted.size), Math.ceil(wanted.size * 0.6));
  const best = Math.max(
    0,
    ...view.headers.map((header) => new Set(header.map(foldName).filter((name) => wanted.has(name))).size),
  );
  return best >= needed ? best : 0;
}

/** Two own names make a cut of the file where its rows are also homes or people by their content. */
export function ownColumnsOfPeople(
  dataset: Dataset | null,
  entry: SensitivityEntry,
  view: TableView,
  score: MicrodataScore,
  thresholds: Readonly<Record<string, number>>,
): DatasetEvidence | null {
  if (!score.people || !score.identifying || view.total < threshold(thresholds, 'datasetRows')) return null;
  const wanted = new Set(entry.columns.map(foldName));
  for (const header of view.headers) {
    const names = new Set(header.map(foldName).filter((name) => name !== ''));
    const own = [...names].filter((name) => wanted.has(name)).length;
    if (own < 2) continue;
    const known = [...names].filter((name) => wanted.has(name) || (dataset !== null && hasName(dataset, name))).length;
    const rows = threshold(thresholds, score.grave ? 'shapeRowsGrave' : 'shapeRowsPlain');
    // Among many other columns two names may be chance: worth a record, not a hold.
    return { by: 'names', columns: known, sensitive: known >= names.size * SHARE_OF_CUT && view.total >= rows };
  }
  return null;
}

/** Whether there is data below the names: columns of values, as no template, code book or questionnaire has them. */
export function hasData(view: TableView): boolean {
  const least = Math.min(3, view.total);
  const valued = view.columns.filter((column) => {
    if (column.filled < least || column.filled === 0) return false;
    let values = 0;
    for (const [cell, count] of column.distinct) if (isValue(cell)) values += count;
    return values >= column.filled * 0.6;
  });
  return valued.length >= Math.min(3, view.columns.length);
}

function orderAgrees(order: Dataset['orders'][number], columns: readonly ViewedColumn[]): number {
  const [least, most] = order.width;
  if (columns.length < least || columns.length > most + 1) return 0;
  // Column A may be left blank for row labels.
  return Math.max(agreeing(order, columns, 0), agreeing(order, columns, 1));
}

function agreeing(order: Dataset['orders'][number], columns: readonly ViewedColumn[], offset: number): number {
  let looked = 0;
  let agreed = 0;
  for (const { from, to, is } of order.columns) {
    const pattern = whole(is);
    for (let at = from + offset; at <= to + offset; at += 1) {
      const column = columns[at];
      if (column === undefined || column.filled === 0) continue;
      looked += 1;
      if (shareOf(column, pattern) >= SHARE_OF_COLUMN) agreed += 1;
    }
  }
  return looked >= 8 && agreed >= looked * order.share ? agreed : 0;
}

function behaviourAgrees(behaviour: Dataset['behaviours'][number], columns: readonly ViewedColumn[]): number {
  if (columns.length < behaviour.width) return 0;
  let total = 0;
  for (const { least, is } of behaviour.columns) {
    const pattern = whole(is);
    const count = columns.filter(
      (column) => column.filled >= 3 && column.distinct.size >= 2 && shareOf(column, pattern) >= SHARE_OF_COLUMN,
    ).length;
    if (count < least) return 0;
    total += count;
  }
  return total;
}

function shareOf(column: ViewedColumn, pattern: RegExp): number {
  let passed = 0;
  for (const [cell, count] of column.distinct) if (pattern.test(cell)) passed += count;
  return column.filled === 0 ? 0 : passed / column.filled;
}

function whole(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, 'u');
}
