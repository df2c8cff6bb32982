import type { Span } from '../core/finding.ts';
import type { OpenedMessage, OpenedPart, Table } from '../core/part.ts';
import { type XmlRecords, xmlRecords } from '../text/xml-records.ts';
import type { DetectContext } from './detector.ts';
import { pastedTables } from './pasted-table.ts';

/** A table of a message, wherever it stands. */
export interface PlacedTable {
  readonly path: string;
  readonly table: Table;
  /** Where in the part's text, for a table pasted into text. */
  readonly span: Span | null;
}

const known = new WeakMap<OpenedMessage, readonly PlacedTable[]>();
const knownOf = new WeakMap<OpenedPart, readonly PlacedTable[]>();

/** As `tablesOf`, with turns for others between the parts of a message with much text. */
export async function tablesInTurns(
  message: OpenedMessage,
  { turn }: Pick<DetectContext, 'turn'>,
): Promise<readonly PlacedTable[]> {
  if (turn !== undefined && !known.has(message))
    for (const part of message.parts) {
      tablesOfPart(part);
      await turn();
    }
  return tablesOf(message);
}

/** Every table of a message: sheets and files, tables pasted into text, records in XML. Worked out once for all detectors. */
export function tablesOf(message: OpenedMessage): readonly PlacedTable[] {
  const done = known.get(message);
  if (done !== undefined) return done;
  const distinct = withoutRepeats(message.parts.flatMap(tablesOfPart));
  known.set(message, distinct);
  return distinct;
}

function tablesOfPart(part: OpenedPart): readonly PlacedTable[] {
  const done = knownOf.get(part);
  if (done !== undefined) return done;
  const tables = readTables(part);
  knownOf.set(part, tables);
  return tables;
}

function readTables({ path, content }: OpenedPart): readonly PlacedTable[] {
  if (content.kind === 'table') return [{ path, table: content.table, span: null }];
  if (content.kind !== 'text' || content.role === 'subject' || content.role === 'name') return [];
  const records = xmlRecords(content.text);
  if (records !== null) return [{ path, table: recordTable(records), span: null }];
  return pastedTables(content.text).map(({ table, span }) => ({ path, table, span }));
}

/**
 * The text of an HTML or text part repeats the cells of the tables that were opened from it: such a reading is left out if its middle
 * and last rows are in an opened table. A header alone does not tell, for a blank template has the same.
 */
function withoutRepeats(tables: readonly PlacedTable[]): readonly PlacedTable[] {
  if (tables.every(({ span }) => span === null)) return tables;
  const opened = new Set(tables.flatMap(({ table, span }) => (span === null ? table.sample.map(rowKey) : [])));
  return tables.filter(({ table, span }) => {
    const { sample } = table;
    const rows = [sample[sample.length >> 1], sample.at(-1)];
    return span === null || !rows.every((row) => row !== undefined && opened.has(rowKey(row)));
  });
}

function rowKey(row: readonly string[]): string {
  return row
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
    .join('\t');
}

/** Records of XML pasted into text; XML files are opened as tables. */
function recordTable({ header, rows }: XmlRecords): Table {
  const sample = [header, ...rows];
  return { name: '', rows: sample.length, columns: header.length, header, hidden: false, sample, profiles: [] };
}
