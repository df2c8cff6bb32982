import type pg from 'pg';

import { LEFT_OUT } from './backup-format.ts';

export interface TableColumns {
  readonly name: string;
  readonly columns: readonly string[];
}

/** The tables of the store, each after those that it refers to; what the queue has of its own is rebuilt from them. */
export async function listTables(sql: Pick<pg.ClientBase, 'query'>): Promise<readonly TableColumns[]> {
  const { rows } = await sql.query<TableColumns & { readonly refers: readonly string[] }>(
    `select c.relname as name,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       coalesce((select array_agg(distinct f.relname::text) from pg_constraint k join pg_class f on f.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid), '{}') as refers
     from pg_class c where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and c.relname <> all($1)
     order by c.relname`,
    [LEFT_OUT],
  );
  const sorted: TableColumns[] = [];
  let left = rows;
  while (left.length > 0) {
    const names = new Set(left.map(({ name }) => name));
    const free = left.filter(({ refers }) => !refers.some((name) => names.has(name)));
    if (free.length === 0) throw new Error(`the tables ${[...names].join(', ')} refer to each other in a circle`);
    sorted.push(...free.map(({ name, columns }) => ({ name, columns })));
    left = left.filter((table) => !free.includes(table));
  }
  return sorted;
}
