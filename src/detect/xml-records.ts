import type { Table } from '../core/part.ts';

const LEAST_RECORDS = 3;
const LEAST_FIELDS = 3;
const SAMPLED = 500;

/**
 * The records of an XML export: an element that repeats, with plain-text children; null where the text is no such thing.
 *
 * Reads start tags, text and end tags alone, so that a cut-off file still yields its records.
 */
export function xmlRecords(text: string): Table | null {
  if (!/^\s*<[?A-Za-z]/.test(text)) return null;
  const names = new Map<string, number>();
  const rows: string[][] = [];
  let total = 0;
  let row: Map<string, string> = new Map();
  const element =
    /<([A-Za-z_][\w:.-]*)(?:\s[^<>]*)?>([^<]*)<\/\1\s*>|<\/([A-Za-z_][\w:.-]*)\s*>|<([A-Za-z_][\w:.-]*)(?:\s[^<>]*)?\/>/g;
  for (const [, name, value, end, empty] of text.matchAll(element)) {
    const field = name ?? empty;
    if (field !== undefined) {
      row.set(field, decode(value ?? ''));
      continue;
    }
    if (end === undefined || row.size < LEAST_FIELDS) continue;
    total += 1;
    if (rows.length < SAMPLED) rows.push(place(row, names));
    row = new Map();
  }
  if (total < LEAST_RECORDS) return null;
  const header = [...names.keys()];
  return {
    name: '',
    rows: total + 1,
    columns: header.length,
    header,
    hidden: false,
    sample: [header, ...rows],
    profiles: [],
  };
}

function place(row: ReadonlyMap<string, string>, names: Map<string, number>): string[] {
  const cells: string[] = [];
  for (const [name, value] of row) {
    const at = names.get(name) ?? names.size;
    names.set(name, at);
    cells[at] = value;
  }
  return Array.from(cells, (cell) => cell ?? '');
}

function decode(value: string): string {
  return value
    .trim()
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');
}
