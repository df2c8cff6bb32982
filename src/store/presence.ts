import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

import type { Log } from '../service/log.ts';
import type { LiveKeys } from './live-keys.ts';

const EVERY_MS = 2_000;
/** A process that was not seen for this long has ended, or cannot reach the database. */
export const ABSENT_SECONDS = 15;

export interface Presence {
  stop(): Promise<void>;
}

/** A process that works on the database. */
export interface SeenProcess {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly role: string;
  readonly version: string;
  readonly keys: readonly string[];
  readonly currentKey: string;
  /** Its clock, ahead of the database's when it was seen. */
  readonly aheadMs: number;
}

/** Tells the database, every 2 s, that this process is there and which keys it has; on the way it reads keys that were added. */
export async function startPresence(
  pool: pg.Pool,
  self: { readonly id: string; readonly role: string; readonly keys: LiveKeys },
  log: Log,
): Promise<Presence> {
  const stopping = new AbortController();
  await tell(pool, self);
  const done = repeat();
  async function repeat(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(EVERY_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      if (stopping.signal.aborted) return;
      self.keys.reread();
      await tell(pool, self).catch((err: unknown) => log.warn({ err }, 'presence could not be told'));
    }
  }
  return {
    async stop() {
      stopping.abort();
      await done;
      await pool.query('delete from running_process where id = $1', [self.id]).catch(() => {});
    },
  };
}

async function tell(
  pool: pg.Pool,
  { id, role, keys }: { readonly id: string; readonly role: string; readonly keys: LiveKeys },
): Promise<void> {
  const { ring } = keys;
  await pool.query({
    name: 'tell-presence',
    text: `
      insert into running_process (id, host, pid, role, version, clock_at, keys, current_key)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (id) do update set seen_at = now(), clock_at = excluded.clock_at, keys = excluded.keys,
        current_key = excluded.current_key`,
    values: [id, hostname(), process.pid, role, VERSION, new Date(), [...ring.byId.keys()], ring.current.id],
  });
}

/** Who works on the database now. */
export async function seenProcesses(pool: Pick<pg.Pool, 'query'>): Promise<readonly SeenProcess[]> {
  await pool.query(`delete from running_process where seen_at < now() - interval '1 day'`);
  const { rows } = await pool.query<SeenProcess>(
    `select id, host, pid, role, version, keys, current_key as "currentKey",
       (extract(epoch from clock_at - seen_at) * 1000)::float8 as "aheadMs"
     from running_process where seen_at > now() - $1::float8 * interval '1 second' order by role, id`,
    [ABSENT_SECONDS],
  );
  return rows;
}

/** Of the program, as its package says. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }
).version;
