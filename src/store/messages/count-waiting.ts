import type { WaitingCounts } from '../../service/stores.ts';
import type { Sql } from '../sql.ts';

/** How much waits in each state, and for how long it has been due; states that messages end in are not counted. */
export async function countWaiting(sql: Sql): Promise<WaitingCounts> {
  const { rows } = await sql.query<{ state: keyof WaitingCounts['messages']; count: string; overdue: number | null }>({
    name: 'count-waiting',
    text: `
      select state, count(*) as count, max(extract(epoch from now() - next_attempt_at))::float8 as overdue
      from message where state in ('received', 'scanning', 'held', 'cleared', 'released', 'delivering') and (kind = 'email' or state not in ('cleared', 'released'))
      group by state`,
  });
  const messages = { received: 0, scanning: 0, held: 0, cleared: 0, released: 0, delivering: 0 };
  const overdue = { scan: 0, deliver: 0 };
  for (const row of rows) {
    messages[row.state] = Number(row.count);
    if (row.state === 'held') continue;
    const stage = row.state === 'received' || row.state === 'scanning' ? 'scan' : 'deliver';
    overdue[stage] = Math.max(overdue[stage], row.overdue ?? 0);
  }
  return { messages, overdueSeconds: overdue };
}
