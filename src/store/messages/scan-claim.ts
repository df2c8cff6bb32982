import type pg from 'pg';
import type { Instant } from '../../core/entry.ts';
import type { Judgement } from '../../core/verdict.ts';
import type { ClaimedMessage, JudgementExtras } from '../../service/stores.ts';
import { unwrapDataKey } from '../sealing.ts';
import { inTransaction, type Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { sealSibling } from './find-siblings.ts';
import { MESSAGE_COLUMNS, type MessageRow, sealJudgement, toMessage } from './message-row.ts';
import { ONLY_CHUNK, openOnlyChunk } from './read-content.ts';

/** Claims without a judgement after which a message is held as `crashed`: it may be what kills those who open it. */
export const MAX_SCAN_ATTEMPTS = 4;

/**
 * A passing verdict this old no longer lets a mail out: a window may have opened since. Only mail that has to wait for its
 * next hop gets there; a reviewer's release does not grow old.
 */
export const GROWN_OLD = `(kind = 'email' and judged_at < now() - interval '15 minutes' and next_attempt_at <= now() and verdict <> 'hold'
  and (state = 'cleared' or (state = 'delivering' and lease_owner is null)))`;

/** Takes a message for scanning; null where another process has it or there is nothing to scan. */
export async function claimForScan(
  pool: pg.Pool,
  keys: StoreKeys,
  id: string,
  worker: string,
  leaseMs: number,
  now: Instant,
): Promise<ClaimedMessage | null> {
  const { rows } = await pool.query<MessageRow & { scan_attempts: number; only_chunk: Buffer | null }>({
    name: 'claim-for-scan',
    text: `
      with claimed as (
        update message set state = 'scanning', lease_owner = $2, lease_until = now() + $3::float8 * interval '1 millisecond',
          scan_attempts = case when state in ('received', 'scanning') then scan_attempts + 1 else 1 end
        where id = $1 and (
          (state = 'received' and next_attempt_at <= now())
          or (state = 'scanning' and lease_until < now())
          or (state = 'held' and (judge_again or judge_again_at <= $4))
          or ${GROWN_OLD})
        returning *)
      select ${MESSAGE_COLUMNS}, m.scan_attempts, ${ONLY_CHUNK} from claimed m`,
    values: [id, worker, leaseMs, new Date(now)],
  });
  const [row] = rows;
  if (row === undefined) return null;
  if (row.scan_attempts <= MAX_SCAN_ATTEMPTS) {
    return { ...toMessage(row, keys), content: openOnlyChunk(row, keys) };
  }
  await holdAsCrashed(pool, keys, row, worker, now);
  return null;
}

/** Writes the verdict and moves on; false where `worker` no longer has the claim. */
export async function recordJudgement(
  sql: Sql,
  keys: StoreKeys,
  id: string,
  worker: string,
  judgement: Judgement,
  rulesVersion: string,
  { subject, releasedAtLift, judgeAgainAt = judgement.holdUntil, sibling }: JudgementExtras,
): Promise<boolean> {
  const { rows } = await sql.query<{ key_id: string; wrapped_key: Buffer }>({
    name: 'judgement-key',
    text: 'select key_id, wrapped_key from message where id = $1',
    values: [id],
  });
  const [row] = rows;
  if (row === undefined) return false;
  const key = unwrapDataKey(id, row.key_id, row.wrapped_key, keys);
  const { findings, incomplete } = judgement;
  const state = releasedAtLift ? 'released' : judgement.verdict === 'hold' ? 'held' : 'cleared';
  const { rowCount } = await sql.query({
    name: 'record-judgement',
    text: `
      update message set state = $3, verdict = $4, hold_until = $5, effective_at = $6, judged_at = now(), judged_in = pg_current_xact_id(),
        rules_version = $7, judgement = $8, entries = $9, judge_again = false, last_error = null,
        cleared_at = case when $3 = 'held' then null else coalesce(cleared_at, now()) end, judge_again_at = $10,
        sibling = coalesce($11, sibling),
        lease_owner = null, lease_until = null, next_attempt_at = now()
      where id = $1 and state = 'scanning' and lease_owner = $2`,
    values: [
      id,
      worker,
      state,
      judgement.verdict,
      judgement.holdUntil === null ? null : new Date(judgement.holdUntil),
      new Date(judgement.effectiveAt),
      rulesVersion,
      sealJudgement(id, { findings, incomplete, subject }, key),
      [...new Set(findings.flatMap((finding) => (finding.entry === null ? [] : [finding.entry])))],
      judgeAgainAt === null ? null : new Date(judgeAgainAt),
      sibling === undefined ? null : sealSibling(id, sibling, key),
    ],
  });
  return rowCount === 1;
}

export async function renewClaim(sql: Sql, id: string, worker: string, leaseMs: number): Promise<boolean> {
  const { rowCount } = await sql.query({
    name: 'renew-claim',
    text: `
      update message set lease_until = now() + $3::float8 * interval '1 millisecond'
      where id = $1 and state in ('scanning', 'delivering') and lease_owner = $2`,
    values: [id, worker, leaseMs],
  });
  return rowCount === 1;
}

/** Gives a claimed message back, to be tried again after a pause that grows; after too many attempts it is held. */
export async function releaseClaim(
  pool: pg.Pool,
  keys: StoreKeys,
  id: string,
  worker: string,
  reason: string,
  now: Instant,
): Promise<void> {
  const { rows } = await pool.query<MessageRow & { scan_attempts: number }>({
    name: 'release-claim',
    text: `
      with released as (
        update message set state = case when state = 'scanning' and scan_attempts < $4 then 'received' else state end,
          lease_owner = case when state = 'scanning' and scan_attempts >= $4 then lease_owner end,
          lease_until = case when state = 'scanning' and scan_attempts >= $4 then lease_until end,
          next_attempt_at = now() + least(60, power(2, scan_attempts)) * interval '1 second', last_error = left($3, 200)
        where id = $1 and state in ('scanning', 'delivering') and lease_owner = $2
        returning *)
      select ${MESSAGE_COLUMNS}, m.scan_attempts from released m where m.state = 'scanning'`,
    values: [id, worker, reason, MAX_SCAN_ATTEMPTS],
  });
  if (rows[0] !== undefined) await holdAsCrashed(pool, keys, rows[0], worker, now);
}

async function holdAsCrashed(
  pool: pg.Pool,
  keys: StoreKeys,
  row: MessageRow,
  worker: string,
  now: Instant,
): Promise<void> {
  const judgement: Judgement = {
    verdict: 'hold',
    holdUntil: null,
    effectiveAt: Math.max(now, row.publish_at?.getTime() ?? now),
    findings: [],
    incomplete: [{ path: 'message', reason: 'crashed' }],
  };
  await inTransaction(pool, (sql) =>
    recordJudgement(sql, keys, row.id, worker, judgement, row.rules_version ?? 'none', {
      subject: null,
      releasedAtLift: false,
    }),
  );
}
