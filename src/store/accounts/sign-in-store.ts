import { randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import type pg from 'pg';
import type { Accounts, SignIn } from '../../service/accounts.ts';
import { faultOfPassword } from '../../service/password-rules.ts';
import { appendAudit } from '../audit-log.ts';
import { open, seal } from '../sealing.ts';
import { inTransaction } from '../sql.ts';
import { findKey, type StoreKeys } from '../store-keys.ts';
import { type CallerRow, type Digest, hashPassword, toCaller } from './account-row.ts';
import { takeCode } from './factor-store.ts';
import { openSession } from './session-store.ts';

const STEP_MINUTES = 10;
const STEP_TRIES = 5;
/** Failures in a row, from anywhere, before an account pauses; few enough against guessing, too many to hit by mistyping. */
const MOST_FAILURES = 50;
/** A wrong code means that the password is known already. */
const CODE_WEIGHT = 5;
const LOCK_MINUTES = 15;

interface SignInRow extends CallerRow {
  readonly password_hash: string | null;
  readonly locked_s: number | null;
  readonly has_factor: boolean;
  readonly must_change_password: boolean;
}

const COLUMNS = `id, name, address, roles, password_hash, must_change_password,
  totp_secret is not null and not totp_pending as has_factor,
  case when locked_until > now() then ceil(extract(epoch from locked_until - now()))::int end as locked_s`;

type Stage = 'code' | 'new-password' | 'provider';

/** How people come in: password, second factor, a new password where one must be chosen, or an identity provider. */
export function createSignInStore(
  pool: pg.Pool,
  keys: StoreKeys,
  digest: Digest,
  settings: { readonly now: () => number; readonly sessionHours: number },
): Pick<
  Accounts,
  'signIn' | 'signInWithCode' | 'signInWithNewPassword' | 'signInExternal' | 'keepVisit' | 'takeVisit'
> {
  // Checked where there is no such user, so that the time tells nothing about who exists.
  const nobody = hashPassword(randomBytes(16));
  nobody.catch(() => {});

  const begin = async (sql: pg.ClientBase, stage: Stage, user: string | null, detail: Buffer | null = null) => {
    const step = randomBytes(32).toString('base64url');
    await sql.query('delete from sign_in_step where expires_at < now()');
    await sql.query(
      `insert into sign_in_step (key_hash, stage, user_id, detail, detail_key, expires_at)
       values ($1, $2, $3, $4, $5, now() + $6::int * interval '1 minute')`,
      [digest('step', step), stage, user, detail, detail === null ? null : keys.current.id, STEP_MINUTES],
    );
    return step;
  };

  const goOn = async (sql: pg.ClientBase, user: SignInRow, agent: string | undefined): Promise<SignIn> => {
    if (user.must_change_password) return { kind: 'new-password', step: await begin(sql, 'new-password', user.id) };
    const session = await openSession(sql, keys, digest, user.id, agent, settings.sessionHours);
    return { kind: 'open', session, caller: toCaller(user) };
  };

  return {
    async signIn(name, password, agent) {
      const { rows } = await pool.query<SignInRow>(
        `select ${COLUMNS} from app_user where name = $1 and not is_disabled`,
        [name],
      );
      const [user] = rows;
      const matches = await argon2.verify(user?.password_hash ?? (await nobody), password);
      if (user === undefined) return { kind: 'refused' };
      if (user.locked_s !== null) return { kind: 'locked', seconds: user.locked_s };
      if (!matches || user.password_hash === null) {
        await inTransaction(pool, (sql) => countFailure(sql, keys, user.id, 1));
        return { kind: 'refused' };
      }
      return inTransaction(pool, async (sql) =>
        user.has_factor ? { kind: 'code', step: await begin(sql, 'code', user.id) } : goOn(sql, user, agent),
      );
    },
    signInWithCode: (step, code, agent) =>
      inTransaction(pool, async (sql): Promise<SignIn> => {
        const user = await userOfStep(sql, digest('step', step), 'code');
        if (user === null) return { kind: 'refused' };
        if (user.locked_s !== null) return { kind: 'locked', seconds: user.locked_s };
        const taken = await takeCode(sql, keys, digest, user.id, code, settings.now());
        if (taken === null) {
          await sql.query('update sign_in_step set failures = failures + 1 where key_hash = $1', [
            digest('step', step),
          ]);
          await countFailure(sql, keys, user.id, CODE_WEIGHT);
          return { kind: 'refused' };
        }
        if (taken === 'recovery') {
          await appendAudit(sql, keys, { actor: user.id, action: 'factor.recovery-used', target: user.id, detail: {} });
        }
        await sql.query('delete from sign_in_step where key_hash = $1', [digest('step', step)]);
        return goOn(sql, user, agent);
      }),
    async signInWithNewPassword(step, password, agent) {
      return inTransaction(pool, async (sql): Promise<SignIn> => {
        const user = await userOfStep(sql, digest('step', step), 'new-password');
        if (user === null) return { kind: 'refused' };
        const fault = faultOfPassword(password, [user.name, user.address ?? '']);
        if (fault !== null) return { kind: 'weak', message: fault };
        if (user.password_hash !== null && (await argon2.verify(user.password_hash, password))) {
          return { kind: 'weak', message: 'is the one you were given, choose one of your own' };
        }
        await sql.query('update app_user set password_hash = $2, must_change_password = false where id = $1', [
          user.id,
          await hashPassword(password),
        ]);
        await sql.query('delete from sign_in_step where user_id = $1', [user.id]);
        await appendAudit(sql, keys, { actor: user.id, action: 'password.changed', target: user.id, detail: {} });
        return goOn(sql, { ...user, must_change_password: false }, agent);
      });
    },
    signInExternal: (person, agent) =>
      inTransaction(pool, async (sql): Promise<SignIn> => {
        const before = await sql.query<CallerRow>(
          'select id, name, address, roles from app_user where external_subject = $1 for update',
          [person.subject],
        );
        const { rows } = await sql.query<SignInRow & { is_disabled: boolean }>(
          `insert into app_user (id, name, address, roles, external_subject)
           values ('user:' || gen_random_uuid(),
             case when exists (select from app_user where name = $1) then $1 || ' (' || substr(md5($4), 1, 6) || ')' else $1 end,
             $2, $3, $4)
           on conflict (external_subject) do update set address = excluded.address, roles = excluded.roles
           returning ${COLUMNS}, is_disabled`,
          [person.name, person.address, person.roles, person.subject],
        );
        const [user] = rows;
        if (user === undefined) return { kind: 'refused' };
        await auditExternal(sql, keys, before.rows[0], user);
        if (user.is_disabled) return { kind: 'refused' };
        // The provider answers for the second factor, and for when a password must change.
        return goOn(sql, { ...user, must_change_password: false }, agent);
      }),
    keepVisit: (detail) =>
      inTransaction(pool, (sql) =>
        begin(sql, 'provider', null, seal(Buffer.from(detail), keys.current.key, 'sign-in/provider')),
      ),
    async takeVisit(key) {
      const { rows } = await pool.query<{ detail: Buffer; detail_key: string }>(
        `delete from sign_in_step where key_hash = $1 and stage = 'provider' and expires_at > now() returning detail, detail_key`,
        [digest('step', key)],
      );
      const [row] = rows;
      const sealing = row === undefined ? null : findKey(keys, row.detail_key);
      return row === undefined || sealing === null
        ? null
        : open(row.detail, sealing.key, 'sign-in/provider').toString();
    },
  };
}

/** What a provider says of a person decides what they may do and see: it is accounted for as an administrator's change is. */
async function auditExternal(
  sql: pg.ClientBase,
  keys: StoreKeys,
  before: CallerRow | undefined,
  { id, name, address, roles }: CallerRow,
): Promise<void> {
  const actor = 'identity-provider';
  if (before === undefined) {
    await appendAudit(sql, keys, { actor, action: 'user.created', target: id, detail: { name, roles, address } });
  } else if (before.address !== address || before.roles.toSorted().join() !== roles.toSorted().join()) {
    await appendAudit(sql, keys, { actor, action: 'user.changed', target: id, detail: { roles, address } });
  }
}

async function userOfStep(sql: pg.ClientBase, key: Buffer, stage: Stage): Promise<SignInRow | null> {
  const { rows } = await sql.query<SignInRow>(
    `select ${COLUMNS} from app_user where not is_disabled and id = (
       select user_id from sign_in_step
       where key_hash = $1 and stage = $2 and expires_at > now() and failures < $3 for update)
     for update`,
    [key, stage, STEP_TRIES],
  );
  return rows[0] ?? null;
}

/** Counted in the database, so that neither a restart nor a second process starts anew. */
async function countFailure(sql: pg.ClientBase, keys: StoreKeys, user: string, weight: number): Promise<void> {
  await sql.query(
    `update app_user set
       failures = case when failures + $2 >= $3 then 0 else failures + $2 end,
       locked_until = case when failures + $2 >= $3 then now() + $4::int * interval '1 minute' else locked_until end
     where id = $1`,
    [user, weight, MOST_FAILURES, LOCK_MINUTES],
  );
  await appendAudit(sql, keys, { actor: user, action: 'session.refused', target: user, detail: {} });
}
