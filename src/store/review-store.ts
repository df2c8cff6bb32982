import type pg from 'pg';

import type { DetectorName } from '../core/finding.ts';
import type { MessageState } from '../core/message.ts';
import type { KeptDecision, KeptFalseAlarm, RecipientState, ReviewRecord } from '../service/review-record.ts';
import type { AuditAction } from '../service/stores.ts';
import { appendAudit } from './audit-log.ts';
import { digestRule } from './digest-rule.ts';
import { UNKNOWN_RULE } from './messages/rule-names.ts';
import { personOf } from './person-of.ts';
import { open, seal } from './sealing.ts';
import { inTransaction } from './sql.ts';
import { findKey, type StoreKeys } from './store-keys.ts';

/** Decisions that are looked through for similar ones. */
const LOOKED_THROUGH = 2000;
const MOST_JUDGED_AGAIN = 1000;

const DECISION = `d.message_id, m.state, d.action, d.actor, d.decided_at, d.reason, d.decided_at >= m.judged_at as is_current`;

const SETTLING: Readonly<
  Record<'approve' | 'refuse' | 'revoke', { readonly act: AuditAction; readonly text: string }>
> = {
  approve: {
    act: 'false-alarm.approved',
    text: `update false_alarm set approved_by = $2, approved_at = now()
           where id = $1 and approved_at is null and ended_at is null and expires_at > now()
             and ${personOf('proposed_by')} <> ${personOf('$2::text')}`,
  },
  refuse: {
    act: 'false-alarm.refused',
    text: 'update false_alarm set ended_by = $2, ended_at = now() where id = $1 and approved_at is null and ended_at is null',
  },
  revoke: {
    act: 'false-alarm.revoked',
    text: 'update false_alarm set ended_by = $2, ended_at = now() where id = $1 and approved_at is not null and ended_at is null',
  },
};

