import type { Instant } from '../../core/entry.ts';
import type { PendingJob } from '../../service/ports.ts';
import type { Sql } from '../sql.ts';
import { BATCH_WAIT_OVER, GROWN_OLD, TO_JUDGE_AGAIN } from './scan-claim.ts';

/** Whoever clears a message delivers it; only after this it counts as forgotten. */
const OWN_DELIVERY = '3 seconds';

/**
 * What the queue should know, oldest first, at most `limit` of each kind: mail that piles up before a next hop that is away keeps no
 * lift waiting. `now` decides lifts alone. An old verdict is renewed where mail can be delivered, since only there it matters.
 */
export async function pendingJobs(
  sql: Sql,
  now: Instant,
  limit: number,
  kinds: readonly PendingJob['kind'][],
): Promise<readonly PendingJob[]> {
  const { rows } = await sql.query<PendingJob>({
    name: 'pending-jobs',
    text: `
      with scans as (
        (select id from message
          where state in ('received', 'scanning') and $3 and next_attempt_at <= now() and ((state = 'received' and (scan_attempts > 0 or not $5)) or lease_until < now())
          order by id limit $2)
        union
        (select id from message where state = 'held' and judge_again_at <= $1 and $3 order by id limit $2)
        union
        (select id from message where ${TO_JUDGE_AGAIN} and $3 order by id limit $2)
        union
        (select id from message where ${GROWN_OLD} and $3 and $4 order by id limit $2)
        union
        (select id from message where ${BATCH_WAIT_OVER} and $3 order by id limit $2)),
      deliveries as (
        select id from message
        where state in ('cleared', 'released', 'delivering') and not ${GROWN_OLD} and kind = 'email' and $4
          and next_attempt_at <= now() - case when $5 then interval '${OWN_DELIVERY}' else interval '0' end
          and (state <> 'delivering' or lease_until is null or lease_until < now()) and not judge_again and batch_wait_since is null
        order by id limit $2)
      (select 'scan' as kind, id from scans order by id limit $2) union all (select 'deliver', id from deliveries) order by id`,
    values: [new Date(now), limit, kinds.includes('scan'), kinds.includes('deliver'), kinds.includes('take')],
  });
  return rows;
}
