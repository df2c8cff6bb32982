import type { TableView } from './table-view.ts';

/** Least members of a family: `age1` to `age3`. */
const LEAST = 3;
/** Stems that count weeks, years or table columns rather than people or diagnoses. */
const CALENDAR =
  /^(|week|wk|day|month|quarter|q|year|yr|fy|period|term|col|column|field|f|unnamed|v|var|x|table|figure|phase|stage|round|item|slot|session)$/;

/** Stems of numbered columns (`age1` to `age8`), the clearest mark of person records; calendar columns are none. */
export function numberedFamilies(view: TableView): readonly string[] {
  const families = new Map<string, Set<number>>();
  for (const header of view.headers) {
    for (const name of header) {
      const match = /^(.*?)[ _-]?0?(\d{1,2})$/.exec(name);
      const stem = match?.[1]?.toLowerCase().replace(/[^a-z]/g, '');
      if (match === null || stem === undefined || CALENDAR.test(stem)) continue;
      const members = families.get(stem) ?? new Set();
      members.add(Number(match[2]));
      families.set(stem, members);
    }
  }
  return [...families].filter(([, members]) => consecutive(members)).map(([stem]) => stem);
}

function consecutive(members: ReadonlySet<number>): boolean {
  if (members.size < LEAST) return false;
  const sorted = [...members].sort((a, b) => a - b);
  const span = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0) + 1;
  return (sorted[0] ?? 9) <= 2 && span <= members.size * 1.5;
}
