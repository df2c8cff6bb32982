import { readAll } from '../core/byte-source.ts';
import { decodeText } from './decode-text.ts';
import { expandEntities } from './expand-entities.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { htmlPieces } from './html.ts';
import { joinedFiles } from './joined-file.ts';

/** SVG: its texts, titles and embedded files; a drawing without texts is read as a picture. */
export const svg: Extractor = {
  name: 'svg',
  types: ['image/svg+xml'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const bytes = await readAll(part.source);
    const { text: markup, fault } = expandEntities(decodeText(bytes));
    yield* htmlPieces(markup, null, 'document', context);
    yield* joinedFiles(bytes);
    if (fault !== null) yield { kind: 'incomplete', step: null, reason: fault.reason, detail: fault.message };
    // Letters may be drawn as outlines, with no text at all.
    if (/<(?:\w+:)?text[\s>]/.test(markup) || !/<(?:\w+:)?(path|polygon|polyline|image|use)[\s>]/.test(markup)) return;
    const read = context.readPixels === undefined ? null : await context.readPixels(bytes);
    yield read === null
      ? { kind: 'incomplete', step: 'drawing', reason: 'unsupported', detail: 'the drawing could not be read' }
      : { kind: 'text', step: 'drawing', role: 'document', text: read };
  },
};
