import { readAll } from '../core/byte-source.ts';
import { decodeText } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { embeddedFiles } from './inline-file.ts';
import { pastedTables } from './pasted-table.ts';
import { printableStrings } from './printable-strings.ts';
import { TableBuilder } from './table-builder.ts';

/** Text that a mail may carry; detectors read it as one string. */
const MAX_TEXT = 128 * 1024 ** 2;

/** A longer text is no note with rows pasted into it. */
const MAX_PASTED = 16 * 1024 ** 2;

/** Of text in another encoding, and what looking for its lines may cost. */
const MAX_OTHER = 1 << 20;
const MAX_SEARCH = 1 << 28;

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
    if (!whole) yield { kind: 'incomplete', step: 'rest', reason: 'too-large', detail: 'the text is over 128 MB' };
  },
};

/** Words in text marked as UTF-16 that it does not show: another text was joined to it, or a byte is missing in between. */
function otherReading(bytes: Uint8Array, content: string): string {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (!isWide) return '';
  const known = new Set(content.split(/[\r\n]+/).map((line) => line.trim()));
  const lines = printableStrings(bytes, MAX_OTHER).split('\n');
  const few = content.length * lines.length < MAX_SEARCH;
  return lines.filter((line) => !known.has(line) && !(few && content.includes(line))).join('\n');
}
