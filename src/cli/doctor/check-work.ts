import type pg from 'pg';

import type { Config } from '../../config.ts';
import { createMessageStore } from '../../store/message-store.ts';
import { seenProcesses, VERSION } from '../../store/presence.ts';
import type { StoreKeys } from '../../store/store-keys.ts';
import { type Diagnosis, fault, warning, well } from './diagnosis.ts';

const OVERDUE_SECONDS = 60;
const SKEW_MS = 2_000;

/** Who works on the database, and whether work is left lying. */
export async function checkWork(
  pool: pg.Pool,
  config: Config,
  keys: StoreKeys,
  now: () => number,
): Promise<readonly Diagnosis[]> {
  return [...(await checkProcesses(pool, keys)), ...(await checkQueue(pool, config, keys, now))];
}

async function checkProcesses(pool: pg.Pool, keys: StoreKeys): Promise<readonly Diagnosis[]> {
  const seen = await seenProcesses(pool);
  const found: Diagnosis[] = [];
  const of = (role: string) => seen.filter((process) => process.role === role);
  if (of('serve').length === 0)
    found.push(
      fault('server', 'no server runs on this database', 'start it: `holdfast serve`, or `systemctl start holdfast`'),
    );
  if (of('worker').length === 0) {
    found.push(
      fault(
        'workers',
        'no worker runs: mail is taken and judged by nobody',
        'start one: `holdfast worker`, or set HOLDFAST_WORKERS to 1 or more',
      ),
    );
  }
  for (const { role, pid, host, aheadMs, version, keys: has } of seen) {
    const name = `${role} (process ${pid} on ${host})`;
    if (Math.abs(aheadMs) > SKEW_MS) {
      found.push(
        fault(
          'clock',
          `${name} has a clock ${(aheadMs / 1000).toFixed(1)} s off the database's`,
          'let NTP (chrony or systemd-timesyncd) set it',
        ),
      );
    }
    if (!has.includes(keys.current.id)) {
      found.push(
        fault(
          'keys',
          `${name} lacks the key ${keys.current.id}: it cannot open what others write`,
          'copy the key file to that machine',
        ),
      );
    }
    if (version !== VERSION) {
      found.push(
        warning('server', `${name} is version ${version}, this one is ${VERSION}`, 'run one version everywhere'),
      );
    }
  }
  if (found.length === 0) found.push(well('workers', `${of('worker').length} at work, ${of('serve').length} serving`));
  return found;
}

async function checkQueue(
  pool: pg.Pool,
  config: Config,
  keys: StoreKeys,
  now: () => number,
): Promise<readonly Diagnosis[]> {
  const { messages, overdueSeconds } = await createMessageStore(pool, keys, now).countWaiting();
  const found: Diagnosis[] = [];
  if (overdueSeconds.scan > OVERDUE_SECONDS) {
    found.push(
      fault(
        'queue',
        `mail has waited ${Math.round(overdueSeconds.scan)} s to be judged`,
        'look at the log of the workers and at /readyz, or start more of them',
      ),
    );
  }
  if (config.nextHop !== null && overdueSeconds.deliver > OVERDUE_SECONDS) {
    found.push(
      fault(
        'queue',
        `judged mail has been due for delivery for ${Math.round(overdueSeconds.deliver)} s`,
        'look at the log of the workers and at the next hop',
      ),
    );
  }
  const { rows } = await pool.query<{ stuck: number; expiring: number; stale: number }>(
    `select
       (select count(*)::int from message where state = 'received' and scan_attempts > 1) as stuck,
       (select count(*)::int from message where state = 'held' and judged_at < now() - $1::float8 * interval '1 day') as expiring,
       (select count(*)::int from message where content_purged_at is null and state <> 'delivered'
          and ended_at < now() - $2::float8 * interval '1 day') as stale`,
    [Math.max(0, config.keepHeldDays - 7), config.keepContentDays + 1],
  );
  const [row] = rows;
  if ((row?.expiring ?? 0) > 0) {
    found.push(
      warning(
        'held mail',
        `${row?.expiring} messages expire within a week, undecided`,
        'decide on them, or raise HOLDFAST_KEEP_HELD_DAYS',
      ),
    );
  }
  if ((row?.stale ?? 0) > 0) {
    found.push(
      fault(
        'retention',
        `content of ${row?.stale} messages is kept past its term`,
        'a server must run for the deletion to be done: look at its log for "tidying up failed"',
      ),
    );
  }
  const waiting = messages.received + messages.scanning + messages.cleared + messages.released + messages.delivering;
  return found.length > 0 ? found : [well('queue', `${waiting} messages under way, ${messages.held} held`)];
}
