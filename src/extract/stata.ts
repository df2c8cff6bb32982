import { readAll } from '../core/byte-source.ts';
import { dataPieces } from './data-file.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { readStataNew } from './stata-new.ts';
import { readStataOld } from './stata-old.ts';
import { stataRows } from './stata-rows.ts';

/** Stata files of every release since 3 (`.dta`): every row, names, labels, notes. */
export const stata: Extractor = {
  name: 'stata',
  types: ['application/x-stata-dta'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const file = asBuffer(await readAll(part.source));
    const data = file[0] === 0x3c ? readStataNew(file) : readStataOld(file);
    yield* dataPieces(data.words, stataRows(file, data), part.name ?? 'data', null, context);
  },
};