/** What reviewers look up and settle beside the messages themselves. */
export function createReviewStore(pool: pg.Pool, keys: StoreKeys): ReviewRecord {
  return {
    async recipients(id) {
      const { rows } = await pool.query<Omit<RecipientState, 'settledAt'> & { settled_at: Date | null }>(
        'select address, state, settled_at, reply from message_recipient where message_id = $1 order by position',
        [id],
      );
      return rows.map(({ settled_at, ...one }) => ({ ...one, settledAt: settled_at?.getTime() ?? null }));
    },
    async decisions(id) {
      const { rows } = await pool.query<DecisionRow>(
        `select ${DECISION} from decision d join message m on m.id = d.message_id where d.message_id = $1 order by d.id`,
        [id],
      );
      return rows.map(toDecision);
    },
    async similar(id, limit) {
      const { rows } = await pool.query<DecisionRow>(
        `select ${DECISION}
         from (select * from decision order by decided_at desc limit ${LOOKED_THROUGH}) d
           join message m on m.id = d.message_id join message own on own.id = $1
         where m.id <> own.id and m.rules && own.rules and d.action in ('release', 'reject', 'release-at-lift', 'release-eligible')
         order by d.decided_at desc limit $2`,
        [id, limit],
      );
      return rows.map(toDecision);
    },
    async thread(messageIds) {
      const { rows } = await pool.query<{ id: string; addresses: readonly string[] }>(
        `select m.id, array[m.sender] || array(select r.address from message_recipient r where r.message_id = m.id) as addresses
         from message m where m.message_id = any($1::text[]) order by m.id limit 50`,
        [messageIds],
      );
      return rows;
    },
    async falseAlarmsInForce() {
      const { rows } = await pool.query<AlarmRow>(
        'select * from false_alarm where approved_at is not null and ended_at is null and expires_at > now() order by id',
      );
      // One whose rule nobody can name any more excuses nothing.
      return rows.filter((row) => openRule(row, keys) !== null).map((row) => toAlarm(row, keys));
    },
    async falseAlarms(limit) {
      const { rows } = await pool.query<AlarmRow>('select * from false_alarm order by proposed_at desc limit $1', [
        limit,
      ]);
      return rows.map((row) => toAlarm(row, keys));
    },
    async findFalseAlarm(id) {
      const { rows } = await pool.query<AlarmRow>('select * from false_alarm where id = $1', [id]);
      return rows[0] === undefined ? null : toAlarm(rows[0], keys);
    },
    proposeFalseAlarm: (alarm, actor) =>
      inTransaction(pool, async (sql) => {
        const rule = digestRule(alarm, keys);
        await sql.query(
          `insert into false_alarm (id, message_id, detector, rule, entry, any_entry, sender, passage, reason, proposed_by, expires_at,
             rule_name, rule_key)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
          [
            alarm.id,
            alarm.message,
            alarm.detector,
            rule,
            alarm.entry,
            alarm.anyEntry,
            alarm.sender,
            alarm.passage,
            alarm.reason,
            actor,
            new Date(alarm.until),
            seal(Buffer.from(alarm.rule), keys.current.key, alarmRulePlace(alarm.id)),
            keys.current.id,
          ],
        );
        await sql.query(
          `insert into decision (message_id, action, reason, actor) select id, 'false-alarm', $2, $3 from message where id = $1`,
          [alarm.message, alarm.reason, actor],
        );
        const { message, sender, until, reason } = alarm;
        const detail = { message, rule, sender, until: new Date(until).toISOString(), reason };
        await appendAudit(sql, keys, { actor, action: 'false-alarm.proposed', target: alarm.id, detail });
      }),
    settleFalseAlarm: (id, how, actor) =>
      inTransaction(pool, async (sql) => {
        const { rowCount } = await sql.query(SETTLING[how].text, [id, actor]);
        if (rowCount !== 1) return false;
        await appendAudit(sql, keys, { actor, action: SETTLING[how].act, target: id, detail: {} });
        return true;
      }),
    async judgeAgain(alarm) {
      const { rows } = await pool.query<{ id: string }>(
        `update message set judge_again = true, judge_again_version = (select version from register_version) where id in (
           select id from message where rules @> array[$1::text]
             and (state = 'held' or (state in ('cleared', 'delivering') and kind = 'email'))
           order by state = 'held', id limit ${MOST_JUDGED_AGAIN} for update)
         returning id`,
        [digestRule(alarm, keys)],
      );
      return rows.map(({ id }) => id);
    },
  };
}

interface DecisionRow {
  readonly message_id: string;
  readonly state: MessageState;
  readonly action: string;
  readonly actor: string;
  readonly decided_at: Date;
  readonly reason: string;
  readonly is_current: boolean | null;
}

function toDecision(row: DecisionRow): KeptDecision {
  const { message_id: message, decided_at, is_current, ...rest } = row;
  return { ...rest, message, at: decided_at.getTime(), isCurrent: is_current === true };
}

interface AlarmRow {
  readonly id: string;
  readonly message_id: string;
  readonly detector: DetectorName;
  /** Digest of detector and rule. */
  readonly rule: string;
  readonly rule_name: Buffer | null;
  readonly rule_key: string | null;
  readonly entry: string | null;
  readonly any_entry: boolean;
  readonly sender: string;
  readonly passage: string;
  readonly reason: string;
  readonly proposed_by: string;
  readonly proposed_at: Date;
  readonly expires_at: Date;
  readonly approved_by: string | null;
  readonly approved_at: Date | null;
  readonly ended_by: string | null;
  readonly ended_at: Date | null;
}

/** Where the sealed name of a false alarm's rule belongs. */
export function alarmRulePlace(id: string): string {
  return `${id}/false-alarm-rule`;
}

/** Null where its key is lost. */
function openRule({ id, rule_name, rule_key }: AlarmRow, keys: StoreKeys): string | null {
  const key = rule_name === null || rule_key === null ? null : findKey(keys, rule_key);
  return rule_name === null || key === null ? null : open(rule_name, key.key, alarmRulePlace(id)).toString('utf8');
}

function toAlarm(row: AlarmRow, keys: StoreKeys): KeptFalseAlarm {
  return {
    id: row.id,
    message: row.message_id,
    detector: row.detector,
    rule: openRule(row, keys) ?? UNKNOWN_RULE,
    entry: row.entry,
    anyEntry: row.any_entry,
    sender: row.sender,
    passage: row.passage,
    reason: row.reason,
    until: row.expires_at.getTime(),
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.getTime(),
    approvedBy: row.approved_by,
    approvedAt: row.approved_at?.getTime() ?? null,
    endedBy: row.ended_by,
    endedAt: row.ended_at?.getTime() ?? null,
  };
}
