import type { MessageState } from '../../core/message.ts';
import type { IncompleteReason } from '../../core/part.ts';
import { type NearMiss, type Oversight, WAIT_MINUTES } from '../../service/oversight-desk.ts';
import type { Sql } from '../sql.ts';

const MAX_RULES = 30;
const MAX_NEAR_MISSES = 50;

/** How rules and reviewers did since an instant. Reads nothing that is sealed. */
export async function overseeRules(sql: Sql, since: number): Promise<Oversight> {
  const from = new Date(since);
  const [rules, incomplete, waits, nearMisses] = await Promise.all([
    rulesSince(sql, from),
    incompleteSince(sql, from),
    waitsSince(sql, from),
    nearMissesSince(sql, from),
  ]);
  return { rules, incomplete, waits, nearMisses };
}

async function rulesSince(sql: Sql, from: Date): Promise<Oversight['rules']> {
  const { rows } = await sql.query<{ rule: string; held: string; released: string; rejected: string; alarms: string }>({
    name: 'oversee-rules',
    text: `
      with decided as (
        select message_id, bool_or(action in ('release', 'release-eligible')) as released, bool_or(action = 'reject') as rejected
        from decision where decided_at >= $1 group by message_id),
      alarms as (
        select detector || '/' || rule as rule, count(*) as alarms from false_alarm where approved_at >= $1 group by 1)
      select held.*, coalesce(alarms.alarms, 0) as alarms from (
        select rule, count(*) as held, count(*) filter (where d.released) as released, count(*) filter (where d.rejected) as rejected
        from message m cross join unnest(m.rules) as rule left join decided d on d.message_id = m.id
        where m.received_at >= $1 and m.verdict = 'hold' group by rule) held
      left join alarms on alarms.rule = held.rule
      order by held.held desc, held.rule limit ${MAX_RULES}`,
    values: [from],
  });
  return rows.map((row) => ({
    rule: row.rule,
    held: Number(row.held),
    released: Number(row.released),
    rejected: Number(row.rejected),
    falseAlarms: Number(row.alarms),
  }));
}

async function incompleteSince(sql: Sql, from: Date): Promise<Oversight['incomplete']> {
  const { rows } = await sql.query<{ reason: IncompleteReason; messages: string }>({
    name: 'oversee-incomplete',
    text: `
      select reason, count(*) as messages from message m, unnest(m.reasons) as reason
      where m.received_at >= $1 group by reason order by count(*) desc, reason`,
    values: [from],
  });
  return rows.map(({ reason, messages }) => ({ reason, messages: Number(messages) }));
}

async function waitsSince(sql: Sql, from: Date): Promise<Oversight['waits']> {
  const { rows } = await sql.query<{ bucket: number; decisions: string }>({
    name: 'oversee-waits',
    text: `
      select width_bucket(extract(epoch from d.decided_at - m.judged_at)::float8 / 60, $2::float8[]) as bucket, count(*) as decisions
      from decision d join message m on m.id = d.message_id
      where m.received_at >= $1 and d.decided_at >= m.judged_at and d.action in ('release', 'reject', 'release-at-lift', 'release-eligible')
      group by bucket`,
    values: [from, WAIT_MINUTES],
  });
  return [...WAIT_MINUTES, null].map((upTo, bucket) => ({
    upTo,
    decisions: Number(rows.find((row) => row.bucket === bucket)?.decisions ?? 0),
  }));
}

async function nearMissesSince(sql: Sql, from: Date): Promise<readonly NearMiss[]> {
  const { rows } = await sql.query<{
    id: string;
    received_at: Date;
    sender: string;
    state: MessageState;
    hold_until: Date | null;
    entries: readonly string[];
    rules: readonly string[];
    action: NearMiss['action'];
  }>({
    name: 'oversee-near-misses',
    text: `
      select m.id, m.received_at, m.sender, m.state, m.hold_until, m.entries, m.rules, d.action
      from decision d join message m on m.id = d.message_id
      where m.received_at >= $1 and d.action in ('reject', 'release-at-lift', 'release-eligible') and m.entries <> '{}'
      order by d.id desc limit ${MAX_NEAR_MISSES}`,
    values: [from],
  });
  return rows.map(({ received_at, hold_until, ...row }) => ({
    ...row,
    at: received_at.getTime(),
    lift: hold_until?.getTime() ?? null,
  }));
}
