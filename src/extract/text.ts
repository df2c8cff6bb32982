import { readAll } from '../core/byte-source.ts';
import { decodeText } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { embeddedFiles } from './inline-file.ts';
import { otherReading } from './other-reading.ts';
import { pastedTables } from './pasted-table.ts';
import { TableBuilder } from './table-builder.ts';

/** Text that a mail may carry; detectors read it as one string. */
const MAX_TEXT = 128 * 1024 ** 2;

/** A longer text is no note with rows pasted into it. */
const MAX_PASTED = 16 * 1024 ** 2;

/** Plain text in any charset, with the files that are encoded into it. */
export const text: Extractor = {
  name: 'text',
  types: ['text/plain'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const whole = part.source.size <= MAX_TEXT;
    const bytes = whole ? await readAll(part.source) : await part.source.read(0, MAX_TEXT);
    const content = decodeText(bytes, part.charset);
    yield { kind: 'text', step: null, role: 'document', text: content };
    for (const [at, rows] of (content.length <= MAX_PASTED ? pastedTables(content) : []).entries()) {
      const table = new TableBuilder('pasted', context.everyCell);
      for (const row of rows) table.addRow(row);
      yield { kind: 'table', step: `table ${at + 1}`, ...table.finish(false) };
    }
    const other = otherReading(bytes, content);
    if (other !== '') yield { kind: 'text', step: 'in another encoding', role: 'document', text: other, hidden: true };
    yield* embeddedFiles(content, bytes);
    yield* embeddedFiles(other);
    if (!whole) yield { kind: 'incomplete', step: 'rest', reason: 'too-large', detail: 'the text is over 128 MB' };
  },
};
