import type { TestDatabase } from '../services/a-database.ts';

/** Every value of every row of every table, as bytes; what a dump holds. */
export async function dumpOf({ pool }: TestDatabase): Promise<readonly Buffer[]> {
  const tables = await pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const values: Buffer[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<Record<string, unknown>>(`select * from ${name}`);
    for (const row of rows)
      for (const value of Object.values(row)) {
        if (Buffer.isBuffer(value)) values.push(value);
        else if (value !== null) values.push(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
      }
  }
  return values;
}

/** What tells one message's rows from another's to somebody without the key: states and sizes, in the order they came. */
export async function shapeOf({ pool }: TestDatabase): Promise<readonly string[]> {
  const queries = [
    `select kind, state, bytes, verdict, hold_until, entries, octet_length(judgement) as judgement, release_at_lift,
       judge_again_at, scan_attempts from message order by kind, bytes, id`,
    'select length(document::text) as document from embargo_entry',
    'select action, length(detail::text) as detail from audit_log order by seq',
  ];
  const shapes: string[] = [];
  for (const query of queries) shapes.push(...(await pool.query(query)).rows.map((row) => JSON.stringify(row)));
  return shapes;
}

/** The forms that a value is likely to be stored in when nobody thought of it. */
export function formsOf(secret: string): readonly Buffer[] {
  const plain = Buffer.from(secret);
  const base64 = [0, 1, 2].map((shift) => {
    // A text's base64 depends on what stands before it; the first and last characters are shared with the neighbours.
    const text = Buffer.concat([Buffer.alloc(shift), plain])
      .toString('base64')
      .replace(/=*$/, '');
    return Buffer.from(text.slice(shift === 0 ? 0 : shift + 1, -1));
  });
  const hex = plain.toString('hex');
  return [plain, ...base64, Buffer.from(hex), Buffer.from(hex.toUpperCase()), Buffer.from(secret, 'utf16le')];
}

/** Which of the secrets stand in any of the places, and in which form. */
export function foundIn(
  places: Readonly<Record<string, readonly Buffer[]>>,
  secrets: readonly string[],
): readonly string[] {
  return Object.entries(places).flatMap(([place, buffers]) =>
    secrets.flatMap((secret) =>
      formsOf(secret).flatMap((form, index) =>
        buffers.some((buffer) => buffer.includes(form)) ? [`${secret} in ${place}, form ${index}`] : [],
      ),
    ),
  );
}
