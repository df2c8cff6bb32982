import type { SensitivityEntry } from '../core/entry.ts';
import type { Table } from '../core/part.ts';
import type { BloomFilter } from '../registers/bloom-filter.ts';
import type { DetectContext, Sketches } from './detector.ts';
import { type DigestedRows, digestRows, LEAST_ROWS, matchRows, type RowMatch } from './match-rows.ts';
import { SketchIndex } from './sketch-index.ts';
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
  const matches = new Map<string, RowMatch>();
  for (const { key, entries, match } of groupsOf(sketches)) {
    const rows = digestUnder(key, records, sketches);
    if (rows === null) continue;
    for (const [place, found] of match(rows)) matches.set(entries[place] as string, found);
  }
  const entries = matches.size === 0 ? [] : registers.sensitivity;
  const files = entries.flatMap((entry) => {
    const match = matches.get(entry.id);
    return match === undefined ? [] : [{ entry, match }];
  });
  known.set(table, { sketches, files });
  return files;
}

/** Sketches that are compared with a table together. */
interface SketchGroup {
  readonly key: string;
  readonly entries: readonly string[];
  readonly match: (rows: DigestedRows) => Iterable<readonly [place: number, match: RowMatch]>;
}

/** So many filters of one size are worth an index. */
const WORTH_AN_INDEX = 64;
const grouped = new WeakMap<Sketches, readonly SketchGroup[]>();

/** The sketches by key and size, with an index where there are many of a kind; made once for a set of registers. */
function groupsOf(sketches: Sketches): readonly SketchGroup[] {
  const before = grouped.get(sketches);
  if (before !== undefined) return before;
  const kinds = Map.groupBy(
    [...sketches.byEntry].flatMap(([entry, { header, rows }]) =>
      rows === null ? [] : [{ entry, key: header.key, filter: rows }],
    ),
    ({ key, filter }) => `${key} ${filter.bits}`,
  );
  const groups = [...kinds.values()].map((kind): SketchGroup => {
    const filters = kind.map(({ filter }) => filter);
    const index = filters.length < WORTH_AN_INDEX ? null : new SketchIndex(filters);
    return {
      key: kind[0]?.key ?? '',
      entries: kind.map(({ entry }) => entry),
      match: (rows) => index?.match(rows) ?? matchEach(rows, filters),
    };
  });
  grouped.set(sketches, groups);
  return groups;
}

function* matchEach(rows: DigestedRows, filters: readonly BloomFilter[]): Generator<readonly [number, RowMatch]> {
  for (const [place, filter] of filters.entries()) {
    const match = matchRows(rows, filter);
    if (match !== null) yield [place, match];
  }
}

function digestUnder(key: string, records: readonly (readonly string[])[], sketches: Sketches): DigestedRows | null {
  const digest = sketches.digestOf(key);
  return digest === undefined ? null : digestRows(records, digest);
}
