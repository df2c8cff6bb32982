import { readAll } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { SqliteFile } from './sqlite-file.ts';
import { TableBuilder } from './table-builder.ts';

/** SQLite databases: every table in full, the schema as text. */
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
      if (/WITHOUT\s+ROWID\s*(,|;|$)/i.test(sql)) {
        yield { kind: 'incomplete', step: name, reason: 'unsupported', detail: 'a table without row ids' };
        continue;
      }
      const columns = columnNames(sql);
      const rowId = columns.findIndex(({ isRowId }) => isRowId);
      const builder = new TableBuilder(name, context.everyCell);
      builder.addRow(columns.map((column) => column.name));
      let count = 0;
      for (const { id, values } of file.rows(page)) {
        if (rowId >= 0 && (values[rowId] ?? '') === '') values[rowId] = String(id);
        builder.addRow(values);
        count += 1;
        if ((count & 1023) === 0) context.budget.checkTime();
      }
      yield { kind: 'table', step: name, ...builder.finish(false) };
    }
  },
};

/** Column names of a `CREATE TABLE`; constraints of the table are none. */
function columnNames(sql: string): readonly { readonly name: string; readonly isRowId: boolean }[] {
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
    return [{ name: found, isRowId: /\binteger\s+primary\s+key\b/i.test(text) }];
  });
}
