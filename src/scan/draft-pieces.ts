import type { ByteSource } from '../core/byte-source.ts';
import { readAll } from '../core/byte-source.ts';
import { decodeText } from '../extract/decode-text.ts';
import type { Piece } from '../extract/extractor.ts';
import { pastedTables } from '../extract/pasted-table.ts';
import { TableBuilder } from '../extract/table-builder.ts';

/** Text types whose own opener shows more than the words: tables, mails, calendars. */
const ALSO = /csv|html|rfc822|mbox|calendar|vcard|json|xml|rtf|sylk|dif/;

/**
 * A draft's own text, always whole and as typed; where it is also something else, that is opened as a part of its own.
 * Null where the draft is no text at all.
 */
export async function draftPieces(source: ByteSource, type: string): Promise<readonly Piece[] | null> {
  const isText = type.startsWith('text/') || ALSO.test(type);
  if (!isText || /zip|officedocument|opendocument/.test(type)) return null;
  const text = decodeText(await readAll(source));
  const own: Piece = { kind: 'text', step: null, role: 'body', text };
  if (!ALSO.test(type)) return [own, ...tablesIn(text)];
  return [own, { kind: 'part', step: 'read as a file', name: null, declaredType: null, source }];
}

function tablesIn(text: string): readonly Piece[] {
  return pastedTables(text).map((rows, at) => {
    const table = new TableBuilder('pasted', false);
    for (const row of rows) table.addRow(row);
    return { kind: 'table', step: `table ${at + 1}`, ...table.finish(false) };
  });
}
