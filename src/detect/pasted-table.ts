import type { Span } from '../core/finding.ts';
import { DISTINCT_LIMIT, type Table } from '../core/part.ts';

/** A table found in running text. */
export interface PastedTable {
  readonly table: Table;
  readonly span: Span;
}

/** Fewer lines alike are no table. */
const LEAST_ROWS = 5;
const LEAST_COLUMNS = 3;
const SEPARATORS = ['\t', '|', ';', ',', '  '] as const;
type Separator = (typeof SEPARATORS)[number];

/**
 * Tables pasted into text: runs of at least five lines that split alike by tab, bar, semicolon, comma or wide gaps.
 *
 * Quote marks at the start of lines are left off. Rows pasted from a sheet may end short, so tabs and bars allow for missing cells.
 */
export function pastedTables(text: string): readonly PastedTable[] {
  if (!mayHoldTable(text)) return [];
  const lines = linesOf(text);
  const found: PastedTable[] = [];
  let at = 0;
  while (at < lines.length) {
    const run = longestRun(lines, at);
    if (run === null) {
      at += 1;
      continue;
    }
    const last = lines[at + run.rows.length - 1];
    const first = lines[at];
    if (first === undefined || last === undefined) break;
    found.push({ table: tableOf(run.rows), span: { start: first.start, end: last.end } });
    at += run.rows.length;
  }
  return found;
}

/** Whether enough lines have two separators each: a glance, for nearly every mail has no table; a line may count for two separators. */
function mayHoldTable(text: string): boolean {
  let lines = 0;
  for (const separator of SEPARATORS) {
    let at = text.indexOf(separator);
    while (at >= 0) {
      const second = text.indexOf(separator, endOfGap(text, at + separator.length, separator));
      if (second < 0) break;
      const end = text.indexOf('\n', at);
      if (end >= 0 && second > end) at = second;
      else {
        lines += 1;
        if (lines >= LEAST_ROWS) return true;
        at = end < 0 ? -1 : text.indexOf(separator, end);
      }
    }
  }
  return false;
}

/** However wide a gap is, it is one. */
function endOfGap(text: string, from: number, separator: Separator): number {
  let at = from;
  if (separator === '  ') while (text[at] === ' ') at += 1;
  return at;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^[>\s]*>\s?/, '').replace(/\r$/, '');
    if (line.trim() !== '') lines.push({ text: line, start, end: start + raw.length });
    start += raw.length + 1;
  }
  return lines;
}

function longestRun(lines: readonly Line[], from: number): { readonly rows: readonly (readonly string[])[] } | null {
  let best: readonly (readonly string[])[] = [];
  for (const separator of SEPARATORS) {
    const rows = runOf(lines, from, separator);
    if (rows.length > best.length) best = rows;
  }
  return best.length >= LEAST_ROWS ? { rows: best } : null;
}

function runOf(lines: readonly Line[], from: number, separator: Separator): readonly (readonly string[])[] {
  const ragged = separator === '\t' || separator === '|';
  const rows: (readonly string[])[] = [];
  let width = 0;
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at]?.text ?? '';
    const cells = line.includes(separator) ? splitLine(line, separator) : [];
    if (cells.length < LEAST_COLUMNS) break;
    if (!ragged && width > 0 && cells.length !== width) break;
    width = cells.length;
    rows.push(cells);
  }
  return rows;
}

function splitLine(line: string, separator: Separator): readonly string[] {
  if (separator === '  ') return line.trim().split(/ {2,}/);
  if (separator === '|')
    return line
      .replace(/^\s*\||\|\s*$/g, '')
      .split('|')
      .map((cell) => cell.trim());
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const letter of line) {
    if (letter === '"') quoted = !quoted;
    else if (letter === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += letter;
  }
  cells.push(cell.trim());
  return cells;
}

function tableOf(lines: readonly (readonly string[])[]): Table {
  const rows = lines.filter((row) => !row.every((cell) => /^[-:= ]*$/.test(cell)));
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  return {
    name: '',
    rows: rows.length,
    columns,
    header: rows[0] ?? [],
    hidden: false,
    sample: rows,
    profiles: Array.from({ length: columns }, (_, at) => {
      const cells = rows.map((row) => row[at] ?? '').filter((cell) => cell !== '');
      return {
        filled: cells.length,
        integers: cells.filter((cell) => /^-?\d+$/.test(cell)).length,
        decimals: cells.filter((cell) => /^-?\d*\.\d+$/.test(cell)).length,
        dates: 0,
        distinct: Math.min(DISTINCT_LIMIT, new Set(cells).size),
        maxLength: cells.reduce((most, cell) => Math.max(most, cell.length), 0),
      };
    }),
  };
}
