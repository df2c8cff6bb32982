import { readAll } from '../core/byte-source.ts';
import { decodeText } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { parseDelimited } from './parse-delimited.ts';
import { type Delimiter, sniffDelimiter } from './sniff-delimiter.ts';
import { TableBuilder } from './table-builder.ts';

/** Comma, tab, semicolon and pipe separated tables in any charset. */
export const csv: Extractor = {
  name: 'csv',
  types: ['text/csv'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    yield tableOf(decodeText(await readAll(part.source)), part.name ?? 'table', context);
  },
};

function tableOf(text: string, name: string, context: ExtractContext): Piece {
  const delimiter: Delimiter = sniffDelimiter(text.slice(0, 65_536)) ?? ',';
  const builder = new TableBuilder(name, context.everyCell);
  let count = 0;
  parseDelimited(text, delimiter, (row) => {
    builder.addRow(row);
    count += 1;
    if ((count & 4095) === 0) context.budget.checkTime();
  });
  return { kind: 'table', step: null, ...builder.finish(false) };
}
