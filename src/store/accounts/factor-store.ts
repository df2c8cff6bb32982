import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { newFactorSecret, stepOfCode } from '../../service/second-factor.ts';
import type { AccountRecord } from '../../service/stores.ts';
import { appendAudit } from '../audit-log.ts';
import { open, seal } from '../sealing.ts';
import { inTransaction } from '../sql.ts';
import { findKey, type StoreKeys } from '../store-keys.ts';
import type { Digest } from './account-row.ts';

const RECOVERY_CODES = 10;
/** No letter or digit that is read as another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Second factors: sealed secrets, the last step taken of each, and recovery codes as keyed digests. */
export function createFactorStore(
  pool: pg.Pool,
  keys: StoreKeys,
  digest: Digest,
  now: () => number,
): Pick<AccountRecord, 'startFactor' | 'pendingFactor' | 'confirmFactor' | 'removeFactor'> {
  return {
    async startFactor(id) {
      const secret = newFactorSecret();
      await pool.query(
        `update app_user set totp_secret = $2, totp_key = $3, totp_pending = true, totp_last_step = null
         where id = $1 and (totp_secret is null or totp_pending)`,
        [id, seal(Buffer.from(secret), keys.current.key, placeOf(id)), keys.current.id],
      );
      return (await secretOf(pool, keys, id, true)) ?? secret;
    },
    pendingFactor: (id) => secretOf(pool, keys, id, true),
    async confirmFactor(id, code) {
      const secret = await secretOf(pool, keys, id, true);
      const step = secret === null ? null : stepOfCode(secret, code, now());
      if (step === null) return null;
      const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
      return inTransaction(pool, async (sql) => {
        const { rowCount } = await sql.query(
          'update app_user set totp_pending = false, totp_last_step = $2 where id = $1 and totp_pending',
          [id, step],
        );
        if (rowCount === 0) return null;
        await sql.query('delete from recovery_code where user_id = $1', [id]);
        await sql.query('insert into recovery_code (user_id, code_hash) select $1, unnest($2::bytea[])', [
          id,
          codes.map((one) => digest('recovery', plainCode(one))),
        ]);
        await appendAudit(sql, keys, { actor: id, action: 'factor.enrolled', target: id, detail: {} });
        return codes;
      });
    },
    removeFactor: (id, actor) =>
      inTransaction(pool, async (sql) => {
        const { rowCount } = await sql.query(
          `update app_user set totp_secret = null, totp_key = null, totp_pending = false, totp_last_step = null
           where id = $1 and totp_secret is not null`,
          [id],
        );
        await sql.query('delete from recovery_code where user_id = $1', [id]);
        if (rowCount === 0) return false;
        const action = actor === id ? 'factor.removed' : 'user.factor-reset';
        await appendAudit(sql, keys, { actor, action, target: id, detail: {} });
        return true;
      }),
  };
}

/**
 * Takes a code of a user's second factor, or a recovery code, once: a step that was used, or an earlier one, is refused.
 *
 * In one statement each, so that of two at once one is refused.
 */
export async function takeCode(
  sql: pg.ClientBase,
  keys: StoreKeys,
  digest: Digest,
  user: string,
  code: string,
  now: number,
): Promise<'code' | 'recovery' | null> {
  const secret = await secretOf(sql, keys, user, false);
  if (secret === null) return null;
  const step = stepOfCode(secret, code, now);
  if (step !== null) {
    const { rowCount } = await sql.query(
      'update app_user set totp_last_step = $2 where id = $1 and coalesce(totp_last_step, -1) < $2',
      [user, step],
    );
    return rowCount === 1 ? 'code' : null;
  }
  const { rowCount } = await sql.query('delete from recovery_code where user_id = $1 and code_hash = $2', [
    user,
    digest('recovery', plainCode(code)),
  ]);
  return rowCount === 1 ? 'recovery' : null;
}

async function secretOf(
  sql: Pick<pg.Pool | pg.ClientBase, 'query'>,
  keys: StoreKeys,
  id: string,
  pending: boolean,
): Promise<string | null> {
  const { rows } = await sql.query<{ totp_secret: Buffer; totp_key: string }>(
    'select totp_secret, totp_key from app_user where id = $1 and totp_secret is not null and totp_pending = $2',
    [id, pending],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const key = findKey(keys, row.totp_key);
  if (key === null) throw new Error(`the key file has no key ${row.totp_key}, which a second factor is sealed with`);
  return open(row.totp_secret, key.key, placeOf(id)).toString();
}

const placeOf = (user: string) => `${user}/second-factor`;

function newRecoveryCode(): string {
  const letters = Array.from(randomBytes(16), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return letters.match(/.{4}/g)?.join('-') ?? letters;
}

const plainCode = (code: string) => code.toLowerCase().replaceAll(/[\s-]/g, '');
