import type { SensitivityEntry } from '../core/entry.ts';
import type { Sketch } from '../registers/sketch.ts';
import { foldName } from '../rules/column-name.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { Dataset } from '../rules/dataset.ts';
import { matchDataset } from '../rules/match-dataset.ts';
import { ownColumns } from './dataset-evidence.ts';
import { LEAST_PASSAGES_FOUND } from './match-passages.ts';
import { matchRows } from './match-rows.ts';
import type { MessageTrace, TableTrace } from './message-trace.ts';

/** How a message that left agrees with an entry. */
export interface TraceMatch {
  readonly path: string;
  readonly by: 'rows' | 'columns' | 'passages';
}

/**
 * Whether a message that left carried what an entry protects; null where its trace does not show it.
 *
 * An entry with a sketch is recognised by that alone: another year's file of the same schema is another matter. A trace under a key that
 * the sketch was not made with cannot be compared.
 */
export function matchTrace(
  trace: MessageTrace,
  entry: SensitivityEntry,
  sketch: Sketch | null,
  { datasets }: Pick<CompiledRules, 'datasets'>,
): TraceMatch | null {
  if (sketch !== null) return sketch.header.key === trace.key ? matchSketch(trace, sketch) : null;
  const dataset = datasets.find((one) => one.id === entry.dataset) ?? null;
  const found = trace.tables.find(
    (table) => table.hasValues && ((dataset !== null && agrees(table, dataset, entry)) || ownColumns(entry, table) > 0),
  );
  return found === undefined ? null : { path: found.path, by: 'columns' };
}

/** The schema was tried when the message left; the entry's own columns count as further names of it. */
function agrees(table: TableTrace, dataset: Dataset, entry: SensitivityEntry): boolean {
  if (table.datasets.includes(dataset.id)) return true;
  const own = new Set(entry.columns.map(foldName));
  return table.headers.some(
    (header) => header.some((name) => own.has(name)) && matchDataset(dataset, header, entry.columns) !== null,
  );
}

function matchSketch(trace: MessageTrace, { rows, passages }: Sketch): TraceMatch | null {
  if (rows !== null) {
    const found = trace.tables.find(({ digested }) => digested !== null && matchRows(digested, rows) !== null);
    if (found !== undefined) return { path: found.path, by: 'rows' };
  }
  if (passages === null) return null;
  const found = trace.passages.filter(([high, low]) => passages.has(high, low)).length;
  return found >= LEAST_PASSAGES_FOUND ? { path: 'document', by: 'passages' } : null;
}
