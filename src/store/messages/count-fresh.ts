import type { Sql } from '../sql.ts';

/** How many messages wait that nobody has looked at yet, counted up to `limit`. */
export async function countFresh(sql: Sql, limit: number): Promise<number> {
  const { rows } = await sql.query<{ fresh: number }>({
    name: 'count-fresh',
    text: `select count(*)::int as fresh from (
      select from message where state = 'received' and scan_attempts = 0 order by queue_at, id limit $1) as waiting`,
    values: [limit],
  });
  return rows[0]?.fresh ?? 0;
}
