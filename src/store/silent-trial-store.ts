import type pg from 'pg';

import type { DetectorName } from '../core/finding.ts';
import type { Verdict } from '../core/verdict.ts';
import type { SilentChange, SilentTrialRecord, SilentTrialView } from '../service/silent-trials.ts';
import { appendAudit } from './audit-log.ts';
import { inTransaction } from './sql.ts';
import type { StoreKeys } from './store-keys.ts';

/** Each costs every message another judgement. */
const MOST_RUNNING = 3;
const RUNNING = 'ended_at is null and ends_at > now()';
/** An entry on trial has people's addresses in it. */
const SERVED = `coalesce(ended_at, ends_at) < now() - interval '90 days'`;

interface Row {
  readonly id: string;
  readonly kind: SilentChange['kind'];
  readonly target: string;
  readonly definition: SilentChange;
  readonly started_at: Date;
  readonly ends_at: Date;
  readonly ended_at: Date | null;
  readonly judged: string;
  readonly left_out: string;
  readonly otherwise: readonly { readonly before: Verdict; readonly after: Verdict; readonly messages: number }[];
}

const VIEW = `
  select t.*, coalesce((
    select jsonb_agg(h order by h.before, h.after) from (
      select before_verdict as before, after_verdict as after, count(*) as messages
      from silent_trial_hit where trial_id = t.id group by 1, 2) h), '[]') as otherwise
  from silent_trial t`;

export function createSilentTrialStore(pool: pg.Pool, keys: StoreKeys): SilentTrialRecord {
  return {
    start: ({ id, target, change, endsAt }, actor) =>
      inTransaction(pool, async (sql) => {
        await sql.query('lock table silent_trial in share row exclusive mode');
        await sql.query(`delete from silent_trial where ${SERVED}`);
        const { rowCount } = await sql.query(`select from silent_trial where ${RUNNING}`);
        if ((rowCount ?? 0) >= MOST_RUNNING) return false;
        await sql.query(
          `insert into silent_trial (id, kind, target, definition, started_by, ends_at) values ($1, $2, $3, $4, $5, $6)`,
          [id, change.kind, target, JSON.stringify(change), actor, new Date(endsAt)],
        );
        const detail = { kind: change.kind, trial: id, until: new Date(endsAt).toISOString() };
        await appendAudit(sql, keys, { actor, action: 'trial.started', target, detail });
        return true;
      }),
    end: (id, actor) =>
      inTransaction(pool, async (sql) => {
        const { rows } = await sql.query<{ target: string }>(
          `update silent_trial set ended_at = now() where id = $1 and ${RUNNING} returning target`,
          [id],
        );
        const [row] = rows;
        if (row === undefined) return false;
        await appendAudit(sql, keys, { actor, action: 'trial.ended', target: row.target, detail: { trial: id } });
        return true;
      }),
    async running() {
      const { rows } = await pool.query<Row>(`select * from silent_trial where ${RUNNING} order by started_at, id`);
      return rows.map(({ id, target, definition, ends_at }) => ({
        id,
        target,
        change: definition,
        endsAt: ends_at.getTime(),
      }));
    },
    async list(limit) {
      const { rows } = await pool.query<Row>(`${VIEW} order by t.started_at desc, t.id limit $1`, [limit]);
      return rows.map(toView);
    },
    async find(id) {
      const { rows } = await pool.query<Row>(`${VIEW} where t.id = $1`, [id]);
      return rows[0] === undefined ? null : toView(rows[0]);
    },
    async hits(id, limit) {
      const { rows } = await pool.query<{
        message_id: string;
        received_at: Date;
        before_verdict: Verdict;
        after_verdict: Verdict;
        detectors: readonly DetectorName[];
      }>(
        `select h.message_id, m.received_at, h.before_verdict, h.after_verdict, h.detectors
         from silent_trial_hit h join message m on m.id = h.message_id
         where h.trial_id = $1 order by h.message_id desc limit $2`,
        [id, limit],
      );
      return rows.map((row) => ({
        message: row.message_id,
        at: row.received_at.getTime(),
        before: row.before_verdict,
        after: row.after_verdict,
        detectors: row.detectors,
      }));
    },
    note: (tallies, hits) =>
      inTransaction(pool, async (sql) => {
        // In one order in every process, so that none waits for another in a ring.
        for (const { trial, judged, leftOut } of [...tallies].sort((a, b) => (a.trial < b.trial ? -1 : 1))) {
          await sql.query('update silent_trial set judged = judged + $2, left_out = left_out + $3 where id = $1', [
            trial,
            judged,
            leftOut,
          ]);
        }
        for (const { trial, message, before, after, detectors } of hits) {
          // Either may have gone meanwhile.
          await sql.query(
            `insert into silent_trial_hit (trial_id, message_id, before_verdict, after_verdict, detectors)
             select t.id, m.id, $3, $4, $5::text[] from silent_trial t, message m where t.id = $1 and m.id = $2
             on conflict (trial_id, message_id) do update
               set before_verdict = excluded.before_verdict, after_verdict = excluded.after_verdict, detectors = excluded.detectors`,
            [trial, message, before, after, [...detectors]],
          );
        }
      }),
  };
}

function toView(row: Row): SilentTrialView {
  return {
    id: row.id,
    kind: row.kind,
    target: row.target,
    startedAt: row.started_at.getTime(),
    endsAt: row.ends_at.getTime(),
    endedAt: row.ended_at?.getTime() ?? null,
    judged: Number(row.judged),
    leftOut: Number(row.left_out),
    otherwise: row.otherwise,
  };
}
