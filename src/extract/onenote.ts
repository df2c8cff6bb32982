import { memorySource, readAll } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { printableStrings } from './printable-strings.ts';

/** What stands before every embedded file ([MS-ONESTORE] 2.6.13): its identifier, then the length in 8 bytes. */
const FILE_HEADER = Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac', 'hex');
const FILE_START = 36;
const MAX_TEXT = 4 * 1024 ** 2;

/** OneNote sections: embedded files, and every readable string. Which text is still shown on a page is not told. */
export const onenote: Extractor = {
  name: 'onenote',
  types: ['application/onenote'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const file = asBuffer(await readAll(part.source));
    const between: Uint8Array[] = [];
    let from = 0;
    let count = 0;
    for (let at = file.indexOf(FILE_HEADER); at >= 0; at = file.indexOf(FILE_HEADER, at + 1)) {
      const start = at + FILE_START;
      if (start > file.length) break;
      const length = Number(file.readBigUInt64LE(at + 16));
      if (length === 0 || start + length > file.length) continue;
      between.push(file.subarray(from, at));
      from = start + length;
      count += 1;
      const source = memorySource(file.subarray(start, from));
      yield { kind: 'part', step: `file ${count}`, name: null, declaredType: null, source };
      at = from - 1;
    }
    between.push(file.subarray(from));
    const text = [...new Set(printableStrings(Buffer.concat(between), MAX_TEXT).split('\n'))].join('\n');
    if (text !== '') yield { kind: 'text', step: 'strings', role: 'document', text };
    yield {
      kind: 'incomplete',
      step: 'pages',
      reason: 'unsupported',
      detail: 'the pages of a OneNote section are read by their strings only',
    };
  },
};
