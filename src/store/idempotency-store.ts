import { createHash, createHmac } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';

import type { IdempotencyRecord, KeptAnswer } from '../service/idempotency-record.ts';
import { open, seal } from './sealing.ts';
import { findKey, type StoreKeys } from './store-keys.ts';

/** How long an answer is kept. */
const KEPT = `interval '24 hours'`;
/** Longer than any request takes: after this, whoever ran it is gone. */
const LEASE = `interval '10 minutes'`;
const FORGET_EVERY_MS = 10 * 60_000;

const Answer = z.object({ status: z.int(), body: z.unknown() });

interface Row {
  readonly request: Buffer;
  readonly answer: Buffer | null;
  readonly answer_key: string | null;
  readonly isMine: boolean;
}

/** Where the sealed answer of a request belongs. */
export const answerPlace = (id: string): string => `${id}/answer`;

/** Answers are sealed, since they are a caller's view of a message; requests are kept as keyed digests alone. */
export function createIdempotencyStore(pool: pg.Pool, keys: StoreKeys): IdempotencyRecord {
  let forgotAt = Number.NEGATIVE_INFINITY;

  async function forgetOld(): Promise<void> {
    if (performance.now() - forgotAt < FORGET_EVERY_MS) return;
    forgotAt = performance.now();
    await pool.query(`delete from idempotent_request where begun_at < now() - ${KEPT}`);
  }

  return {
    async begin(caller, key, request) {
      await forgetOld();
      const id = createHash('sha256').update(`${caller.id}\0${key}`).digest('base64url');
      const digest = createHmac('sha256', keys.token);
      for (const part of request) {
        const bytes = typeof part === 'string' ? Buffer.from(part) : part;
        digest.update(`${bytes.length}:`).update(bytes);
      }
      const asked = digest.digest();
      const { rows } = await pool.query<Row>({
        name: 'begin-idempotent',
        text: `
          with begun as (
            insert into idempotent_request as known (id, request, lease_until) values ($1, $2, now() + ${LEASE})
            on conflict (id) do update set request = excluded.request, begun_at = now(), lease_until = excluded.lease_until,
              answer = null, answer_key = null
            where known.begun_at < now() - ${KEPT}
              or (known.answer is null and known.lease_until < now() and known.request = excluded.request)
            returning request, answer, answer_key)
          select *, true as "isMine" from begun
          union all
          select request, answer, answer_key, false from idempotent_request where id = $1 and not exists (select from begun)`,
        values: [id, asked],
      });
      const [row] = rows;
      // It was begun by another in this very moment.
      if (row === undefined) return { kind: 'running' };
      if (row.isMine) return { kind: 'new', ticket: id };
      if (!row.request.equals(asked)) return { kind: 'other' };
      const answer = readAnswer(id, row, keys);
      return answer === null ? { kind: 'running' } : { kind: 'answered', answer };
    },
    async finish(ticket, answer) {
      const { current } = keys;
      const sealed = seal(Buffer.from(JSON.stringify(answer)), current.key, answerPlace(ticket));
      await pool.query('update idempotent_request set answer = $2, answer_key = $3 where id = $1', [
        ticket,
        sealed,
        current.id,
      ]);
    },
    async forget(ticket) {
      await pool.query('delete from idempotent_request where id = $1 and answer is null', [ticket]);
    },
  };
}

function readAnswer(id: string, row: Row, keys: StoreKeys): KeptAnswer | null {
  if (row.answer === null) return null;
  const key = findKey(keys, row.answer_key ?? '');
  if (key === null) throw new Error(`the key file has no key ${row.answer_key}, which an answer is sealed with`);
  const { status, body } = Answer.parse(JSON.parse(open(row.answer, key.key, answerPlace(id)).toString('utf8')));
  return { status, body };
}
