import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { TokenView } from '../../service/accounts.ts';
import type { Caller, Role } from '../../service/ports.ts';
import type { AccountRecord, NewToken } from '../../service/stores.ts';
import { appendAudit } from '../audit-log.ts';
import { inTransaction } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { type CallerRow, type Digest, toCaller } from './account-row.ts';

/** Tokens for machines. One that a person made never does more than that person may, and ends with the account. */
export function createTokenStore(
  pool: pg.Pool,
  keys: StoreKeys,
  digest: Digest,
): Pick<AccountRecord, 'byToken' | 'createToken' | 'tokens' | 'revokeToken'> {
  return {
    async byToken(token) {
      const hash = digest('token', token);
      const { rows } = await pool.query<CallerRow & { is_read_only: boolean; is_stale: boolean }>({
        name: 'caller-by-token',
        text: `
          select t.id, t.name, t.address, t.is_read_only,
            coalesce(t.last_used_at < now() - interval '1 minute', true) as is_stale,
            case when t.created_by is null then t.roles
              else array(select unnest(t.roles) intersect select unnest(u.roles)) end as roles
          from api_token t left join app_user u on u.id = t.created_by
          where t.token_hash = $1 and not t.is_revoked and (t.expires_at is null or t.expires_at > now())
            and (t.created_by is null or not u.is_disabled)`,
        values: [hash],
      });
      const [row] = rows;
      if (row === undefined) return null;
      if (row.is_stale) await pool.query('update api_token set last_used_at = now() where token_hash = $1', [hash]);
      return { ...toCaller(row), ...(row.is_read_only ? { isReadOnly: true } : {}) };
    },
    createToken: (token, actor) =>
      inTransaction(pool, async (sql) => {
        const caller = await insertToken(sql, token, digest('token', token.token));
        const detail = {
          name: token.name,
          roles: token.roles,
          days: token.days ?? null,
          readOnly: token.isReadOnly ?? false,
        };
        await appendAudit(sql, keys, { actor, action: 'token.created', target: caller.id, detail });
        return caller;
      }),
    async tokens(owner) {
      const { rows } = await pool.query<TokenRow>(
        `select t.*, u.name as owner from api_token t left join app_user u on u.id = t.created_by
         where not t.is_revoked and ($1::text is null or t.created_by = $1) order by t.created_at desc`,
        [owner ?? null],
      );
      return rows.map(toView);
    },
    revokeToken: (id, actor, owner) =>
      inTransaction(pool, async (sql) => {
        const { rowCount } = await sql.query(
          `update api_token set is_revoked = true
           where id = $1 and not is_revoked and ($2::text is null or created_by = $2)`,
          [id, owner ?? null],
        );
        if (rowCount === 0) return false;
        await appendAudit(sql, keys, { actor, action: 'token.revoked', target: id, detail: {} });
        return true;
      }),
  };
}

export async function insertToken(sql: pg.ClientBase, token: NewToken, hash: Buffer): Promise<Caller> {
  const id = `token:${randomUUID()}`;
  await sql.query(
    `insert into api_token (id, name, token_hash, address, roles, is_read_only, expires_at, created_by)
     values ($1, $2, $3, $4, $5, $6, now() + $7::int * interval '1 day', $8)`,
    [
      id,
      token.name,
      hash,
      token.address,
      token.roles,
      token.isReadOnly ?? false,
      token.days ?? null,
      token.owner ?? null,
    ],
  );
  return { id, name: token.name, address: token.address, roles: token.roles };
}

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly is_read_only: boolean;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  readonly owner: string | null;
}

function toView(row: TokenRow): TokenView {
  return {
    id: row.id,
    name: row.name,
    roles: row.roles,
    isReadOnly: row.is_read_only,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at?.getTime() ?? null,
    lastUsedAt: row.last_used_at?.getTime() ?? null,
    owner: row.owner,
  };
}
