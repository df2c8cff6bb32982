import { readAll } from '../core/byte-source.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { openPdf, type PdfDocument, settle } from './pdf-document.ts';
import { documentFiles, filePiece } from './pdf-files.ts';
import { pagePieces } from './pdf-page.ts';
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
    const document = await openPdf(bytes, context).catch((error: unknown) => {
      if (error instanceof Unreadable && error.reason === 'corrupt') return error;
      throw error;
    });
    if (document instanceof Unreadable) {
      yield* strayPieces(bytes, said, true, context);
      throw document;
    }
    let spoken = 0;
    let isSilent = false;
    try {
      for await (const piece of presentPieces(document, context)) {
        if (piece.kind === 'text') said.take(piece.text);
        if (piece.kind === 'text' && /^page \d+$/.test(piece.step ?? '')) spoken += 1;
        yield piece;
      }
      isSilent = spoken < document.numPages;
    } finally {
      await document.loadingTask.destroy();
    }
    yield* revisionPieces(bytes, said, context);
    const loose = said
      .unsaid(looseStrings(bytes, context.budget))
      .map(({ entry, words }) => (entry === '' ? words : `${entry}: ${words}`));
    if (loose.length > 0)
      yield { kind: 'text', step: 'elsewhere in the file', role: 'metadata', text: loose.join('\n'), hidden: true };
    yield* strayPieces(bytes, said, isSilent, context);
  },
};

async function* presentPieces(document: PdfDocument, context: ExtractContext): AsyncIterable<Piece> {
  yield* documentPieces(document, context);
  const given: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) yield* pagePieces(document, number, given, context);
  for (const file of await settle(() => documentFiles(document), [])) {
    given.push(file.name, file.description);
    yield await filePiece(document, file);
  }
  const names = given.filter((name) => name !== '');
  if (names.length > 0) yield { kind: 'text', step: 'attachment names', role: 'name', text: names.join('\n') };
}
