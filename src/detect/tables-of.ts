import type { Span } from '../core/finding.ts';
import type { OpenedMessage, Table } from '../core/part.ts';
import { pastedTables } from './pasted-table.ts';
import { xmlRecords } from './xml-records.ts';

/** A table of a message, wherever it stands. */
export interface PlacedTable {
  readonly path: string;
  readonly table: Table;
  /** Where in the part's text, for a table pasted into text. */
  readonly span: Span | null;
}

const known = new WeakMap<OpenedMessage, readonly PlacedTable[]>();

/** Every table of a message: sheets and files, tables pasted into text, records in XML. Worked out once for all detectors. */
export function tablesOf(message: OpenedMessage): readonly PlacedTable[] {
  const done = known.get(message);
  if (done !== undefined) return done;
  const tables = message.parts.flatMap(({ path, content }): readonly PlacedTable[] => {
    if (content.kind === 'table') return [{ path, table: content.table, span: null }];
    if (content.kind !== 'text' || content.role === 'subject' || content.role === 'name') return [];
    const records = xmlRecords(content.text);
    if (records !== null) return [{ path, table: records, span: null }];
    return pastedTables(content.text).map(({ table, span }) => ({ path, table, span }));
  });
  // The text of an HTML part repeats the cells of its tables.
  const opened = new Set(tables.filter(({ span }) => span === null).map(({ table }) => firstRow(table)));
  const distinct = tables.filter(({ table, span }) => span === null || !opened.has(firstRow(table)));
  known.set(message, distinct);
  return distinct;
}

function firstRow(table: Table): string {
  return (table.sample[0] ?? []).map((cell) => cell.trim()).join('\t');
}
