import { readAll } from '../core/byte-source.ts';
import { dataPieces } from './data-file.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { printableStrings } from './printable-strings.ts';
import { readSasFile, sasRows } from './sas-file.ts';
import { readTransport } from './sas-transport.ts';

const MAX_STRINGS = 1 << 20;

/** The kind of member, `DATA` or `CATALOG`, stands after the name. */
function isDataSet(file: Buffer): boolean {
  return !/^(CATALOG|ITEMSTOR|VIEW|PROGRAM)/.test(file.toString('latin1', 156, 164));
}

/** SAS data sets (`.sas7bdat`) and transport files (`.xpt`): every row, names, labels. */
export const sas: Extractor = {
  name: 'sas',
  types: ['application/x-sas-data', 'application/x-sas-xport'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const file = asBuffer(await readAll(part.source));
    if (part.type === 'application/x-sas-data' && !isDataSet(file)) {
      // Catalogues keep value labels and programs: their words are read, their entries are not told apart.
      const text = printableStrings(file, MAX_STRINGS);
      if (text !== '') yield { kind: 'text', step: null, role: 'metadata', text };
      yield { kind: 'incomplete', step: 'entries', reason: 'unsupported', detail: 'a SAS file that is no data set' };
      return;
    }
    if (part.type === 'application/x-sas-data') {
      const data = readSasFile(file);
      yield* dataPieces(data.words, sasRows(data, context.budget), part.name ?? data.words.title, null, context);
      return;
    }
    for (const { name, words, rows } of readTransport(file)) yield* dataPieces(words, rows, name, name, context);
  },
};
