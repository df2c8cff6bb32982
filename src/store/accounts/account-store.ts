import { randomUUID } from 'node:crypto';
import argon2 from 'argon2';
import type pg from 'pg';
import type { Caller } from '../../service/ports.ts';
import type { AccountRecord, NewUser } from '../../service/stores.ts';
import { appendAudit } from '../audit-log.ts';
import { inTransaction } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { ACCOUNT_COLUMNS, type AccountRow, digestWith, hashPassword, toAccount } from './account-row.ts';
import { createFactorStore } from './factor-store.ts';
import { createSessionStore, type SessionLimits } from './session-store.ts';
import { createSignInStore } from './sign-in-store.ts';
import { createTokenStore, insertToken } from './token-store.ts';

export const DEFAULT_SESSION_LIMITS: SessionLimits = { sessionIdleMinutes: 60, sessionHours: 12 };

/** `now`: the real clock, by which second factors are checked even in a trial. */
export function createAccountStore(
  pool: pg.Pool,
  keys: StoreKeys,
  limits: SessionLimits = DEFAULT_SESSION_LIMITS,
  now: () => number = Date.now,
): AccountRecord {
  const digest = digestWith(keys);
  const wasUsed = async (
    sql: pg.ClientBase,
    actor: string,
    action: 'user.password-reset' | 'user.unlocked',
    id: string,
  ) => appendAudit(sql, keys, { actor, action, target: id, detail: {} });
  return {
    ...createSessionStore(pool, keys, digest, limits),
    ...createSignInStore(pool, keys, digest, { now, ...limits }),
    ...createFactorStore(pool, keys, digest, now),
    ...createTokenStore(pool, keys, digest),
    async hasUsers() {
      const { rowCount } = await pool.query('select from app_user limit 1');
      return rowCount !== 0;
    },
    async namesOf(ids) {
      const { rows } = await pool.query<{ id: string; name: string }>({
        name: 'names-of-accounts',
        text: 'select id, name from app_user where id = any($1) union all select id, name from api_token where id = any($1)',
        values: [[...new Set(ids)]],
      });
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
    async createFirst(user, token) {
      const hash = await hashPassword(user.password);
      return inTransaction(pool, async (sql) => {
        await sql.query('lock table app_user in exclusive mode');
        const { rowCount } = await sql.query('select from app_user limit 1');
        if (rowCount !== 0) return false;
        const caller = await insertUser(sql, user, hash);
        const machine = await insertToken(sql, token, digest('token', token.token));
        const detail = { user: caller?.id ?? '', token: machine.id };
        await appendAudit(sql, keys, { actor: 'holdfast', action: 'first-start', target: null, detail });
        return true;
      });
    },
    async createUser(user, actor) {
      const hash = await hashPassword(user.password);
      return inTransaction(pool, async (sql) => {
        const caller = await insertUser(sql, user, hash);
        if (caller === null) return null;
        const detail = { name: user.name, roles: user.roles };
        await appendAudit(sql, keys, { actor, action: 'user.created', target: caller.id, detail });
        return caller;
      });
    },
    async accounts() {
      const { rows } = await pool.query<AccountRow>(`select ${ACCOUNT_COLUMNS} from app_user u order by lower(u.name)`);
      return rows.map(toAccount);
    },
    async account(id) {
      const { rows } = await pool.query<AccountRow>(`select ${ACCOUNT_COLUMNS} from app_user u where u.id = $1`, [id]);
      return rows[0] === undefined ? null : toAccount(rows[0]);
    },
    changeUser: (id, change, actor) =>
      inTransaction(pool, async (sql) => {
        // Two who disable each other at once: one of them stays.
        await sql.query('lock table app_user in share row exclusive mode');
        await sql.query('savepoint change');
        const { rowCount } = await sql.query(
          `update app_user set
             address = case when $2 then $3 else address end,
             roles = coalesce($4::text[], roles), is_disabled = coalesce($5, is_disabled)
           where id = $1`,
          [id, change.address !== undefined, change.address ?? null, change.roles ?? null, change.isDisabled ?? null],
        );
        const left = await sql.query(`select from app_user where 'admin' = any(roles) and not is_disabled limit 1`);
        if (rowCount === 0 || left.rowCount === 0) {
          await sql.query('rollback to savepoint change');
          return false;
        }
        if (change.isDisabled === true) await endEverything(sql, id);
        const detail = {
          ...(change.roles === undefined ? {} : { roles: change.roles }),
          ...(change.isDisabled === undefined ? {} : { disabled: change.isDisabled }),
          ...(change.address === undefined ? {} : { address: change.address }),
        };
        await appendAudit(sql, keys, { actor, action: 'user.changed', target: id, detail });
        return true;
      }),
    async resetPassword(id, password, actor) {
      const hash = await hashPassword(password);
      return inTransaction(pool, async (sql) => {
        const { rowCount } = await sql.query(
          `update app_user set password_hash = $2, must_change_password = true, failures = 0, locked_until = null
           where id = $1 and external_subject is null`,
          [id, hash],
        );
        if (rowCount === 0) return false;
        await endEverything(sql, id);
        await wasUsed(sql, actor, 'user.password-reset', id);
        return true;
      });
    },
    confirmPassword: (id, password) => isPassword(pool, id, password),
    async changePassword(id, current, next, keep) {
      if (!(await isPassword(pool, id, current))) return false;
      const hash = await hashPassword(next);
      return inTransaction(pool, async (sql) => {
        await sql.query('update app_user set password_hash = $2, must_change_password = false where id = $1', [
          id,
          hash,
        ]);
        await sql.query('delete from session where user_id = $1 and key_hash <> $2', [id, digest('session', keep)]);
        await sql.query('delete from sign_in_step where user_id = $1', [id]);
        await appendAudit(sql, keys, { actor: id, action: 'password.changed', target: id, detail: {} });
        return true;
      });
    },
    unlock: (id, actor) =>
      inTransaction(pool, async (sql) => {
        const { rowCount } = await sql.query('update app_user set failures = 0, locked_until = null where id = $1', [
          id,
        ]);
        if (rowCount === 0) return false;
        await wasUsed(sql, actor, 'user.unlocked', id);
        return true;
      }),
  };
}

async function isPassword(pool: pg.Pool, id: string, password: string): Promise<boolean> {
  const { rows } = await pool.query<{ password_hash: string | null }>(
    'select password_hash from app_user where id = $1 and not is_disabled',
    [id],
  );
  const known = rows[0]?.password_hash ?? null;
  return known !== null && (await argon2.verify(known, password));
}

async function endEverything(sql: pg.ClientBase, user: string): Promise<void> {
  await sql.query('delete from session where user_id = $1', [user]);
  await sql.query('delete from sign_in_step where user_id = $1', [user]);
}

/** Null where the name is taken. */
async function insertUser(sql: pg.ClientBase, user: NewUser, hash: string): Promise<Caller | null> {
  const id = `user:${randomUUID()}`;
  const { rowCount } = await sql.query(
    `insert into app_user (id, name, password_hash, address, roles, must_change_password)
     values ($1, $2, $3, $4, $5, $6) on conflict (name) do nothing`,
    [id, user.name, hash, user.address, user.roles, user.mustChangePassword ?? false],
  );
  return rowCount === 0 ? null : { id, name: user.name, address: user.address, roles: user.roles };
}
