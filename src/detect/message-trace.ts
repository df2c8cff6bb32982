import type { OpenedMessage } from '../core/part.ts';
import type { Digest, DigestOf } from '../registers/cell-digest.ts';
import { foldName } from '../rules/column-name.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { winnowShingles } from '../text/shingles.ts';
import { datasetEvidence, hasData } from './dataset-evidence.ts';
import { type DigestedRows, digestRows, LEAST_ROWS } from './match-rows.ts';
import { thin, viewTable } from './table-view.ts';
import { tablesOf } from './tables-of.ts';

/** What a table that left is recognised by later: names and keyed digests of a few rows, never a cell. */
export interface TableTrace {
  readonly path: string;
  readonly rows: number;
  /** Whether there is data below its names; a blank template is no dataset. */
  readonly hasValues: boolean;
  /** Folded names of its header rows. */
  readonly headers: readonly (readonly string[])[];
  /** Known datasets (`rules/datasets/`) that it agrees with. */
  readonly datasets: readonly string[];
  readonly digested: DigestedRows | null;
}

/** What is kept of a message that left, to tell later whether it carried what is registered since. */
export interface MessageTrace {
  /** Id of the key that the digests were made with. */
  readonly key: string;
  readonly tables: readonly TableTrace[];
  /** Digests of passages of its documents. */
  readonly passages: readonly Digest[];
}

const MOST_TABLES = 20;
const TRACED_ROWS = 48;
const TRACED_COLUMNS = 24;
const MOST_NAMES = 400;
const MOST_HEADERS = 3;
const MOST_PASSAGES = 600;
/** Characters of documents that passages are taken from: a bulletin of a hundred pages; a text of any length must not fill the memory. */
const MOST_TEXT = 400_000;

/** Traces the tables and documents of a message under a key; null where it has none. */
export function traceMessage(
  message: OpenedMessage,
  key: { readonly id: string; readonly digest: DigestOf },
  { datasets }: Pick<CompiledRules, 'datasets'>,
): MessageTrace | null {
  const tables = tablesOf(message)
    .filter(({ table }) => table.rows >= LEAST_ROWS)
    .toSorted((a, b) => b.table.rows - a.table.rows)
    .slice(0, MOST_TABLES)
    .map(({ path, table }): TableTrace => {
      const view = viewTable(table);
      const hasValues = hasData(view);
      const digested = digestRows(thin(view.records, TRACED_ROWS), key.digest);
      return {
        path,
        rows: view.total,
        hasValues,
        headers: view.headers.slice(0, MOST_HEADERS).map((header) => header.slice(0, MOST_NAMES).map(foldName)),
        datasets: !hasValues
          ? []
          : datasets.filter((dataset) => datasetEvidence(dataset, view, null) !== null).map((dataset) => dataset.id),
        digested: digested && { ...digested, columns: digested.columns.slice(0, TRACED_COLUMNS) },
      };
    });
  const passages = passagesOf(message).map((passage) => key.digest(passage));
  return tables.length === 0 && passages.length === 0 ? null : { key: key.id, tables, passages };
}

function passagesOf(message: OpenedMessage): readonly string[] {
  const shingles = new Set<string>();
  let left = MOST_TEXT;
  for (const { content } of message.parts) {
    if (left <= 0) break;
    if (content.kind !== 'text' || content.role !== 'document') continue;
    for (const shingle of winnowShingles(content.text.slice(0, left))) shingles.add(shingle);
    left -= content.text.length;
  }
  return thin([...shingles], MOST_PASSAGES);
}
