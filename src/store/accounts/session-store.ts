import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { AccountRecord } from '../../service/stores.ts';
import { appendAudit } from '../audit-log.ts';
import { inTransaction } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { type CallerRow, type Digest, toCaller } from './account-row.ts';

/** How long a session lives: without a request, and at most. */
export interface SessionLimits {
  readonly sessionIdleMinutes: number;
  readonly sessionHours: number;
}

/** The idle time is counted from what is at most so old. */
const SEEN_EVERY_S = 60;

export function createSessionStore(
  pool: pg.Pool,
  keys: StoreKeys,
  digest: Digest,
  { sessionIdleMinutes }: SessionLimits,
): Pick<AccountRecord, 'bySession' | 'signOut' | 'sessionsOf' | 'endSession'> {
  const live = `expires_at > now() and last_seen_at > now() - ${sessionIdleMinutes} * interval '1 minute'`;
  return {
    async bySession(key) {
      const hash = digest('session', key);
      const { rows } = await pool.query<CallerRow & { is_stale: boolean }>({
        name: `caller-by-session-${sessionIdleMinutes}`,
        text: `
          select u.id, u.name, u.address, u.roles, s.last_seen_at < now() - ${SEEN_EVERY_S} * interval '1 second' as is_stale
          from session s join app_user u on u.id = s.user_id
          where s.key_hash = $1 and ${live} and not u.is_disabled`,
        values: [hash],
      });
      const [row] = rows;
      if (row === undefined) return null;
      if (row.is_stale) await pool.query('update session set last_seen_at = now() where key_hash = $1', [hash]);
      return toCaller(row);
    },
    async signOut(session) {
      await pool.query('delete from session where key_hash = $1', [digest('session', session)]);
    },
    async sessionsOf(id, current) {
      const { rows } = await pool.query<{
        id: string;
        created_at: Date;
        last_seen_at: Date;
        expires_at: Date;
        client: string | null;
        is_this: boolean;
      }>(
        `select id, created_at, last_seen_at, expires_at, client, key_hash = $2 as is_this from session
         where user_id = $1 and ${live} order by created_at desc`,
        [id, digest('session', current)],
      );
      return rows.map((row) => ({
        id: row.id,
        openedAt: row.created_at.getTime(),
        lastSeenAt: row.last_seen_at.getTime(),
        endsAt: row.expires_at.getTime(),
        agent: row.client,
        isThis: row.is_this,
      }));
    },
    endSession: (user, session) =>
      inTransaction(pool, async (sql) => {
        const { rowCount } = await sql.query('delete from session where user_id = $1 and id::text = $2', [
          user,
          session,
        ]);
        if (rowCount === 0) return false;
        await appendAudit(sql, keys, { actor: user, action: 'session.ended', target: user, detail: {} });
        return true;
      }),
  };
}

/** Opens a session under a fresh key, whatever key the browser came with: a key that somebody planted is worth nothing. */
export async function openSession(
  sql: pg.ClientBase,
  keys: StoreKeys,
  digest: Digest,
  user: string,
  agent: string | undefined,
  hours: number,
): Promise<string> {
  const session = randomBytes(32).toString('base64url');
  await sql.query('delete from session where expires_at < now()');
  await sql.query(
    `insert into session (key_hash, user_id, expires_at, client) values ($1, $2, now() + $3::int * interval '1 hour', $4)`,
    [digest('session', session), user, hours, agent?.slice(0, 200) ?? null],
  );
  await sql.query('update app_user set last_signed_in_at = now(), failures = 0, locked_until = null where id = $1', [
    user,
  ]);
  await appendAudit(sql, keys, { actor: user, action: 'session.opened', target: user, detail: {} });
  return session;
}
