import type { ExtractContext, Piece } from './extractor.ts';
import { openPdf, type PdfDocument } from './pdf-document.ts';

/** Of the time that is left: the rest is for what else is in the message. */
const SHARE = 0.8;

/**
 * What `read` makes of a PDF, which is parsed in a thread of its own where there is one.
 *
 * Throws `Unreadable`: what `openPdf` throws, what `read` throws, and `too-large`, `timed-out` or `crashed` where the thread was
 * lost over it. What the thread gave up on without a word to anybody is an incomplete piece at the end.
 */
export async function* pdfPieces(
  bytes: Uint8Array,
  context: ExtractContext,
  read: (document: PdfDocument) => AsyncIterable<Piece>,
): AsyncIterable<Piece> {
  const reader = context.pdfReader?.(context.budget.timeLeft() * SHARE) ?? null;
  // A thread that is gone answers nothing: what waits for it would wait for ever.
  const orLost = <T>(work: Promise<T>): Promise<T> => (reader === null ? work : Promise.race([work, reader.lost]));
  try {
    const document = await orLost(openPdf(bytes, context, reader));
    try {
      const pieces = read(document)[Symbol.asyncIterator]();
      for (let next = await orLost(pieces.next()); next.done !== true; next = await orLost(pieces.next()))
        yield next.value;
    } finally {
      await orLost(document.loadingTask.destroy()).catch(() => undefined);
    }
  } finally {
    reader?.release();
  }
  if (reader !== null && reader.strays() > 0)
    yield { kind: 'incomplete', step: 'unread', reason: 'corrupt', detail: 'its reader gave up on a part of it' };
}
