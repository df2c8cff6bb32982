import { memorySource, readAll } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import { sniffType } from './detect-type.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { SqliteFile } from './sqlite-file.ts';
import { TableBuilder } from './table-builder.ts';

/** SQLite databases: every table in full, files kept in their cells, the schema as text. */
export const sqlite: Extractor = {
  name: 'sqlite',
  types: ['application/vnd.sqlite3'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const file = new SqliteFile(asBuffer(await readAll(part.source)));
    const schema = [...file.rows(1)].map(({ values }) => values);
    yield {
      kind: 'text',
      step: 'schema',
      role: 'metadata',
      text: schema
        .map((row) => row[4] ?? '')
        .filter((sql) => sql !== '')
        .join('\n'),
    };
    for (const [kind, name = '', , root, sql = ''] of schema) {
      const page = Number(root);
      if (kind !== 'table' || !(page > 0)) continue;
      const columns = inStoredOrder(columnNames(sql), sql);
      const rowId = columns.findIndex(({ isRowId }) => isRowId);
      const builder = new TableBuilder(name, context.everyCell);
      builder.addRow(columns.map((column) => column.name));
      let count = 0;
      for (const { id, values, blobs } of file.rows(page)) {
        for (const [at, blob] of blobs)
          if (isFile(blob)) {
            const step = `${name} ${columns[at]?.name ?? at} ${id}`;
            yield { kind: 'part', step, name: null, declaredType: null, source: memorySource(blob) };
          }
        if (rowId >= 0 && (values[rowId] ?? '') === '') values[rowId] = String(id);
        builder.addRow(values);
        count += 1;
        if ((count & 1023) === 0) context.budget.checkTime();
      }
      yield { kind: 'table', step: name, ...builder.finish(false) };
    }
  },
};

/** Whether bytes are a file of a kind that is known, and not just bytes or text. */
function isFile(blob: Uint8Array): boolean {
  return !['application/octet-stream', 'text/plain', 'text/csv'].includes(sniffType(blob));
}

/** A table without row ids keeps the columns of its key first. */
function inStoredOrder<Column extends { readonly name: string; readonly isKey: boolean }>(
  columns: readonly Column[],
  sql: string,
): readonly Column[] {
  if (!/WITHOUT\s+ROWID\s*(,|;|$)/i.test(sql)) return columns;
  const told = /PRIMARY\s+KEY\s*\(([^)]*)\)/i.exec(sql)?.[1] ?? '';
  const keys = told.split(',').map((key) =>
    key
      .trim()
      .replace(/^["'`[]|["'`\]]$|\s.*$/g, '')
      .toLowerCase(),
  );
  const rank = (column: Column): number => {
    const at = keys.indexOf(column.name.toLowerCase());
    return at >= 0 ? at : column.isKey ? 0 : keys.length + 1;
  };
  return columns.toSorted((a, b) => rank(a) - rank(b));
}

/** Column names of a `CREATE TABLE`; constraints of the table are none. */
function columnNames(
  sql: string,
): readonly { readonly name: string; readonly isRowId: boolean; readonly isKey: boolean }[] {
  const open = sql.indexOf('(');
  if (open < 0) return [];
  const definitions: string[] = [];
  let depth = 0;
  let quote = '';
  let current = '';
  for (const character of sql.slice(open)) {
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'" || character === '`') quote = character;
    else if (character === '[') quote = ']';
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (depth === 0) break;
    if (depth === 1 && quote === '' && character === ',') {
      definitions.push(current);
      current = '';
    } else if (depth > 1 || character !== '(') current += character;
  }
  definitions.push(current);
  return definitions.flatMap((definition) => {
    const text = definition.trim();
    if (/^(constraint|primary\s+key|unique|check|foreign\s+key)\b/i.test(text)) return [];
    const name = /^(?:"((?:[^"]|"")*)"|`([^`]*)`|\[([^\]]*)\]|'([^']*)'|(\S+))/.exec(text);
    const found = name?.slice(1).find((one) => one !== undefined) ?? '';
    return [
      { name: found, isRowId: /\binteger\s+primary\s+key\b/i.test(text), isKey: /\bprimary\s+key\b/i.test(text) },
    ];
  });
}
