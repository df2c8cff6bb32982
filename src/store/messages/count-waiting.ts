import type { Instant } from '../../core/entry.ts';
import type { WaitingCounts } from '../../service/stores.ts';
import type { Sql } from '../sql.ts';

interface Row {
  readonly state: keyof WaitingCounts['messages'];
  readonly count: string;
  readonly overdue: number | null;
  readonly for_lift: string;
  readonly lift_overdue: number | null;
  readonly oldest: number | null;
}

/**
 * How much waits in each state, and for how long it has been due; states that messages end in are not counted.
 *
 * `now` is the judgements' clock and decides lifts alone.
 */
export async function countWaiting(sql: Sql, now: Instant): Promise<WaitingCounts> {
  const { rows } = await sql.query<Row>({
    name: 'count-waiting',
    text: `
      select state, count(*) as count, max(extract(epoch from now() - next_attempt_at))::float8 as overdue,
        count(judge_again_at) as for_lift,
        max(extract(epoch from $1::timestamptz - judge_again_at))::float8 as lift_overdue,
        (max(extract(epoch from now() - judged_at)) filter (where judge_again_at is null))::float8 as oldest
      from message where state in ('received', 'scanning', 'held', 'cleared', 'released', 'delivering') and (kind = 'email' or state not in ('cleared', 'released'))
      group by state`,
    values: [new Date(now)],
  });
  const messages = { received: 0, scanning: 0, held: 0, cleared: 0, released: 0, delivering: 0 };
  const overdueSeconds = { scan: 0, deliver: 0, lift: 0 };
  let held: WaitingCounts['held'] = { lift: 0, reviewer: 0 };
  let oldestHeldSeconds = 0;
  for (const row of rows) {
    messages[row.state] = Number(row.count);
    if (row.state === 'held') {
      held = { lift: Number(row.for_lift), reviewer: Number(row.count) - Number(row.for_lift) };
      overdueSeconds.lift = Math.max(0, row.lift_overdue ?? 0);
      oldestHeldSeconds = Math.max(0, row.oldest ?? 0);
      continue;
    }
    const stage = row.state === 'received' || row.state === 'scanning' ? 'scan' : 'deliver';
    overdueSeconds[stage] = Math.max(overdueSeconds[stage], row.overdue ?? 0);
  }
  return { messages, overdueSeconds, held, oldestHeldSeconds };
}
