import type { ExtractContext, Piece } from './extractor.ts';
import type { PdfDocument } from './pdf-document.ts';
import { pagePieces } from './pdf-page.ts';
import { pdfPieces } from './pdf-pieces.ts';
import { documentPieces } from './pdf-properties.ts';
import { Unreadable } from './unreadable.ts';

/** Earlier states read, latest first: a document that is signed and filled in has two or three. */
const MAX_REVISIONS = 4;
/** Letters compared at most; beyond it whole lines alone are compared, and some words are said twice. */
const MAX_SEARCH = 5_000_000_000;
const END = Buffer.from('%%EOF');

/** Lines said so far, so that an earlier state gives only what the later ones do not. */
export class SaidLines {
  private readonly lines = new Set<string>();
  private readonly texts: string[] = [];

  /** The lines of a text that were not said before; they are said now. */
  take(text: string): readonly string[] {
    this.texts.push(text.replace(/\s+/g, ''));
    return text.split('\n').filter((line) => {
      const key = line.replace(/\s+/g, '');
      if (key === '' || this.lines.has(key)) return false;
      this.lines.add(key);
      return true;
    });
  }

  /** The texts of which no line said so far holds the words, each once. */
  unsaid<T extends { readonly words: string }>(texts: readonly T[]): readonly T[] {
    const whole = this.texts.join('\n');
    const searched = whole.length * texts.length < MAX_SEARCH ? whole : '';
    return texts.filter(({ words }) => {
      const key = words.replace(/\s+/g, '');
      if (key === '' || this.lines.has(key) || searched.includes(key)) return false;
      this.lines.add(key);
      return true;
    });
  }
}

/**
 * What earlier states of a document say and the present one does not: a program that saves by adding to the end keeps everything
 * that was deleted. ISO 32000-2 section 7.5.6, incremental updates. Returns whether one of them could not be opened.
 */
export async function* revisionPieces(
  bytes: Uint8Array,
  said: SaidLines,
  context: ExtractContext,
): AsyncGenerator<Piece, boolean> {
  const ends = revisionEnds(bytes);
  let isLost = false;
  for (const [at, end] of ends.slice(0, MAX_REVISIONS).entries()) {
    context.budget.checkTime();
    const step = `earlier state ${ends.length - at}`;
    try {
      const state = { ...context, readPixels: () => Promise.resolve('') };
      for await (const piece of pdfPieces(bytes.subarray(0, end), context, (document) =>
        statePieces(document, state),
      )) {
        if (piece.kind !== 'text') continue;
        const unsaid = said.take(piece.text);
        if (unsaid.length > 0)
          yield { ...piece, step: `${step} › ${piece.step ?? ''}`, text: unsaid.join('\n'), hidden: true };
      }
    } catch (error) {
      if (!(error instanceof Unreadable) || context.budget.spent !== null) throw error;
      // What does not open is no state of the document; one that its reader was lost over may have said anything.
      isLost = true;
      if (error.reason === 'corrupt' || error.reason === 'encrypted') continue;
      yield { kind: 'incomplete', step, reason: error.reason, detail: error.message };
      return isLost;
    }
  }
  return isLost;
}

async function* statePieces(document: PdfDocument, context: ExtractContext): AsyncIterable<Piece> {
  yield* documentPieces(document, context);
  for (let number = 1; number <= document.numPages; number += 1) yield* pagePieces(document, number, [], context);
}

/** Where earlier states end, the latest first; what follows the last one has to be more than a line end. */
function revisionEnds(bytes: Uint8Array): readonly number[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const ends: number[] = [];
  for (let at = file.indexOf(END); at >= 0; at = file.indexOf(END, at + 1)) ends.push(at + END.length);
  const last = ends.at(-1);
  const complete = last !== undefined && file.length - last < 1024 ? ends.slice(0, -1) : ends;
  // The first part of a file made for the web ends before most of its objects: it is no state of the document.
  const isForWeb = file.subarray(0, 1024).includes('/Linearized');
  return (isForWeb ? complete.slice(1) : complete).toReversed();
}
