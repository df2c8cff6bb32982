import type { MessageState } from '../../core/message.ts';
import type { IncompleteReason } from '../../core/part.ts';
import { type NearMiss, type Oversight, WAIT_MINUTES } from '../../service/oversight-desk.ts';
import type { Sql } from '../sql.ts';
import type { RuleNames } from './rule-names.ts';

const MAX_RULES = 30;
const MAX_NEAR_MISSES = 50;

/** How rules and reviewers did since an instant. Of what is sealed it reads the names of rules alone. */
export async function overseeRules(sql: Sql, names: RuleNames, since: number): Promise<Oversight> {
  const from = new Date(since);
  const [held, alarms, incomplete, waits, near] = await Promise.all([
    heldSince(sql, from),
    alarmsSince(sql, from),
    incompleteSince(sql, from),
    waitsSince(sql, from),
    nearMissesSince(sql, from),
  ]);
  const carriers = [
    ...near.flatMap(({ id, rules }) => rules.map((digest) => [digest, id] as const)),
    ...held.map(({ digest, newest }) => [digest, newest] as const),
  ];
  await names.learn(sql, new Map(carriers));
  const rules = held
    .map(({ digest, newest: _, ...counts }) => ({
      rule: names.of(digest),
      ...counts,
      falseAlarms: alarms.get(digest) ?? 0,
    }))
    // Digests have an order of their own, which says nothing.
    .sort((a, b) => b.held - a.held || (a.rule < b.rule ? -1 : 1));
  const nearMisses = near.map((one) => ({ ...one, rules: [...new Set(one.rules.map((digest) => names.of(digest)))] }));
  return { rules, incomplete, waits, nearMisses };
}

interface HeldByRule extends Omit<Oversight['rules'][number], 'rule' | 'falseAlarms'> {
  readonly digest: string;
  /** Id of the newest message that the rule held. */
  readonly newest: string;
}

async function heldSince(sql: Sql, from: Date): Promise<readonly HeldByRule[]> {
  const { rows } = await sql.query<{
    digest: string;
    newest: string;
    held: string;
    released: string;
    rejected: string;
  }>({
    name: 'oversee-rules',
    text: `
      with decided as (
        select message_id, bool_or(action in ('release', 'release-eligible')) as released, bool_or(action = 'reject') as rejected
        from decision where decided_at >= $1 group by message_id),
      shapes as (
        select shape, max(id) as newest, count(*) as held, count(*) filter (where d.released) as released,
               count(*) filter (where d.rejected) as rejected
        from message left join decided d on d.message_id = id
        where received_at >= $1 and verdict = 'hold' group by shape)
      select digest, max(s.newest) as newest, sum(s.held) as held, sum(s.released) as released, sum(s.rejected) as rejected
      from shapes s join message m on m.id = s.newest, unnest(m.rules) as digest
      group by digest order by sum(s.held) desc, digest limit ${MAX_RULES}`,
    values: [from],
  });
  return rows.map(({ digest, newest, held, released, rejected }) => ({
    digest,
    newest,
    held: Number(held),
    released: Number(released),
    rejected: Number(rejected),
  }));
}

/** Approved false alarms by the digest of their rule. */
async function alarmsSince(sql: Sql, from: Date): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ rule: string; alarms: string }>({
    name: 'oversee-alarms',
    text: 'select rule, count(*) as alarms from false_alarm where approved_at >= $1 group by rule',
    values: [from],
  });
  return new Map(rows.map(({ rule, alarms }) => [rule, Number(alarms)]));
}

async function incompleteSince(sql: Sql, from: Date): Promise<Oversight['incomplete']> {
  const { rows } = await sql.query<{ reason: IncompleteReason; messages: string }>({
    name: 'oversee-incomplete',
    text: `
      with shapes as (
        select shape, count(*) as messages, max(id) as example
        from message where received_at >= $1 and verdict is not null group by shape)
      select reason, sum(s.messages) as messages from shapes s join message m on m.id = s.example, unnest(m.reasons) as reason
      group by reason order by sum(s.messages) desc, reason`,
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

/** Near misses with the digests of their rules. */
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
