import type { ByteSource } from '../core/byte-source.ts';
import { incompleteParts, type OpenedMessage, type Table } from '../core/part.ts';
import type { Result } from '../core/result.ts';
import { LEAST_ROWS } from '../detect/match-rows.ts';
import { passageFilter } from '../detect/passage-filter.ts';
import { SketchBuilder } from '../detect/sketch-builder.ts';
import { viewTable } from '../detect/table-view.ts';
import { DEFAULT_LIMITS } from '../extract/budget.ts';
import { extractors } from '../extract/index.ts';
import type { RowTap } from '../extract/table-builder.ts';
import { makeDigest } from '../registers/cell-digest.ts';
import type { KeySet } from '../registers/keys.ts';
import { encodeSketch, type SketchColumn } from '../registers/sketch.ts';
import { openParts } from '../scan/open-parts.ts';

export interface MadeSketch {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly passages: number;
  readonly columns: readonly SketchColumn[];
}

/** A registered file may be larger and slower to read than a mail's attachment, and is not a stranger's. */
const LIMITS = { ...DEFAULT_LIMITS, time: 15 * 60_000 };

/**
 * Reads a file twice: a sample to choose the columns by, then every row into the filter. Memory does not grow with the rows.
 *
 * An error says in words what is wrong: nothing in the file that could be recognised, or a part that cannot be read.
 */
export async function makeSketch(
  name: string,
  source: ByteSource,
  key: Pick<KeySet, 'id' | 'sketches'>,
  onRow: (done: number, total: number) => void,
  without: { readonly name: string; readonly source: ByteSource } | null = null,
): Promise<Result<MadeSketch, string>> {
  const digest = makeDigest(key.sketches);
  const opened = await openFile(name, source);
  const unread = incompleteParts(opened)[0];
  if (unread !== undefined)
    return { ok: false, error: `${unread.path} is ${unread.reason}, save it so that it can be read` };
  const main = largestTable(opened);
  const view = main === null ? null : viewTable(main);
  const builder =
    view === null || view.total < LEAST_ROWS
      ? null
      : new SketchBuilder(view.headers[0] ?? [], view.records, view.total, digest);
  const boilerplate = without === null ? null : await openFile(without.name, without.source);
  const passages = passageFilter(opened, digest, boilerplate);
  const usesRows = builder !== null && builder.plan.pairs.length > 0;
  if (!usesRows && passages === null)
    return { ok: false, error: whyNot(view?.total ?? 0, builder?.plan.columns ?? []) };
  if (main !== null && builder !== null && usesRows) await addRows(name, source, main, builder, onRow);
  const rows = usesRows && view !== null ? view.total : 0;
  const columns = builder?.plan.columns ?? [];
  const bytes = encodeSketch(
    { key: key.id, rows, columns },
    usesRows ? builder.filter : null,
    passages?.filter ?? null,
  );
  return { ok: true, value: { bytes, rows, passages: passages?.count ?? 0, columns } };
}

/** What keeps a file from being sketched, and what to do instead: other detectors know a dataset by its header. */
function whyNot(rows: number, columns: readonly SketchColumn[]): string {
  if (columns.length === 0)
    return rows === 0
      ? 'has neither rows nor running text that could be told from others’, choose the file that holds the data'
      : `has neither running text nor the ${LEAST_ROWS} rows that it takes to know a dataset again, choose the whole file`;
  const reasons = Map.groupBy(columns, ({ why }) => why);
  const told = [...reasons].map(([why, of]) => `${nameSome(of.map(({ name }) => name))}: ${why}`);
  return `no two of its columns together tell its ${rows.toLocaleString('en-GB')} rows from those of other files (${told.join('; ')}); write its column names into the entry instead, and it is known by its header`;
}

function nameSome(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

async function addRows(
  name: string,
  source: ByteSource,
  main: Table,
  builder: SketchBuilder,
  onRow: (done: number, total: number) => void,
): Promise<void> {
  let row = 0;
  await openFile(name, source, (table, cells) => {
    if (table !== main.name) return;
    row += 1;
    builder.addRow(cells);
    onRow(row, main.rows);
  });
}

function openFile(name: string, source: ByteSource, everyCell: boolean | RowTap = false): Promise<OpenedMessage> {
  return openParts(
    { kind: 'file', name, source },
    { extractors, limits: LIMITS, now: () => performance.now(), everyCell },
  );
}

function largestTable(opened: OpenedMessage): Table | null {
  return opened.parts
    .flatMap(({ content }) => (content.kind === 'table' ? [content.table] : []))
    .reduce<Table | null>(
      (most, table) => (most === null || table.rows * table.columns > most.rows * most.columns ? table : most),
      null,
    );
}
