import { readAll } from '../core/byte-source.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { entriesOf, openPdf, type PdfDocument } from './pdf-document.ts';
import { documentFiles, filePiece } from './pdf-files.ts';
import { joinRuns, mendedLines, type PdfRun, rowLines } from './pdf-lines.ts';
import { isUnmapped, type PagePictures, pagePictures, readPagePixels } from './pdf-picture.ts';
import { formWords, type PdfPage, pageNotes, pageRuns, scriptsIn, structureWords, wordsIn } from './pdf-text.ts';
import { unseenLines } from './pdf-unseen.ts';
import { Unreadable } from './unreadable.ts';

/** Fewer letters than this on a page with pictures: what it says is in the pictures. */
const FEW_LETTERS = 20;

/** PDF: text by page, notes, form fields, properties, outline, scripts, attached files; pages of pictures are read by OCR or incomplete. */
export const pdf: Extractor = {
  name: 'pdf',
  types: ['application/pdf'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const document = await openPdf(await readAll(part.source), context.passwords);
    try {
      yield* documentPieces(document, context);
      const given: string[] = [];
      for (let number = 1; number <= document.numPages; number += 1)
        yield* pagePieces(document, number, given, context);
      const files = await settle(() => documentFiles(document), []);
      for (const file of files) {
        given.push(file.name, file.description);
        yield await filePiece(document, file);
      }
      const names = given.filter((name) => name !== '');
      if (names.length > 0) yield { kind: 'text', step: 'attachment names', role: 'name', text: names.join('\n') };
    } finally {
      await document.loadingTask.destroy();
    }
  },
};

async function* documentPieces(document: PdfDocument, context: ExtractContext): AsyncIterable<Piece> {
  const told = await settle(() => document.getMetadata(), null);
  const info: unknown = told?.info ?? {};
  const lines = Object.entries(info as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
    typeof value === 'string' && value.trim() !== ''
      ? [`${name}: ${value}`]
      : name === 'Custom'
        ? customLines(value)
        : [],
  );
  for (const [name, value] of told?.metadata ?? [])
    lines.push(...wordsIn(value).map((word) => `${String(name)}: ${word}`));
  if (lines.length > 0) yield { kind: 'text', step: 'properties', role: 'metadata', text: lines.join('\n') };
  context.budget.checkTime();
  const titles = outlineTitles(await settle(() => document.getOutline(), null));
  if (titles.length > 0) yield { kind: 'text', step: 'outline', role: 'document', text: titles.join('\n') };
  const scripts = scriptsIn(await settle(() => document.getJSActions(), null));
  if (scripts.length > 0)
    yield { kind: 'text', step: 'scripts', role: 'metadata', text: scripts.join('\n'), hidden: true };
  const fields = fieldWords(await settle(() => document.getFieldObjects(), null));
  if (fields !== '') yield { kind: 'text', step: 'fields', role: 'document', text: fields };
}

async function* pagePieces(
  document: PdfDocument,
  number: number,
  given: string[],
  context: ExtractContext,
): AsyncIterable<Piece> {
  context.budget.checkTime();
  const step = `page ${number}`;
  let page: PdfPage;
  let runs: readonly PdfRun[];
  let text: string;
  try {
    page = await document.getPage(number);
    runs = await pageRuns(page);
    text = pageWords(runs);
    if (document.isPureXfa) text = [await formWords(page), text].filter((words) => words !== '').join('\n');
  } catch (error) {
    yield { kind: 'incomplete', step, reason: 'corrupt', detail: said(error) };
    return;
  }
  context.budget.takeBytes(text.length);
  if (text !== '') yield { kind: 'text', step, role: 'document', text };
  const notes = await settle(() => pageNotes(page), { lines: [], files: [] });
  const alternatives = await settle(() => structureWords(page), []);
  const operators = await settle(() => page.getOperatorList({ intent: 'any' }), null);
  const painted = operators === null ? [] : await settle(() => unseenLines(page, operators), []);
  const unsaid = unsaidLines(text, [...notes.lines, ...alternatives, ...painted]);
  if (unsaid.length > 0) yield { kind: 'text', step: `${step} › notes`, role: 'document', text: unsaid.join('\n') };
  const again = unsaidLines(text, [...mendedLines(text), ...rowLines(runs)]);
  if (again.length > 0) yield { kind: 'text', step: `${step} › lines`, role: 'document', text: again.join('\n') };
  for (const file of notes.files) {
    given.push(file.name, file.description);
    yield await filePiece(document, file);
  }
  const letters = text.replace(/[^\p{L}\p{N}]/gu, '').length;
  const unknown: PagePictures = { count: letters < FEW_LETTERS ? 1 : 0, pictures: null };
  const found = operators === null ? unknown : await settle(() => pagePictures(page, operators), unknown);
  if (isUnmapped(text)) yield await wordsPiece(await wholePage(page, context), step);
  else if (found.count > 0) yield await wordsPiece(await pictureWords(page, found, context), step);
  page.cleanup();
}

