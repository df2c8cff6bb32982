import { readAll } from '../core/byte-source.ts';
import { dataPieces } from './data-file.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { readSpssDictionary } from './spss-dictionary.ts';
import { readPortable } from './spss-portable.ts';
import { readSpssRows } from './spss-rows.ts';

const PORTABLE = 'application/x-spss-por';

/** SPSS system and portable files (`.sav`, `.zsav`, `.por`): every row, names, labels, documents. */
export const spss: Extractor = {
  name: 'spss',
  types: ['application/x-spss-sav', PORTABLE],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const file = asBuffer(await readAll(part.source));
    if (part.type === PORTABLE) {
      const { words, rows } = readPortable(file, context.budget);
      yield* dataPieces(words, rows, part.name ?? 'data', null, context);
      return;
    }
    const dictionary = readSpssDictionary(file);
    yield* dataPieces(
      dictionary.words,
      readSpssRows(file, dictionary, context.budget),
      part.name ?? 'data',
      null,
      context,
    );
  },
};
