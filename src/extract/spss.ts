import { readAll } from '../core/byte-source.ts';
import { dataPieces } from './data-file.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { readSpssDictionary } from './spss-dictionary.ts';
import { readSpssRows } from './spss-rows.ts';

/** SPSS system files (`.sav`, `.zsav`): every row, names, labels, documents. */
export const spss: Extractor = {
  name: 'spss',
  types: ['application/x-spss-sav'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const file = asBuffer(await readAll(part.source));
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
