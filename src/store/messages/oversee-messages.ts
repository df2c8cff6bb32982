import type { DecisionAction } from '../../core/message.ts';
import type { Overview } from '../../service/stores.ts';
import type { Sql } from '../sql.ts';

const MAX_LIFTS = 20;
const MAX_ENTRIES = 50;

/** Counts of what was judged since an instant and of what is held now. Reads nothing that is sealed. */
export async function overseeMessages(sql: Sql, since: number): Promise<Overview> {
  const from = new Date(since);
  const days = await sql.query<{ day: string; pass: string; flag: string; hold: string }>({
    name: 'oversee-days',
    text: `
      select to_char(received_at at time zone 'Europe/London', 'YYYY-MM-DD') as day,
             count(*) filter (where verdict = 'pass') as pass,
             count(*) filter (where verdict = 'flag') as flag,
             count(*) filter (where verdict = 'hold') as hold
      from message where received_at >= $1 group by day order by day`,
    values: [from],
  });
  const lifts = await sql.query<{ lift: Date | null; held: string; oldest: Date }>({
    name: 'oversee-lifts',
    text: `
      select hold_until as lift, count(*) as held, min(received_at) as oldest
      from message where state = 'held' group by hold_until order by hold_until nulls last limit ${MAX_LIFTS}`,
  });
  const entries = await sql.query<{ entry: string; messages: string; held: string }>({
    name: 'oversee-entries',
    text: `
      select entry, count(*) as messages, count(*) filter (where state = 'held') as held
      from message, unnest(entries) as entry where received_at >= $1
      group by entry order by count(*) desc, entry limit ${MAX_ENTRIES}`,
    values: [from],
  });
  const decisions = await sql.query<{ action: DecisionAction; count: string; minutes: number | null }>({
    name: 'oversee-decisions',
    text: `
      select d.action, count(*) as count,
             percentile_cont(0.5) within group (order by extract(epoch from d.decided_at - m.judged_at) / 60)
               filter (where d.decided_at >= m.judged_at) as minutes
      from decision d join message m on m.id = d.message_id
      where m.received_at >= $1 and d.action in ('release', 'reject', 'release-at-lift', 'release-eligible', 'ask') group by d.action order by d.action`,
    values: [from],
  });
  const oldest = lifts.rows.map((row) => row.oldest.getTime());
  return {
    days: days.rows.map((row) => ({
      day: row.day,
      pass: Number(row.pass),
      flag: Number(row.flag),
      hold: Number(row.hold),
    })),
    lifts: lifts.rows.map(({ lift, held }) => ({ lift: lift?.getTime() ?? null, held: Number(held) })),
    oldestHeld: oldest.length === 0 ? null : Math.min(...oldest),
    entries: entries.rows.map((row) => ({ entry: row.entry, messages: Number(row.messages), held: Number(row.held) })),
    decisions: decisions.rows.map((row) => ({
      action: row.action,
      count: Number(row.count),
      medianMinutes: row.minutes,
    })),
  };
}
