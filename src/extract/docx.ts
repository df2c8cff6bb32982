import { ownValue } from '../core/own-value.ts';
import { TABLE_ROWS } from './docx-tables.ts';
import { DocxText } from './docx-text.ts';
import type { ExtractContext, Piece } from './extractor.ts';
import type { OoxmlPackage, Relationship } from './ooxml-package.ts';
import { TableBuilder } from './table-builder.ts';
import { Unreadable } from './unreadable.ts';
import { WordNumbering } from './word-numbering.ts';

/** Parts of a document written in the same vocabulary, and what their step is called. */
const STORIES: Readonly<Record<string, string>> = {
  header: 'header',
  footer: 'footer',
  footnotes: 'footnotes',
  endnotes: 'endnotes',
  comments: 'comments',
  glossaryDocument: 'building blocks',
};

/** A document's body, headers, footers, notes and comments; what was deleted with tracked changes; its tables. */
export async function* readDocx(pack: OoxmlPackage, main: string, context: ExtractContext): AsyncGenerator<Piece> {
  const relations = await pack.relationships(main);
  const numbering = await readNumbering(pack, relations);
  yield* readStory(pack, main, null, numbering, context);
  yield* readStories(pack, relations, numbering, context);
}

/** How the document's lists are numbered; where that is damaged the items come without their numbers. */
async function readNumbering(pack: OoxmlPackage, relations: readonly Relationship[]): Promise<WordNumbering> {
  const numbering = new WordNumbering();
  const handlers = { styles: numbering.stylesHandler(), numbering: numbering.numberingHandler() };
  for (const kind of ['styles', 'numbering'] as const) {
    const part = relations.find((one) => one.kind === kind && !one.isExternal)?.target;
    if (part !== undefined) await pack.peekXml(part, handlers[kind]);
  }
  return numbering;
}

async function* readStories(
  pack: OoxmlPackage,
  relations: readonly Relationship[],
  numbering: WordNumbering,
  context: ExtractContext,
): AsyncGenerator<Piece> {
  const links = relations.filter((one) => one.isExternal).map((one) => one.target);
  if (links.length > 0) yield { kind: 'text', step: 'links', role: 'metadata', text: links.join('\n') };
  for (const relation of relations) {
    const label = ownValue(STORIES, relation.kind);
    if (label === undefined || relation.isExternal || !pack.has(relation.target) || pack.isTaken(relation.target))
      continue;
    yield* readStory(pack, relation.target, label, numbering, context);
    // Notes and headers have links and pictures of their own.
    yield* readStories(pack, await pack.relationships(relation.target), numbering, context);
  }
}

async function* readStory(
  pack: OoxmlPackage,
  part: string,
  label: string | null,
  numbering: WordNumbering,
  context: ExtractContext,
): AsyncGenerator<Piece> {
  const handler = new DocxText(numbering);
  let fault: Unreadable | null = null;
  try {
    const reader = await pack.readXml(part, handler);
    if (reader.isDamaged || reader.sawDoctype)
      fault = new Unreadable('corrupt', 'the XML is cut off, or declares entities');
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    fault = error;
  }
  const named = (step: string): string => (label === null ? step : `${label} ${step}`);
  const text = handler.current();
  if (text !== '' || label === null) yield { kind: 'text', step: label, role: 'document', text };
  const removed = handler.beforeDeletions();
  if (removed !== '')
    yield { kind: 'text', step: named('tracked deletions'), role: 'document', text: removed, hidden: true };
  const asides = handler.asides();
  if (asides !== '') yield { kind: 'text', step: named('asides'), role: 'metadata', text: asides };
  for (const [at, table] of handler.tables.entries()) {
    if (table.rows.length < TABLE_ROWS) continue;
    const name = named(`table ${at + 1}`);
    const builder = new TableBuilder(name, context.everyCell);
    for (const row of table.rows) builder.addRow(row);
    // Its text stands in the document already, where it was written.
    yield { kind: 'table', step: name, table: builder.finish(false).table, text: '' };
  }
  if (fault !== null) yield { kind: 'incomplete', step: named('rest'), reason: fault.reason, detail: fault.message };
}