/** Zero bytes stand for spaces in some fonts, and in others between every two letters. */
function pageWords(runs: readonly PdfRun[]): string {
  const text = joinRuns(runs);
  const zeros = text.split('\0').length - 1;
  return zeros === 0 ? text : text.replaceAll('\0', zeros > text.length * 0.4 ? '' : ' ');
}

/** What the text does not say already, each once. */
function unsaidLines(text: string, lines: readonly string[]): readonly string[] {
  const said = text.replace(/\s+/g, '');
  return [...new Set(lines)].filter((line) => !said.includes(line.replace(/\s+/g, '')));
}

/** The words of a page's pictures, of each alone or of the page as a whole; null where one could not be read. */
async function pictureWords(page: PdfPage, found: PagePictures, context: ExtractContext): Promise<string | null> {
  if (found.pictures === null) return wholePage(page, context);
  const words: string[] = [];
  for (const pixels of found.pictures) {
    context.budget.checkTime();
    const read = (await context.readPixels?.(pixels)) ?? null;
    if (read === null) return null;
    words.push(read);
  }
  return words.filter((word) => word !== '').join('\n');
}

async function wholePage(page: PdfPage, context: ExtractContext): Promise<string | null> {
  context.budget.checkTime();
  const pixels = context.readPixels === undefined ? null : await settle(() => readPagePixels(page), null);
  return pixels === null ? null : ((await context.readPixels?.(pixels)) ?? null);
}

function wordsPiece(words: string | null, step: string): Piece {
  const below = `${step} › pictures`;
  return words === null
    ? { kind: 'incomplete', step: below, reason: 'unsupported', detail: 'what the page shows could not be read' }
    : { kind: 'text', step: below, role: 'document', text: words };
}

function customLines(value: unknown): readonly string[] {
  return entriesOf(value).map(([name, told]) => `${name}: ${wordsIn(told).join(' ') || String(told)}`);
}

function outlineTitles(outline: unknown): readonly string[] {
  const titles: string[] = [];
  const waiting: unknown[] = Array.isArray(outline) ? outline.toReversed() : [];
  for (let node = waiting.pop(); node !== undefined && titles.length < 100_000; node = waiting.pop()) {
    const { title, items } = node as { readonly title?: unknown; readonly items?: unknown };
    if (typeof title === 'string') titles.push(title);
    if (Array.isArray(items)) waiting.push(...items.toReversed());
  }
  return titles;
}

function fieldWords(fields: unknown): string {
  const lines = entriesOf(fields).flatMap(([name, list]) =>
    (Array.isArray(list) ? list : []).flatMap((field: Readonly<Record<string, unknown>>) => {
      const words = [...wordsIn(field['value']), ...wordsIn(field['tooltip'])];
      return words.length > 0 ? [`${name}: ${words.join(' ')}`] : [];
    }),
  );
  return [...new Set(lines)].join('\n');
}

/** A reader that trips over one odd object must not cost the rest of the document. */
async function settle<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    return otherwise;
  }
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
