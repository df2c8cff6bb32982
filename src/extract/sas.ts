import { readAll } from '../core/byte-source.ts';
import { dataPieces } from './data-file.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { readSasFile, sasRows } from './sas-file.ts';
import { readTransport } from './sas-transport.ts';

/** SAS data sets (`.sas7bdat`) and transport files (`.xpt`): every row, names, labels. */
export const sas: Extractor = {
  name: 'sas',
  types: ['application/x-sas-data', 'application/x-sas-xport'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const file = asBuffer(await readAll(part.source));
    if (part.type === 'application/x-sas-data') {
      const data = readSasFile(file);
      yield* dataPieces(data.words, sasRows(data, context.budget), part.name ?? data.words.title, null, context);
      return;
    }
    for (const { name, words, rows } of readTransport(file)) yield* dataPieces(words, rows, name, name, context);
  },
};
