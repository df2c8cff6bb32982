import { readAll } from '../core/byte-source.ts';
import { decodeText, utf16WithoutMark } from './decode-text.ts';
import { DelimitedRows } from './delimited-rows.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { embeddedFiles } from './inline-file.ts';
import { parseDelimited } from './parse-delimited.ts';
import type { Delimiter } from './sniff-delimiter.ts';
import { sniffTable } from './sniff-titled.ts';
import { LONG_TABLE, TableBuilder } from './table-builder.ts';

/** What the delimiter and the charset are told by. */
const HEAD = 64 * 1024;
/** UTF-16 and UTF-32 tables are decoded as a whole. */
const MAX_WIDE = 256 * 1024 ** 2;

/** Files encoded into cells are looked for in tables of up to so many bytes. */
const MAX_SEARCHED = 16 * 1024 ** 2;

/** Cells of a row that are read: as many as a sheet can have. */
const MAX_COLUMNS = 16_384;

/** Comma, tab, semicolon and pipe separated tables in any charset, read as they stream. */
export const csv: Extractor = {
  name: 'csv',
  types: ['text/csv'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const { source } = part;
    const head = Buffer.from(await source.read(0, HEAD));
    const delimiter: Delimiter = sniffTable(decodeText(head)) ?? ',';
    const table = new TableBuilder(part.name ?? 'table', context.everyCell, source.size > LONG_TABLE);
    let isTooWide = false;
    let isCut = false;
    if (isWide(head)) {
      if (source.size > MAX_WIDE) {
        yield { kind: 'incomplete', step: null, reason: 'too-large', detail: 'a UTF-16 table over 256 MB' };
        return;
      }
      context.budget.takeBytes(source.size);
      parseDelimited(decodeText(await readAll(source), part.charset), delimiter, (row) => {
        isTooWide ||= row.length > MAX_COLUMNS;
        table.addRow(row);
      });
    } else {
      const rows = new DelimitedRows(table, delimiter, part.charset ?? null, source.size);
      let skip = prefixLength(head);
      for await (const chunk of source.stream(true)) {
        context.budget.takeBytes(chunk.length);
        rows.feed(skip > 0 ? chunk.subarray(skip) : chunk);
        skip = 0;
        if (context.firstRows !== undefined && table.rowCount >= context.firstRows) {
          isCut = true;
          break;
        }
      }
      rows.finish();
      isTooWide = rows.isTooWide;
    }
    yield { kind: 'table', step: null, ...table.finish(false) };
    if (isCut)
      yield {
        kind: 'incomplete',
        step: 'rest',
        reason: 'too-large',
        detail: 'a quick look: only the first rows were read',
      };
    if (isTooWide)
      yield { kind: 'incomplete', step: 'rest', reason: 'too-large', detail: `rows of more than ${MAX_COLUMNS} cells` };
    if (!isCut && source.size <= MAX_SEARCHED) {
      const bytes = await readAll(source);
      yield* embeddedFiles(decodeText(bytes, part.charset), bytes);
    }
    if (source.size <= HEAD && hasSentences(decodeText(head, part.charset), delimiter))
      yield { kind: 'text', step: 'text', role: 'document', text: decodeText(head, part.charset) };
  },
};

function isWide(head: Buffer): boolean {
  const [a, b] = head;
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || utf16WithoutMark(head) !== null;
}

/** A UTF-8 mark, and Excel's `sep=` line. */
function prefixLength(head: Buffer): number {
  const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  return mark + (/^sep=.\r?\n/i.exec(head.toString('latin1', mark, mark + 8))?.[0].length ?? 0);
}

/** Short text whose cells are clauses may be prose with commas: its sentences are read unbroken as well. */
function hasSentences(text: string, delimiter: string): boolean {
  const lines = text.split(/\r\n|\n|\r/);
  // Titles and notes around a table.
  if (lines.some((line) => !line.includes(delimiter) && line.trim().split(/\s+/, 5).length >= 4)) return true;
  const cells = lines.flatMap((line) => line.split(delimiter));
  const clauses = cells.filter((cell) => cell.trim().split(/\s+/, 5).length >= 4).length;
  return clauses * 8 > cells.length;
}
