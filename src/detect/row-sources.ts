import { normaliseCell } from '../text/normalise-cell.ts';

/** Where a comparable value of a row comes from: one cell, or cells that belong together whatever file splits them. */
export type RowSource =
  | { readonly kind: 'cell'; readonly at: number }
  | { readonly kind: 'postcode'; readonly at: number; readonly and: number }
  | { readonly kind: 'date'; readonly at: number };

const OUTWARD = /^[A-Z]{1,2}\d[\dA-Z]?$/i;
const INWARD = /^\d[A-Z]{2}$/i;
/** Cells looked at to tell what a column holds. */
const LOOKED_AT = 60;

/** The comparable values of a table: every column, outward and inward codes joined, day, month and year side by side as dates. */
export function rowSources(records: readonly (readonly string[])[]): readonly RowSource[] {
  const width = records.reduce((most, row) => Math.max(most, row.length), 0);
  const sample = records.slice(0, LOOKED_AT);
  const all = (at: number, test: (cell: string) => boolean) => {
    const cells = sample.map((row) => (row[at] ?? '').trim()).filter((cell) => cell !== '');
    return cells.length >= 3 && cells.every(test);
  };
  const columns = Array.from({ length: width }, (_, at) => at);
  const outward = columns.filter((at) => all(at, (cell) => OUTWARD.test(cell)));
  const inward = columns.filter((at) => all(at, (cell) => INWARD.test(cell)));
  const split = outward.flatMap((at) => {
    const beside = inward.find((and) => and === at + 1);
    return (beside === undefined ? inward : [beside]).map((and) => ({ kind: 'postcode' as const, at, and }));
  });
  const dates = columns
    .filter(
      (at) => all(at, (cell) => within(cell, 31)) && all(at + 1, (cell) => within(cell, 12)) && all(at + 2, isYear),
    )
    .map((at) => ({ kind: 'date' as const, at }));
  return [...columns.map((at) => ({ kind: 'cell' as const, at })), ...split.slice(0, 8), ...dates];
}

/** A row's value at a source, normalised; empty where there is none. */
export function readSource(source: RowSource, row: readonly string[]): string {
  const cell = row[source.at] ?? '';
  switch (source.kind) {
    case 'cell':
      return normaliseCell(cell);
    case 'postcode': {
      const inner = row[source.and] ?? '';
      return cell === '' || inner === '' ? '' : normaliseCell(`${cell} ${inner}`);
    }
    case 'date': {
      const [month = '', year = ''] = [row[source.at + 1], row[source.at + 2]];
      return cell === '' || month === '' || year === '' ? '' : normaliseCell(`${cell}/${month}/${year}`);
    }
  }
}

function within(cell: string, most: number): boolean {
  return /^\d{1,2}$/.test(cell) && Number(cell) >= 1 && Number(cell) <= most;
}

function isYear(cell: string): boolean {
  return /^(19|20)\d\d$|^\d\d$/.test(cell);
}
