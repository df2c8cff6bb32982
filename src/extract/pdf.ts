import { readAll } from '../core/byte-source.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { type PdfDocument, settle } from './pdf-document.ts';
import { unlistedFiles } from './pdf-embedded.ts';
import { documentFiles, filePiece } from './pdf-files.ts';
import { pagePieces } from './pdf-page.ts';
import { pdfPieces } from './pdf-pieces.ts';
import { documentPieces } from './pdf-properties.ts';
import { revisionPieces, SaidLines } from './pdf-revisions.ts';
import { strayPieces } from './pdf-stray.ts';
import { looseStrings } from './pdf-strings.ts';
import { Unreadable } from './unreadable.ts';

/**
 * PDF: text by page, notes, form fields, properties, outline, scripts, attached files, and what earlier states of the document
 * said; pages of pictures are read by OCR or incomplete.
 */
export const pdf: Extractor = {
  name: 'pdf',
  types: ['application/pdf'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const bytes = await readAll(part.source);
    const said = new SaidLines();
    let pages = 0;
    let spoken = 0;
    const files: Uint8Array[] = [];
    try {
      const present = pdfPieces(bytes, context, (document) => {
        pages = document.numPages;
        return presentPieces(document, context);
      });
      for await (const piece of present) {
        if (piece.kind === 'text') said.take(piece.text);
        if (piece.kind === 'part' && piece.source.memory !== null) files.push(piece.source.memory);
        if (piece.kind === 'text' && /^page \d+$/.test(piece.step ?? '')) spoken += 1;
        yield piece;
      }
    } catch (error) {
      if (!(error instanceof Unreadable) || error.reason === 'encrypted' || context.budget.spent !== null) throw error;
      // No document, or one that its reader was lost over: its words are told as far as they stand in the bytes.
      if (error.reason !== 'corrupt') yield* loosePieces(bytes, said, context);
      yield* strayPieces(bytes, said, true, context);
      throw error;
    }
    yield* unlistedFiles(bytes, files, context);
    const isLost = yield* revisionPieces(bytes, said, context);
    yield* loosePieces(bytes, said, context);
    yield* strayPieces(bytes, said, isLost || spoken < pages, context);
  },
};

function* loosePieces(bytes: Uint8Array, said: SaidLines, context: ExtractContext): Iterable<Piece> {
  const loose = said
    .unsaid(looseStrings(bytes, context.budget))
    .map(({ entry, words }) => (entry === '' ? words : `${entry}: ${words}`));
  if (loose.length > 0)
    yield { kind: 'text', step: 'elsewhere in the file', role: 'metadata', text: loose.join('\n'), hidden: true };
}

async function* presentPieces(document: PdfDocument, context: ExtractContext): AsyncIterable<Piece> {
  yield* documentPieces(document, context);
  const given: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) yield* pagePieces(document, number, given, context);
  for (const file of await settle(() => documentFiles(document), [])) {
    given.push(file.id === file.name ? '' : file.id, file.name, file.description);
    yield await filePiece(document, file);
  }
  const names = given.filter((name) => name !== '');
  if (names.length > 0) yield { kind: 'text', step: 'attachment names', role: 'name', text: names.join('\n') };
}
