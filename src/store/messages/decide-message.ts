import type pg from 'pg';

import type { DecisionAction, ReleaseAction } from '../../core/message.ts';
import type { Caller } from '../../service/ports.ts';
import type { AuditAction, Decision, KeptMessage } from '../../service/stores.ts';
import { appendAudit } from '../audit-log.ts';
import { personOf } from '../person-of.ts';
import { inTransaction } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { insertWithin } from './insert-message.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from './message-row.ts';

const ACTS: Readonly<Record<DecisionAction, AuditAction>> = {
  release: 'message.released',
  reject: 'message.rejected',
  'release-at-lift': 'message.release-at-lift',
  'release-eligible': 'message.released-to-eligible',
  ask: 'message.asked',
};

/** Applies a decision to a held message and audits it in one transaction; null where its state does not allow it, so that of two at once one applies. */
export async function decideMessage(
  pool: pg.Pool,
  keys: StoreKeys,
  id: string,
  decision: Decision,
  caller: Caller,
): Promise<KeptMessage | null> {
  return inTransaction(pool, async (sql) => {
    const locked = await sql.query({
      text: `select from message where id = $1 and state = 'held' and not (release_at_lift and $2) for update`,
      values: [id, decision.action === 'release-at-lift'],
    });
    if (locked.rowCount !== 1) return null;
    const { action, reason } = decision;
    const isRelease = action !== 'reject' && action !== 'ask';
    const first = isRelease && (decision.people ?? 1) > 1 ? await firstPerson(sql, id, action, caller) : 'another';
    if (first === 'same') return null;
    const isProposal = first === null;
    await sql.query({
      text: 'insert into decision (message_id, action, reason, actor) values ($1, $2, $3, $4)',
      values: [id, isProposal ? `propose-${action}` : action, reason, caller.id],
    });
    if (!isProposal) await apply(sql, keys, id, decision);
    await appendAudit(sql, keys, {
      actor: caller.id,
      action: isProposal ? 'message.release-proposed' : ACTS[action],
      target: id,
      detail: {
        reason,
        ...(isProposal && { proposed: action }),
        ...(decision.withheld !== undefined && { withheld: decision.withheld }),
      },
    });
    const { rows } = await sql.query<MessageRow>(`select ${MESSAGE_COLUMNS} from message m where m.id = $1`, [id]);
    return rows[0] === undefined ? null : toMessage(rows[0], keys);
  });
}

/**
 * Whose proposal of the same release stands since the verdict; a verdict that came later may have seen what the first person did not.
 *
 * A token stands for the person who made it, and one that nobody made for no person at all.
 */
async function firstPerson(
  sql: pg.ClientBase,
  id: string,
  action: ReleaseAction,
  caller: Caller,
): Promise<'another' | 'same' | null> {
  const { rows } = await sql.query<{ is_another: boolean | null }>(
    `select ${personOf('d.actor')} <> ${personOf('$3::text')} as is_another from decision d join message m on m.id = d.message_id
     where d.message_id = $1 and d.action = 'propose-' || $2::text and d.decided_at >= m.judged_at`,
    [id, action, caller.id],
  );
  if (rows.some(({ is_another }) => is_another === true)) return 'another';
  return rows.some(({ is_another }) => is_another === false) ? 'same' : null;
}

async function apply(
  sql: pg.ClientBase,
  keys: StoreKeys,
  id: string,
  { action, liftsAt, withheld, question }: Decision,
): Promise<void> {
  if (action === 'ask') {
    if (question !== undefined) await insertWithin(sql, keys, question);
    return;
  }
  if (withheld !== undefined && withheld.length > 0) {
    await sql.query(
      `update message_recipient set state = 'withheld', settled_at = now()
       where message_id = $1 and state = 'due' and address = any($2::text[])`,
      [id, withheld],
    );
  }
  await sql.query({
    text: `
      update message set release_at_lift = ($2 = 'release-at-lift'), next_attempt_at = now(),
        state = case $2 when 'release' then 'released' when 'release-eligible' then 'released' when 'reject' then 'rejected' else state end,
        judge_again = judge_again and $2 = 'release-at-lift',
        judge_again_at = case $2 when 'release-at-lift' then $3::timestamptz else judge_again_at end,
        cleared_at = case when $2 in ('release', 'release-eligible') then now() else cleared_at end
      where id = $1 and state = 'held'`,
    values: [id, action, liftsAt === null ? null : new Date(liftsAt)],
  });
}
