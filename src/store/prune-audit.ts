import { createHmac, timingSafeEqual } from 'node:crypto';
import type pg from 'pg';

import type { StoreKeys } from './store-keys.ts';

const BATCH = 5_000;

/** Where the chain begins: after its row `seq`, whose hash the first row goes on from. */
export interface AuditBase {
  readonly seq: number;
  readonly hash: Uint8Array;
}

const BEGINNING: AuditBase = { seq: 0, hash: new Uint8Array() };

/** The base of the chain; null where it is not one that this key file's owner set. */
export async function auditBase(
  sql: Pick<pg.Pool, 'query'> | pg.ClientBase,
  key: Uint8Array,
): Promise<AuditBase | null> {
  const { rows } = await sql.query<{ seq: string; hash: Buffer; proof: Buffer }>(
    'select seq, hash, proof from audit_base',
  );
  const [row] = rows;
  if (row === undefined) return BEGINNING;
  const base = { seq: Number(row.seq), hash: row.hash };
  const proof = proofOf(base, key);
  return proof.length === row.proof.length && timingSafeEqual(proof, row.proof) ? base : null;
}

/**
 * Deletes the oldest rows of the audit log that have served their term, some thousand at a time; answers how many.
 *
 * The chain goes on from the hash of the last that went, proven by a code that only the key file gives: nobody else can shorten it.
 */
export async function pruneAudit(sql: pg.ClientBase, keys: StoreKeys, days: number): Promise<number> {
  const base = await auditBase(sql, keys.audit);
  // What is broken is evidence, and stays.
  if (base === null) return 0;
  const { rows } = await sql.query<{ seq: string; hash: Buffer }>(
    `select seq, hash from audit_log where seq <= $1 and at < now() - $2::float8 * interval '1 day'
       and seq < coalesce((select min(seq) from audit_log where at >= now() - $2::float8 * interval '1 day'), $1::bigint + 1)
     order by seq desc limit 1`,
    [base.seq + BATCH, days],
  );
  const [last] = rows;
  if (last === undefined) return 0;
  const next = { seq: Number(last.seq), hash: last.hash };
  await sql.query(
    `insert into audit_base (seq, hash, proof) values ($1, $2, $3)
     on conflict (only_row) do update set seq = excluded.seq, hash = excluded.hash, proof = excluded.proof`,
    [next.seq, next.hash, proofOf(next, keys.audit)],
  );
  const gone = await sql.query('delete from audit_log where seq <= $1', [next.seq]);
  return gone.rowCount ?? 0;
}

function proofOf({ seq, hash }: AuditBase, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`audit base\0${seq}\0`).update(hash).digest();
}
