import type pg from 'pg';

import type { Caller } from '../../service/ports.ts';
import type { Decision, KeptMessage } from '../../service/stores.ts';
import { appendAudit } from '../audit-log.ts';
import { inTransaction } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from './message-row.ts';

const ACTS = {
  release: 'message.released',
  reject: 'message.rejected',
  'release-at-lift': 'message.release-at-lift',
} as const;

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
    await sql.query({
      text: 'insert into decision (message_id, action, reason, actor) values ($1, $2, $3, $4)',
      values: [id, decision.action, decision.reason, caller.id],
    });
    await sql.query({
      text: `
        update message set release_at_lift = ($2 = 'release-at-lift'), next_attempt_at = now(),
          state = case $2 when 'release' then 'released' when 'reject' then 'rejected' else state end,
          judge_again = judge_again and $2 = 'release-at-lift',
          judge_again_at = case $2 when 'release-at-lift' then $3::timestamptz else judge_again_at end,
          cleared_at = case $2 when 'release' then now() else cleared_at end
        where id = $1 and state = 'held'`,
      values: [id, decision.action, decision.liftsAt === null ? null : new Date(decision.liftsAt)],
    });
    await appendAudit(sql, keys, {
      actor: caller.id,
      action: ACTS[decision.action],
      target: id,
      detail: { reason: decision.reason },
    });
    const { rows } = await sql.query<MessageRow>(`select ${MESSAGE_COLUMNS} from message m where m.id = $1`, [id]);
    return rows[0] === undefined ? null : toMessage(rows[0], keys);
  });
}
