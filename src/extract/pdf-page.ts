import type { ExtractContext, Piece } from './extractor.ts';
import { type PdfDocument, settle } from './pdf-document.ts';
import { filePiece } from './pdf-files.ts';
import { isPlaced, joinRuns, mendedLines, type PdfRun, rowLines, unsaidLines } from './pdf-lines.ts';
import { hasLostGlyphs, type PagePictures, pagePictures, readPagePixels } from './pdf-picture.ts';
import { formWords, type PdfPage, pageNotes, pageRuns, scriptsIn, structureWords } from './pdf-text.ts';
import { type UnseenText, unseenText } from './pdf-unseen.ts';

/** Fewer letters than this on a page with pictures: what it says is in the pictures. */
const FEW_LETTERS = 20;

/** A page: its text, its notes and fields, rows that the text has in pieces, files at notes, words in pictures. */
export async function* pagePieces(
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
  let shown: readonly PdfRun[];
  try {
    page = await document.getPage(number);
    shown = await pageRuns(page);
    runs = shown.filter(isPlaced);
    text = pageWords(runs);
    if (document.isPureXfa) text = [await formWords(page), text].filter((words) => words !== '').join('\n');
  } catch (error) {
    yield {
      kind: 'incomplete',
      step,
      reason: 'corrupt',
      detail: error instanceof Error ? error.message : String(error),
    };
    return;
  }
  context.budget.takeBytes(text.length);
  if (text !== '') yield { kind: 'text', step, role: 'document', text };
  const notes = await settle(() => pageNotes(page), { lines: [], files: [] });
  const alternatives = await settle(() => structureWords(page), []);
  const operators = await settle(() => page.getOperatorList({ intent: 'any' }), null);
  const nothing: UnseenText = { lines: [], onNotes: [] };
  const isLost = runs.length < shown.length;
  const painted = operators === null ? nothing : await settle(() => unseenText(page, operators, isLost), nothing);
  const scripts = scriptsIn(await settle(() => page.getJSActions(), null));
  // Letter by letter, where there is no better.
  const letters = isLost && painted.lines.length === 0 ? [joinRuns(shown)] : [];
  const unsaid = unsaidLines(text, [...notes.lines, ...alternatives, ...painted.lines, ...letters, ...scripts]);
  if (unsaid.length > 0) yield { kind: 'text', step: `${step} › notes`, role: 'document', text: unsaid.join('\n') };
  const again = unsaidLines(text, [...mendedLines(text), ...rowLines([...runs, ...painted.onNotes])]);
  if (again.length > 0) yield { kind: 'text', step: `${step} › lines`, role: 'document', text: again.join('\n') };
  for (const file of notes.files) {
    given.push(file.name, file.description);
    yield await filePiece(document, file);
  }
  const count = text.replace(/[^\p{L}\p{N}]/gu, '').length;
  const unknown: PagePictures = { count: count < FEW_LETTERS ? 1 : 0, pictures: null };
  const found = operators === null ? unknown : await settle(() => pagePictures(page, operators), unknown);
  if (hasLostGlyphs(text)) yield await wordsPiece(await wholePage(page, context), step);
  else if (found.count > 0) yield await wordsPiece(await pictureWords(page, found, context), step);
  page.cleanup();
}

/** Zero bytes stand for spaces in some fonts, and in others between every two letters. */
function pageWords(runs: readonly PdfRun[]): string {
  const text = joinRuns(runs);
  const zeros = text.split('\0').length - 1;
  return zeros === 0 ? text : text.replaceAll('\0', zeros > text.length * 0.4 ? '' : ' ');
}

/** The words of a page's pictures, of each alone or of the page as a whole; null where one could not be read. */
async function pictureWords(page: PdfPage, found: PagePictures, context: ExtractContext): Promise<string | null> {
  if (found.pictures === null) return wholePage(page, context);
  const words: string[] = [];
  for (const picture of found.pictures) {
    context.budget.checkTime();
    const pixels = context.readPixels === undefined ? null : await picture();
    if (pixels === null) return wholePage(page, context);
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
