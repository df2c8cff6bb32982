import type { Table } from '../core/part.ts';

/** A column as a detector weighs it. */
export interface ViewedColumn {
  /** What the header rows call it, nearest to the data first; empty where nothing does. */
  readonly names: readonly string[];
  /** Different filled cells of the sampled records with their number, at most `DISTINCT_CELLS` of them. */
  readonly distinct: ReadonlyMap<string, number>;
  readonly filled: number;
}

/** A table taken apart into header rows and records. */
export interface TableView {
  /** Header rows that name columns, nearest to the data first. */
  readonly headers: readonly (readonly string[])[];
  readonly columns: readonly ViewedColumn[];
  /** Sampled records; cells trimmed. */
  readonly records: readonly (readonly string[])[];
  /** Records in the whole table. */
  readonly total: number;
}

/** Header rows are looked for in the first rows alone: the widest known layout has eight. */
const HEADER_ROWS = 12;
const SAMPLED_RECORDS = 400;
const DISTINCT_CELLS = 400;

/**
 * Tells header rows from records, whatever stands on top: titles, question texts, variable names, field numbers.
 *
 * In a table of words alone the first row that names columns is the only header.
 */
export function viewTable(table: Table): TableView {
  const rows = table.sample.map((row) => row.map((cell) => cell.trim().replace(/\s+/g, ' ')));
  const top = headerRows(rows);
  const records = rows.slice(top);
  const headers = rows
    .slice(0, top)
    .filter((row) => !isTitle(row, widthOf(rows)) && !isNumbering(row))
    .reverse();
  const sampled = thin(records, SAMPLED_RECORDS);
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  return {
    headers,
    columns: Array.from({ length: width }, (_, at) => viewColumn(at, headers, sampled)),
    records,
    total: Math.max(0, table.rows - top),
  };
}

/** Whether a cell is a value rather than a name: a number, a date, a postcode, an area code or a single letter. */
export function isValue(cell: string): boolean {
  return VALUE.test(cell);
}

const VALUE =
  /^(?:[-+£$€]?\d[\d,]*(?:\.\d+)?%?|\.\d+|\d{1,4}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{1,4}(?:[T ].*)?|[A-Za-z]{1,2}\d[\dA-Za-z]? ?\d[A-Za-z]{2}|[A-Z]\d{8}|[A-Z]{2}\d{6}[A-D]|[A-Za-z])$/;

function viewColumn(at: number, headers: TableView['headers'], records: TableView['records']): ViewedColumn {
  const distinct = new Map<string, number>();
  let filled = 0;
  for (const record of records) {
    const cell = record[at];
    if (cell === undefined || cell === '') continue;
    filled += 1;
    const seen = distinct.get(cell);
    if (seen !== undefined || distinct.size < DISTINCT_CELLS) distinct.set(cell, (seen ?? 0) + 1);
  }
  const names = headers.map((row) => row[at] ?? '').filter((name) => name !== '');
  return { names, distinct, filled };
}

function headerRows(rows: TableView['records']): number {
  const width = widthOf(rows);
  const candidates = rows.slice(0, HEADER_ROWS);
  const first = candidates.findIndex((row) => isNames(row) && !isTitle(row, width)) + 1;
  // Without any names, a title above wide rows is still no record.
  if (first === 0)
    return Math.max(
      0,
      candidates.findIndex((row) => width <= 2 || !isTitle(row, width)),
    );
  const stop = candidates.findIndex((row) => !isNames(row) && !isTitle(row, width) && !isNumbering(row));
  // Nothing but words: the records are words too.
  return stop === -1 ? first : stop;
}

function isNames(row: readonly string[]): boolean {
  const filled = row.filter((cell) => cell !== '');
  return filled.length >= 2 && filled.filter(isValue).length < filled.length * 0.05;
}

/** A row with hardly a cell in a wide table: a title, a section name, a note. */
function isTitle(row: readonly string[], width: number): boolean {
  const filled = row.filter((cell) => cell !== '');
  return filled.length <= Math.max(1, width * 0.15) && !filled.every(isValue);
}

/** Field numbers: nearly every cell a number, no two the same and none left out, in whatever order. */
function isNumbering(row: readonly string[]): boolean {
  const filled = row.filter((cell) => cell !== '');
  const numbers = new Set(filled.filter((cell) => /^\d{1,3}$/.test(cell)).map(Number));
  return numbers.size >= 10 && numbers.size >= filled.length - 1 && Math.max(...numbers) <= numbers.size + 1;
}

function widthOf(rows: TableView['records']): number {
  return rows.reduce((most, row) => Math.max(most, row.filter((cell) => cell !== '').length), 0);
}

/** At most so many rows, the first ones and then evenly. */
export function thin<T>(rows: readonly T[], most: number): readonly T[] {
  if (rows.length <= most) return rows;
  const first = rows.slice(0, most / 2);
  const step = (rows.length - first.length) / (most - first.length);
  return [
    ...first,
    ...Array.from({ length: most - first.length }, (_, at) => rows[first.length + Math.floor(at * step)] as T),
  ];
}
