import { createHmac } from 'node:crypto';
import type pg from 'pg';
import type { CheckPoint, CheckPointRecord } from '../service/check-points.ts';
import { appendAudit } from './audit-log.ts';
import { open, seal } from './sealing.ts';
import { inTransaction } from './sql.ts';
import { findKey, type StoreKeys } from './store-keys.ts';

interface Row {
  readonly id: string;
  readonly kind: CheckPoint['kind'];
  readonly name: string;
  readonly author: string;
  readonly origins: readonly string[];
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly is_revoked: boolean;
  readonly secret: Buffer | null;
  readonly secret_key: string | null;
}

const COLUMNS = 'id, kind, name, author, origins, created_at, expires_at, is_revoked, secret, secret_key';
const IN_FORCE = 'not is_revoked and expires_at > now()';
const SHOWN = 500;

export function createCheckPointStore(pool: pg.Pool, keys: StoreKeys): CheckPointRecord {
  const digest = (token: string) => createHmac('sha256', keys.token).update(`check-point\0${token}`).digest();
  const one = async (where: string, value: unknown): Promise<Row | undefined> => {
    const { rows } = await pool.query<Row>(`select ${COLUMNS} from check_point where ${where}`, [value]);
    return rows[0];
  };
  return {
    create: (point, secret, actor) =>
      inTransaction(pool, async (sql) => {
        const isEmbed = point.kind === 'embed';
        const { id: keyId, key } = keys.current;
        await sql.query(
          `insert into check_point (id, kind, name, author, origins, token_hash, secret, secret_key, created_by, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
          [
            point.id,
            point.kind,
            point.name,
            point.author,
            point.origins,
            isEmbed ? digest(secret) : null,
            isEmbed ? null : seal(Buffer.from(secret, 'utf8'), key, placeOf(point.id, keyId)),
            isEmbed ? null : keyId,
            actor,
            new Date(point.expiresAt),
          ],
        );
        const detail = { kind: point.kind, name: point.name, origins: point.origins };
        await appendAudit(sql, keys, { actor, action: 'check-point.created', target: point.id, detail });
      }),
    async list() {
      const { rows } = await pool.query<Row>(
        `select ${COLUMNS} from check_point order by is_revoked, created_at desc limit ${SHOWN}`,
      );
      return rows.map(toPoint);
    },
    async find(id) {
      const row = await one('id = $1', id);
      return row === undefined ? null : toPoint(row);
    },
    revoke: (id, actor) =>
      inTransaction(pool, async (sql) => {
        const { rowCount } = await sql.query(
          'update check_point set is_revoked = true where id = $1 and not is_revoked',
          [id],
        );
        if (rowCount !== 0)
          await appendAudit(sql, keys, { actor, action: 'check-point.ended', target: id, detail: {} });
        return rowCount !== 0;
      }),
    async byToken(token) {
      const row = await one(`token_hash = $1 and ${IN_FORCE}`, digest(token));
      return row === undefined ? null : toPoint(row);
    },
    async bySecret(id) {
      const row = await one(`id = $1 and ${IN_FORCE}`, id);
      if (row === undefined || row.secret === null || row.secret_key === null) return null;
      return { point: toPoint(row), secret: unseal(row.id, row.secret, row.secret_key, keys) };
    },
    async hasOrigin(origin) {
      const { rowCount } = await pool.query(`select from check_point where $1 = any(origins) and ${IN_FORCE} limit 1`, [
        origin,
      ]);
      return rowCount !== 0;
    },
    async isFirst(id, signature, windowMs) {
      await pool.query(`delete from check_point_seen where seen_at < now() - $1 * interval '1 millisecond'`, [
        windowMs,
      ]);
      const { rowCount } = await pool.query(
        'insert into check_point_seen (point, signature) values ($1, $2) on conflict do nothing',
        [id, Buffer.from(signature)],
      );
      return rowCount !== 0;
    },
  };
}

function unseal(id: string, sealed: Buffer, keyId: string, keys: StoreKeys): string {
  const wrapping = findKey(keys, keyId);
  if (wrapping === null) throw new Error(`the key file has no key ${keyId}, which check point ${id} is sealed with`);
  return open(sealed, wrapping.key, placeOf(id, keyId)).toString('utf8');
}

function placeOf(id: string, keyId: string): string {
  return `${id}/secret/${keyId}`;
}

function toPoint(row: Row): CheckPoint {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    author: row.author,
    origins: row.origins,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    isRevoked: row.is_revoked,
  };
}
