import type { Registers, SensitivityEntry } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import type { OpenedPart } from '../core/part.ts';
import type { DetectContext, Detector, Sketches } from './detector.ts';
import { matchPassages, type RegisteredDocument } from './match-passages.ts';
import type { RowMatch } from './match-rows.ts';
import { recogniseRows } from './recognise-rows.ts';
import { type PlacedTable, tablesInTurns } from './tables-of.ts';

/** Recognises rows of registered files by their sketches: a part of them, under other names, in another order or format. */
export const fingerprint: Detector = {
  name: 'fingerprint',
  async detect(message, context) {
    const { sketches } = context;
    if (sketches === undefined || sketches.byEntry.size === 0) return [];
    const findings: Finding[] = [];
    for (const placed of await tablesInTurns(message, context)) {
      for (const { entry, match } of recogniseRows(placed.table, context))
        findings.push(rowsFinding(placed, entry.id, entry.title, match));
      await context.turn?.();
    }
    const documents = openDocuments(sketches, context);
    for (const part of documents.length === 0 ? [] : message.parts) {
      findings.push(...recognisePassages(part, documents, sketches));
      await context.turn?.();
    }
    return findings;
  },
};

/** How many rows were found is for cleared eyes: a count would let a sender try out who is in the file. */
function rowsFinding(placed: PlacedTable, entry: string, title: string, match: RowMatch): Finding {
  return {
    detector: 'fingerprint',
    rule: 'registered-rows',
    entry,
    path: placed.path,
    span: placed.span,
    severity: 'high',
    summary: `Rows of ${title}, recognised by their values whatever the columns are called and in whatever order they stand.`,
    insight: `${match.found} of ${match.compared} compared rows found, in ${match.combinations} combinations of two columns.`,
    weight: 'protected',
  };
}

/** The documents that nobody may have: a bulletin is public once its release is. */
function openDocuments(sketches: Sketches, { registers, open }: DetectContext): readonly RegisteredDocument[] {
  return documentsOf(registers, sketches).filter(
    ({ release }) => release === null || open.some(({ id }) => id === release),
  );
}

function recognisePassages(
  part: OpenedPart,
  documents: readonly RegisteredDocument[],
  sketches: Sketches,
): readonly Finding[] {
  return matchPassages(part, documents, sketches).map(({ path, document, found }) => ({
    detector: 'fingerprint',
    rule: 'registered-passages',
    entry: document.id,
    path,
    span: null,
    severity: 'high',
    summary: `Passages of ${document.title}, word for word or nearly so.`,
    insight: `${found} different passages of six words found.`,
    weight: document.release === null ? 'protected' : 'embargoed',
  }));
}

const known = new WeakMap<
  Sketches,
  { readonly registers: Registers; readonly documents: readonly RegisteredDocument[] }
>();

/** The documents among all sketches, looked up once: a register may have thousands of others. */
function documentsOf(registers: Registers, sketches: Sketches): readonly RegisteredDocument[] {
  const before = known.get(sketches);
  if (before?.registers === registers) return before.documents;
  const documents = registers.sensitivity.flatMap((entry) => {
    const sketch = sketches.byEntry.get(entry.id);
    if (sketch === undefined || sketch.passages === null) return [];
    const release = releaseOf(entry);
    return [{ id: release ?? entry.id, title: entry.title, release, sketch, filter: sketch.passages }];
  });
  known.set(sketches, { registers, documents });
  return documents;
}

/** The release that a registered document is published with; null for data that feeds one, which its lift does not open. */
function releaseOf(entry: SensitivityEntry): string | null {
  return entry.dataset === null && entry.columns.length === 0 ? entry.embargo : null;
}
