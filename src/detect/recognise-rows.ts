import type { SensitivityEntry } from '../core/entry.ts';
import type { Table } from '../core/part.ts';
import type { DetectContext, Sketches } from './detector.ts';
import { type DigestedRows, digestRows, LEAST_ROWS, matchRows, type RowMatch } from './match-rows.ts';
import { viewTable } from './table-view.ts';

/** A registered file whose rows stand in a table. */
export interface RecognisedFile {
  readonly entry: SensitivityEntry;
  readonly match: RowMatch;
}

const known = new WeakMap<Table, { readonly sketches: Sketches; readonly files: readonly RecognisedFile[] }>();

/** The register entries whose rows a table has, by their sketches; worked out once for all detectors. */
export function recogniseRows(table: Table, { sketches, registers }: DetectContext): readonly RecognisedFile[] {
  if (sketches === undefined || sketches.byEntry.size === 0 || table.rows < LEAST_ROWS) return [];
  const before = known.get(table);
  if (before?.sketches === sketches) return before.files;
  const { records } = viewTable(table);
  const digested = new Map<string, DigestedRows | null>();
  const files = registers.sensitivity.flatMap((entry) => {
    const sketch = sketches.byEntry.get(entry.id);
    if (sketch === undefined || sketch.rows === null) return [];
    const { key } = sketch.header;
    const rows = digested.has(key) ? digested.get(key) : digestUnder(key, records, sketches);
    digested.set(key, rows ?? null);
    const match = rows === null || rows === undefined ? null : matchRows(rows, sketch.rows);
    return match === null ? [] : [{ entry, match }];
  });
  known.set(table, { sketches, files });
  return files;
}

function digestUnder(key: string, records: readonly (readonly string[])[], sketches: Sketches): DigestedRows | null {
  const digest = sketches.digestOf(key);
  return digest === undefined ? null : digestRows(records, digest);
}
