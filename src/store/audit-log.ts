import { createHmac } from 'node:crypto';
import type pg from 'pg';

import type { AuditAct, AuditAction, AuditCheck, AuditLog, AuditRow } from '../service/stores.ts';
import { canonicalJson } from './canonical-json.ts';
import { auditBase } from './prune-audit.ts';
import { inTransaction } from './sql.ts';
import type { StoreKeys } from './store-keys.ts';

interface Row {
  readonly seq: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: AuditAction;
  readonly target: string | null;
  readonly detail: AuditAct['detail'];
  readonly hash: Buffer;
}

const PAGE = 1000;

export function createAuditLog(pool: pg.Pool, keys: StoreKeys): AuditLog {
  return {
    append: (act) => inTransaction(pool, (sql) => appendAudit(sql, keys, act)),
    async list({ limit, before, target, action, actor, from, to }) {
      const { rows } = await pool.query<Row>(
        `select * from audit_log where ($1::bigint is null or seq < $1) and ($2::text is null or target = $2)
         and ($4::text is null or action = $4) and ($5::text is null or actor = $5)
         and ($6::timestamptz is null or at >= $6) and ($7::timestamptz is null or at < $7) order by seq desc limit $3`,
        [
          before ?? null,
          target ?? null,
          limit,
          action ?? null,
          actor ?? null,
          from === undefined ? null : new Date(from),
          to === undefined ? null : new Date(to),
        ],
      );
      return rows.map(toRow);
    },
    async isOurs() {
      const base = await auditBase(pool, keys.audit);
      if (base === null) return false;
      const { rows } = await pool.query<Row>('select * from audit_log where seq = $1', [base.seq + 1]);
      return rows[0] === undefined || chain(keys.audit, base.hash, toRow(rows[0])).equals(rows[0].hash);
    },
    verify: () => verifyAudit(pool, keys),
  };
}

/** Appends within the transaction of the act itself. The head row is the lock that keeps the chain in one line. */
export async function appendAudit(sql: pg.ClientBase, keys: StoreKeys, act: AuditAct): Promise<void> {
  const head = await sql.query<{ seq: string; hash: Buffer; at: Date }>(
    `select seq, hash, date_trunc('milliseconds', clock_timestamp()) as at from audit_head for update`,
  );
  const [last] = head.rows;
  if (last === undefined) throw new Error('the audit log has lost its head row');
  const row: AuditRow = { ...act, seq: Number(last.seq) + 1, at: last.at.getTime() };
  const hash = chain(keys.audit, last.hash, row);
  await sql.query(
    'insert into audit_log (seq, at, actor, action, target, detail, hash) values ($1, $2, $3, $4, $5, $6, $7)',
    [row.seq, last.at, row.actor, row.action, row.target, JSON.stringify(row.detail), hash],
  );
  await sql.query('update audit_head set seq = $1, hash = $2', [row.seq, hash]);
}

/** `h = HMAC(k, previous || canonical JSON)`. */
function chain(key: Uint8Array, previous: Uint8Array, { seq, at, actor, action, target, detail }: AuditRow): Buffer {
  return createHmac('sha256', key)
    .update(previous)
    .update(canonicalJson({ seq, at, actor, action, target, detail }))
    .digest();
}

async function verifyAudit(pool: pg.Pool, keys: StoreKeys): Promise<AuditCheck> {
  return inTransaction(pool, async (sql) => {
    await sql.query('set transaction isolation level repeatable read, read only');
    const base = await auditBase(sql, keys.audit);
    if (base === null) return { ok: false, seq: 1, message: 'the place where the log begins was changed' };
    let previous = base.hash;
    let seq = base.seq;
    for (;;) {
      const { rows } = await sql.query<Row>('select * from audit_log where seq > $1 order by seq limit $2', [
        seq,
        PAGE,
      ]);
      for (const stored of rows) {
        const row = toRow(stored);
        if (row.seq !== seq + 1) return { ok: false, seq: seq + 1, message: `row ${seq + 1} is missing` };
        const hash = chain(keys.audit, previous, row);
        if (!hash.equals(stored.hash))
          return { ok: false, seq: row.seq, message: `row ${row.seq} or the one before it was changed` };
        previous = hash;
        seq = row.seq;
      }
      if (rows.length < PAGE) break;
    }
    const head = await sql.query<{ seq: string; hash: Buffer }>('select seq, hash from audit_head');
    const [last] = head.rows;
    if (last === undefined || Number(last.seq) !== seq || !last.hash.equals(previous)) {
      return { ok: false, seq: seq + 1, message: `rows after ${seq} are missing` };
    }
    return { ok: true, rows: seq - base.seq };
  });
}

function toRow(row: Row): AuditRow {
  return {
    seq: Number(row.seq),
    at: row.at.getTime(),
    actor: row.actor,
    action: row.action,
    target: row.target,
    detail: row.detail,
  };
}
