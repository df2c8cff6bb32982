import type { DecisionAction } from '../../core/message.ts';
import type { Overview } from '../../service/stores.ts';
import type { Sql } from '../sql.ts';

const MAX_LIFTS = 20;
const MAX_ENTRIES = 50;

/** Counts of what was judged since an instant and of what is held now. Reads nothing that is sealed. */
export async function overseeMessages(sql: Sql, since: number): Promise<Overview> {
  const from = new Date(since);
  const [days, held, entries, decisions] = await Promise.all([
    daysSince(sql, from),
    heldNow(sql),
    entriesSince(sql, from),
    decisionsSince(sql, from),
  ]);
  return { days, ...held, entries, decisions };
}

async function daysSince(sql: Sql, from: Date): Promise<Overview['days']> {
  const { rows } = await sql.query<{ day: string; pass: string; flag: string; hold: string }>({
    name: 'oversee-days',
    // By the hour first, as naming the day of every single message takes longer than reading it.
    text: `
      with hours as (
        select date_bin('1 hour', received_at, 'epoch') as hour, verdict, count(*) as messages
        from message where received_at >= $1 and verdict is not null group by 1, 2)
      select to_char(hour at time zone 'Europe/London', 'YYYY-MM-DD') as day,
             coalesce(sum(messages) filter (where verdict = 'pass'), 0) as pass,
             coalesce(sum(messages) filter (where verdict = 'flag'), 0) as flag,
             coalesce(sum(messages) filter (where verdict = 'hold'), 0) as hold
      from hours group by day order by day`,
    values: [from],
  });
  return rows.map((row) => ({
    day: row.day,
    pass: Number(row.pass),
    flag: Number(row.flag),
    hold: Number(row.hold),
  }));
}

async function heldNow(sql: Sql): Promise<Pick<Overview, 'lifts' | 'heldNow' | 'oldestHeld'>> {
  const { rows } = await sql.query<{ lift: Date | null; held: string; all_held: string; oldest: Date }>({
    name: 'oversee-lifts',
    text: `
      select hold_until as lift, count(*) as held, sum(count(*)) over () as all_held, min(min(received_at)) over () as oldest
      from message where state = 'held' group by hold_until order by hold_until nulls last limit ${MAX_LIFTS}`,
  });
  return {
    lifts: rows.map(({ lift, held }) => ({ lift: lift?.getTime() ?? null, held: Number(held) })),
    heldNow: Number(rows[0]?.all_held ?? 0),
    oldestHeld: rows[0]?.oldest.getTime() ?? null,
  };
}

async function entriesSince(sql: Sql, from: Date): Promise<Overview['entries']> {
  const { rows } = await sql.query<{ entry: string; messages: string; held: string }>({
    name: 'oversee-entries',
    text: `
      with shapes as (
        select shape, count(*) as messages, count(*) filter (where state = 'held') as held, max(id) as example
        from message where received_at >= $1 and verdict is not null group by shape)
      select entry, sum(s.messages) as messages, sum(s.held) as held
      from shapes s join message m on m.id = s.example, unnest(m.entries) as entry
      group by entry order by sum(s.messages) desc, entry limit ${MAX_ENTRIES}`,
    values: [from],
  });
  return rows.map((row) => ({ entry: row.entry, messages: Number(row.messages), held: Number(row.held) }));
}

async function decisionsSince(sql: Sql, from: Date): Promise<Overview['decisions']> {
  const { rows } = await sql.query<{ action: DecisionAction; count: string; minutes: number | null }>({
    name: 'oversee-decisions',
    text: `
      select d.action, count(*) as count,
             percentile_cont(0.5) within group (order by extract(epoch from d.decided_at - m.judged_at) / 60)
               filter (where d.decided_at >= m.judged_at) as minutes
      from decision d join message m on m.id = d.message_id
      where m.received_at >= $1 and d.action in ('release', 'reject', 'release-at-lift', 'release-eligible', 'ask') group by d.action order by d.action`,
    values: [from],
  });
  return rows.map((row) => ({ action: row.action, count: Number(row.count), medianMinutes: row.minutes }));
}
