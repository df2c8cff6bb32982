import { readAll } from '../core/byte-source.ts';
import type { Budget } from './budget.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { printableStrings } from './printable-strings.ts';
import { expandSnappy } from './snappy.ts';

const MAX_TEXT = 4 * 1024 ** 2;

/** Parts of iWork documents: their strings. Their objects have no published form, so that the rest stays unread. */
export const iwa: Extractor = {
  name: 'iwa',
  types: ['application/x-iwa'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const text = printableStrings(expandIwa(asBuffer(await readAll(part.source)), context.budget), MAX_TEXT);
    if (text !== '') yield { kind: 'text', step: null, role: 'document', text };
    yield {
      kind: 'incomplete',
      step: 'objects',
      reason: 'unsupported',
      detail: 'an iWork document is read by its strings only',
    };
  },
};

/** Chunks of a zero, a length of three bytes, and data packed by Snappy without its frame. */
export function expandIwa(file: Buffer, budget: Budget): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at + 4 <= file.length && file[at] === 0; ) {
    const length = file.readUIntLE(at + 1, 3);
    const chunk = expandSnappy(file.subarray(at + 4, at + 4 + length));
    budget.takeBytes(chunk.length);
    chunks.push(chunk);
    at += 4 + length;
  }
  return Buffer.concat(chunks);
}
