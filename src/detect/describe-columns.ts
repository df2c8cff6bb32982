import type { Table } from '../core/part.ts';
import type { Identifier } from '../rules/identifier.ts';
import { kindsOf } from './microdata-score.ts';
import { viewTable } from './table-view.ts';

/** One column of a table as evidence: what it was taken for, and how its values look, never one of them. */
export interface ColumnEvidence {
  /** From 1. */
  readonly number: number;
  /** As its header calls it; empty where there is none. */
  readonly name: string;
  /** What it was taken for; null where it says nothing of a person or home. */
  readonly kind: string | null;
  readonly points: number;
  /** Share of rows with a value, and different values, counted up to 256. */
  readonly filled: number;
  readonly distinct: number;
  /** The shapes of some values: each letter as A or a, each digit as 9. */
  readonly shapes: readonly string[];
}

const MOST_SHAPES = 2;
const MOST_SHAPE = 24;

/** The columns of a table, those that speak most for records of people first. */
export function describeColumns(table: Table, identifiers: readonly Identifier[]): readonly ColumnEvidence[] {
  const view = viewTable(table);
  const kinds = view.columns.map((column) => kindsOf(column, identifiers)[0] ?? null);
  const halves = ['postcode-outward', 'postcode-inward'];
  const isSplit = halves.every((id) => kinds.some((kind) => kind?.id === id));
  const whole = identifiers.find(({ id }) => id === 'unit-postcode');
  return view.columns
    .map((column, at): ColumnEvidence => {
      const kind = kinds[at] ?? null;
      // Half a postcode says little, and both halves say where somebody lives.
      const points = isSplit && kind !== null && halves.includes(kind.id) ? (whole?.points ?? 0) : (kind?.points ?? 0);
      const profile = table.profiles[at];
      return {
        number: at + 1,
        name: column.names[0] ?? '',
        kind: kind?.title ?? null,
        points,
        filled: Math.min(
          1,
          (profile?.filled ?? column.filled) / Math.max(1, profile === undefined ? view.records.length : table.rows),
        ),
        distinct: profile?.distinct ?? column.distinct.size,
        shapes: [...new Set([...column.distinct.keys()].map(shapeOf))].slice(0, MOST_SHAPES),
      };
    })
    .toSorted((a, b) => b.points - a.points || a.number - b.number);
}

function shapeOf(cell: string): string {
  return cell
    .slice(0, MOST_SHAPE)
    .replace(/\p{N}/gu, '9')
    .replace(/\p{L}/gu, (letter) => (letter === letter.toLowerCase() ? 'a' : 'A'));
}
