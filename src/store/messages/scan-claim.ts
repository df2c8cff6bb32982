import type pg from 'pg';
import type { Instant } from '../../core/entry.ts';
import type { Judgement } from '../../core/verdict.ts';
import type { ClaimedMessage, JudgementExtras } from '../../service/stores.ts';
import { digestRule } from '../digest-rule.ts';
import { sealTrace } from '../recall-store.ts';
import { unwrapDataKey } from '../sealing.ts';
import { inTransaction, type Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { sealSibling } from './find-siblings.ts';
import { MESSAGE_COLUMNS, type MessageRow, sealJudgement, toMessage } from './message-row.ts';
import { ONLY_CHUNK, openOnlyChunk } from './read-content.ts';
import { RecentKeys } from './recent-keys.ts';

/** Claims without a judgement after which a message is held as `crashed`: it may be what kills those who open it. */
export const MAX_SCAN_ATTEMPTS = 2;

/**
 * A passing verdict this old no longer lets a mail out: a window may have opened since. Only mail that has to wait for its
 * next hop gets there; a reviewer's release does not grow old.
 */
export const GROWN_OLD = `(kind = 'email' and judged_at < now() - interval '15 minutes' and next_attempt_at <= now() and verdict <> 'hold'
  and (state = 'cleared' or (state = 'delivering' and lease_owner is null)))`;

/**
 * A register entry was changed since the verdict, and the message is still here. One that is being scanned meanwhile keeps the mark,
 * since that scan may have begun with the old registers. `judge_again_version` says which registers it is to be judged by.
 */
export const TO_JUDGE_AGAIN = `(judge_again and (state = 'held'
  or (kind = 'email' and next_attempt_at <= now() and (state = 'cleared' or (state = 'delivering' and lease_owner is null)))))`;

/** A cleared mail that has waited for its batch, and is to be looked at among it before it may go. */
export const BATCH_WAIT_OVER = `(batch_wait_since is not null and state = 'cleared' and next_attempt_at <= now())`;

/**
 * The state, such that no index by state is used: under load those are full of rows that have moved on, and where ids are known the
 * planner would go through thousands of them for the few it is asked for.
 */
export const BY_ID_ALONE = `(message.state || '')`;

export interface ClaimCall {
  readonly id: string;
  readonly worker: string;
  readonly leaseMs: number;
  /** Of the registers that it will be judged by: what was marked for newer ones is left alone. Absent: any will do. */
  readonly registersVersion?: number;
}

/** Takes messages for scanning; null, in the order asked, where another process has one or there is nothing to scan. */
export async function claimForScan(
  pool: pg.Pool,
  keys: StoreKeys,
  calls: readonly ClaimCall[],
  now: Instant,
): Promise<readonly (ClaimedMessage | null)[]> {
  const { rows } = await pool.query<
    MessageRow & {
      scan_attempts: number;
      lease_owner: string;
      only_chunk: Buffer | null;
      batch_waited: number | null;
      batch_seen: number;
    }
  >({
    name: 'claim-for-scan',
    text: `
      with asked as materialized (
        select * from unnest($1::text[], $2::text[], $3::float8[], $5::float8[]) as a (asked_id, worker, lease, registers)),
      free as materialized (
        select asked.* from message join asked on asked_id = id where id = any($1::text[]) and (
          (state = 'received' and next_attempt_at <= now())
          or (state = 'scanning' and lease_until < now())
          or (state = 'held' and judge_again_at <= $4)
          or (${TO_JUDGE_AGAIN} and not coalesce(judge_again_version > registers, false))
          or ${BATCH_WAIT_OVER}
          or ${GROWN_OLD})
        order by id for update of message skip locked),
      claimed as (
        update message set state = 'scanning', lease_owner = worker, lease_until = now() + lease * interval '1 millisecond',
          judge_again = judge_again and coalesce(judge_again_version > registers, false),
          batch_wait_since = case when judge_again then null else batch_wait_since end, scan_attempts = case when state in ('received', 'scanning') then scan_attempts + 1 else 1 end
        from free where message.id = asked_id
        returning message.*)
      select ${MESSAGE_COLUMNS}, m.scan_attempts, m.lease_owner, m.batch_seen,
        (extract(epoch from now() - m.batch_wait_since) * 1000)::float8 as batch_waited, ${ONLY_CHUNK}
      from claimed m`,
    values: [
      calls.map(({ id }) => id),
      calls.map(({ worker }) => worker),
      calls.map(({ leaseMs }) => leaseMs),
      new Date(now),
      calls.map(({ registersVersion }) => registersVersion ?? null),
    ],
  });
  const claims: (ClaimedMessage | null)[] = [];
  for (const { id, worker } of calls) {
    const row = rows.find((one) => one.id === id && one.lease_owner === worker);
    const isPoison = row !== undefined && row.scan_attempts > MAX_SCAN_ATTEMPTS;
    if (isPoison) await holdAsCrashed(pool, keys, row, worker, now);
    claims.push(
      row === undefined || isPoison
        ? null
        : {
            ...toMessage(row, keys),
            content: openOnlyChunk(row, keys),
            batchWait: row.batch_waited === null ? null : { waitedMs: row.batch_waited, seen: row.batch_seen },
          },
    );
  }
  return claims;
}

export interface JudgementCall {
  readonly id: string;
  readonly worker: string;
  readonly judgement: Judgement;
  readonly rulesVersion: string;
  readonly extras: JudgementExtras;
}

/** Writes verdicts and moves on; false, in the order given, where `worker` no longer has the claim. */
export async function recordJudgement(
  sql: Sql,
  keys: StoreKeys,
  calls: readonly JudgementCall[],
  recent = new RecentKeys(),
): Promise<readonly boolean[]> {
  const wrapped = await recent.get(
    sql,
    calls.map(({ id }) => id),
  );
  const given = calls.flatMap((call) => {
    const row = wrapped.get(call.id);
    return row === undefined ? [] : [rowOf(call, unwrapDataKey(row.id, row.key_id, row.wrapped_key, keys), keys)];
  });
  const { rows } = await sql.query<{ id: string; worker: string }>({
    name: 'record-judgement',
    text: `
      with given as materialized (
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[],
                             $8::bytea[], $9::text[], $10::timestamptz[], $11::bytea[], $12::float8[], $13::int[], $14::bytea[],
                             $15::text[], $16::text[], $17::text[])
          as given (id, worker, state, verdict, hold_until, effective_at, rules_version, judgement, entries, judge_again_at, sibling,
                    wait, seen, trace, detectors, rules, reasons)),
      judged as (
        update message set state = given.state, verdict = given.verdict, hold_until = given.hold_until, effective_at = given.effective_at,
          judged_at = now(), judged_in = pg_current_xact_id(), rules_version = given.rules_version, judgement = given.judgement,
          entries = array(select jsonb_array_elements_text(given.entries::jsonb)), last_error = null,
          detectors = array(select jsonb_array_elements_text(given.detectors::jsonb)),
          rules = array(select jsonb_array_elements_text(given.rules::jsonb)),
          reasons = array(select jsonb_array_elements_text(given.reasons::jsonb)),
          parties = case when given.state = 'held' then array(
            select distinct party from message_recipient r,
              lateral (values (lower(r.address)), (lower(substring(r.address from '@[^@]*$')))) as of_recipient (party)
            where r.message_id = message.id and party is not null) else '{}' end,
          cleared_at = case when given.state = 'held' then null else coalesce(cleared_at, now()) end,
          judge_again_at = given.judge_again_at, sibling = coalesce(given.sibling, message.sibling),
          lease_owner = null, lease_until = null, next_attempt_at = now() + coalesce(given.wait, 0) * interval '1 millisecond',
          batch_wait_since = case when given.wait is null then null else coalesce(message.batch_wait_since, now()) end,
          batch_seen = given.seen
        from given where message.id = given.id and message.id = any($1::text[]) and ${BY_ID_ALONE} = 'scanning' and lease_owner = given.worker
        returning given.id, given.worker),
      traced as (
        insert into message_trace (message_id, sealed)
        select given.id, given.trace from given join judged on judged.id = given.id where given.trace is not null
        on conflict (message_id) do update set sealed = excluded.sealed, kept_at = now())
      select id, worker from judged`,
    values: Array.from({ length: 17 }, (_, column) => given.map((row) => row[column])),
  });
  return calls.map(({ id, worker }) => rows.some((row) => row.id === id && row.worker === worker));
}

function rowOf(
  { id, worker, judgement, rulesVersion, extras }: JudgementCall,
  key: Uint8Array,
  keys: StoreKeys,
): readonly unknown[] {
  const { subject, releasedAtLift, judgeAgainAt = judgement.holdUntil, sibling, batchWait, trace } = extras;
  const { findings, incomplete } = judgement;
  return [
    id,
    worker,
    releasedAtLift ? 'released' : judgement.verdict === 'hold' ? 'held' : 'cleared',
    judgement.verdict,
    judgement.holdUntil === null ? null : new Date(judgement.holdUntil),
    new Date(judgement.effectiveAt),
    rulesVersion,
    sealJudgement(id, { findings, incomplete, subject }, key),
    listOf(findings.flatMap((finding) => (finding.entry === null ? [] : [finding.entry]))),
    judgeAgainAt === null ? null : new Date(judgeAgainAt),
    sibling === undefined ? null : sealSibling(id, sibling, key),
    batchWait?.waitMs ?? null,
    batchWait?.seen ?? null,
    trace === undefined ? null : sealTrace(id, trace, key),
    listOf(findings.map(({ detector }) => detector)),
    listOf(findings.map((finding) => digestRule(finding, keys))),
    listOf(incomplete.map(({ reason }) => reason)),
  ];
}

/** Each once. */
function listOf(names: readonly string[]): string {
  return JSON.stringify([...new Set(names)]);
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
  const rulesVersion = row.rules_version ?? 'none';
  const extras = { subject: null, releasedAtLift: false };
  await inTransaction(pool, (sql) =>
    recordJudgement(sql, keys, [{ id: row.id, worker, judgement, rulesVersion, extras }]),
  );
}
