import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import argon2 from 'argon2';
import type pg from 'pg';

import type { Caller, Role } from '../service/ports.ts';
import type { AccountRecord, NewToken, NewUser } from '../service/stores.ts';
import { appendAudit } from './audit-log.ts';
import { inTransaction } from './sql.ts';
import type { StoreKeys } from './store-keys.ts';

/** OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane. */
const ARGON2 = { type: argon2.argon2id, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;
const SESSION_HOURS = 12;

interface CallerRow {
  readonly id: string;
  readonly name: string;
  readonly address: string | null;
  readonly roles: readonly Role[];
}

export function createAccountStore(pool: pg.Pool, keys: StoreKeys): AccountRecord {
  const digest = (use: string, secret: string) => createHmac('sha256', keys.token).update(`${use}\0${secret}`).digest();
  // Checked where there is no such user, so that the time tells nothing about who exists.
  const nobody = argon2.hash(randomBytes(16), ARGON2);
  nobody.catch(() => {});
  return {
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
    async byToken(token) {
      const { rows } = await pool.query<CallerRow>({
        name: 'caller-by-token',
        text: 'select id, name, address, roles from api_token where token_hash = $1 and not is_revoked',
        values: [digest('token', token)],
      });
      return toCaller(rows[0]);
    },
    async bySession(key) {
      const { rows } = await pool.query<CallerRow>({
        name: 'caller-by-session',
        text: `
          select u.id, u.name, u.address, u.roles from session s join app_user u on u.id = s.user_id
          where s.key_hash = $1 and s.expires_at > now() and not u.is_disabled`,
        values: [digest('session', key)],
      });
      return toCaller(rows[0]);
    },
    async signIn(name, password) {
      const { rows } = await pool.query<CallerRow & { password_hash: string }>(
        'select id, name, address, roles, password_hash from app_user where name = $1 and not is_disabled',
        [name],
      );
      const [user] = rows;
      const matches = await argon2.verify(user?.password_hash ?? (await nobody), password);
      const caller = toCaller(user);
      if (caller === null || !matches) {
        if (caller !== null) await audit(pool, keys, caller.id, 'session.refused');
        return null;
      }
      const session = randomBytes(32).toString('base64url');
      await inTransaction(pool, async (sql) => {
        await sql.query('delete from session where expires_at < now()');
        await sql.query(
          `insert into session (key_hash, user_id, expires_at) values ($1, $2, now() + $3::int * interval '1 hour')`,
          [digest('session', session), caller.id, SESSION_HOURS],
        );
        await appendAudit(sql, keys, { actor: caller.id, action: 'session.opened', target: caller.id, detail: {} });
      });
      return { session, caller };
    },
    async signOut(session) {
      await pool.query('delete from session where key_hash = $1', [digest('session', session)]);
    },
    async createFirst(user, token) {
      const hash = await argon2.hash(user.password, ARGON2);
      return inTransaction(pool, async (sql) => {
        await sql.query('lock table app_user in exclusive mode');
        const { rowCount } = await sql.query('select from app_user limit 1');
        if (rowCount !== 0) return false;
        const caller = await insertUser(sql, user, hash);
        const machine = await insertToken(sql, token, digest('token', token.token));
        const detail = { user: caller.id, token: machine.id };
        await appendAudit(sql, keys, { actor: 'holdfast', action: 'first-start', target: null, detail });
        return true;
      });
    },
    async createUser(user, actor) {
      const hash = await argon2.hash(user.password, ARGON2);
      return inTransaction(pool, async (sql) => {
        const caller = await insertUser(sql, user, hash);
        const detail = { name: user.name, roles: user.roles };
        await appendAudit(sql, keys, { actor, action: 'user.created', target: caller.id, detail });
        return caller;
      });
    },
    createToken: (token, actor) =>
      inTransaction(pool, async (sql) => {
        const caller = await insertToken(sql, token, digest('token', token.token));
        const detail = { name: token.name, roles: token.roles };
        await appendAudit(sql, keys, { actor, action: 'token.created', target: caller.id, detail });
        return caller;
      }),
  };
}

async function insertUser(sql: pg.ClientBase, user: NewUser, hash: string): Promise<Caller> {
  const id = `user:${randomUUID()}`;
  await sql.query('insert into app_user (id, name, password_hash, address, roles) values ($1, $2, $3, $4, $5)', [
    id,
    user.name,
    hash,
    user.address,
    user.roles,
  ]);
  return { id, name: user.name, address: user.address, roles: user.roles };
}

async function insertToken(sql: pg.ClientBase, token: NewToken, hash: Buffer): Promise<Caller> {
  const id = `token:${randomUUID()}`;
  await sql.query('insert into api_token (id, name, token_hash, address, roles) values ($1, $2, $3, $4, $5)', [
    id,
    token.name,
    hash,
    token.address,
    token.roles,
  ]);
  return { id, name: token.name, address: token.address, roles: token.roles };
}

function audit(pool: pg.Pool, keys: StoreKeys, actor: string, action: 'session.refused'): Promise<void> {
  return inTransaction(pool, (sql) => appendAudit(sql, keys, { actor, action, target: actor, detail: {} }));
}

function toCaller(row: CallerRow | undefined): Caller | null {
  return row === undefined ? null : { id: row.id, name: row.name, address: row.address, roles: row.roles };
}
