import { ownValue } from '../core/own-value.ts';
import { authorsHandler, type CommentAuthors, CommentText } from './comment-text.ts';
import type { Piece } from './extractor.ts';
import type { OoxmlPackage, Relationship } from './ooxml-package.ts';
import { Unreadable } from './unreadable.ts';
import { XmlText } from './xml-text.ts';

/** Kinds of parts that hang on a sheet, and what their words are called. */
const NOTES: Readonly<Record<string, string>> = {
  comments: 'comments',
  threadedComment: 'threaded comments',
  drawing: 'drawings',
  vmlDrawing: 'drawings',
  legacyDrawingHF: 'header pictures',
  table: 'table columns',
  pivotTable: 'pivot table',
  queryTable: 'query',
  slicer: 'slicer',
};

/** What hangs on a sheet: comments old and new, text boxes and alt texts, links. Parts of other kinds are left to `readRest`. */
export async function* readSheetNotes(
  pack: OoxmlPackage,
  part: string,
  sheet: string,
  people: CommentAuthors,
): AsyncGenerator<Piece> {
  const relations = await pack.relationships(part);
  const links = relations.filter((one) => one.isExternal).map((one) => one.target);
  if (links.length > 0) yield { kind: 'text', step: `${sheet} links`, role: 'metadata', text: links.join('\n') };
  for (const relation of relations) yield* readNote(pack, relation, sheet, people);
}

async function* readNote(
  pack: OoxmlPackage,
  relation: Relationship,
  sheet: string,
  people: CommentAuthors,
): AsyncGenerator<Piece> {
  const label = ownValue(NOTES, relation.kind);
  if (label === undefined || relation.isExternal || !pack.has(relation.target)) return;
  const handler = handlerOf(relation.kind, people);
  try {
    await pack.readXml(relation.target, handler);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    yield { kind: 'incomplete', step: `${sheet} ${label}`, reason: error.reason, detail: error.message };
  }
  const text = handler.result();
  if (text !== '') yield { kind: 'text', step: `${sheet} ${label}`, role: 'document', text };
}

function handlerOf(kind: string, people: CommentAuthors): CommentText | XmlText {
  if (kind === 'comments') return new CommentText();
  if (kind === 'threadedComment') return new CommentText(people);
  return new XmlText(kind === 'table' || kind === 'pivotTable' ? 'all' : 'words');
}

/** The people who wrote the threaded comments of a workbook. */
export async function readPeople(pack: OoxmlPackage, relations: readonly Relationship[]): Promise<CommentAuthors> {
  const people: CommentAuthors = new Map();
  for (const one of relations)
    if (one.kind === 'person' && !one.isExternal) await pack.peekXml(one.target, authorsHandler(people));
  return people;
}
