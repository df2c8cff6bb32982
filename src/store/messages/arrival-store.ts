import type pg from 'pg';
import type { ArrivalRecord, UnsureArrival } from '../../service/arrival-record.ts';
import { inTransaction } from '../sql.ts';

/** Answers of gateways on PostgreSQL. A message names its gateway and digest in `transport`, so that taking it costs no other write. */
export function createArrivalStore(pool: pg.Pool): ArrivalRecord {
  return {
    async mark(gateway, sureBelow) {
      await pool.query({
        name: 'mark-gateway',
        text: `insert into gateway_mark (gateway, sure_below) values ($1, $2)
               on conflict (gateway) do update set sure_below = excluded.sure_below, seen_at = now()`,
        values: [gateway, sureBelow],
      });
    },
    async end(gateway) {
      await pool.query('delete from gateway_mark where gateway = $1', [gateway]);
    },
    adopt: (isGone) => adopt(pool, isGone),
    async note({ digest, id, fromId, untilId }) {
      await pool.query(
        `insert into unsure_arrival (digest, id, from_id, until_id) values ($1, $2, $3, $4)
         on conflict (digest) do update set id = coalesce(excluded.id, unsure_arrival.id),
           from_id = least(excluded.from_id, unsure_arrival.from_id), until_id = greatest(excluded.until_id, unsure_arrival.until_id),
           noted_at = now()`,
        [digest, id, fromId, untilId],
      );
    },
    async noted(ms) {
      const { rows } = await pool.query<UnsureArrival>(
        `select digest, id, from_id as "fromId", until_id as "untilId" from unsure_arrival
         where noted_at > now() - $1::float8 * interval '1 millisecond'`,
        [ms],
      );
      return rows;
    },
    async isNoted(digest) {
      const { rowCount } = await pool.query('select from unsure_arrival where digest = $1', [digest]);
      return rowCount !== 0;
    },
    async find({ digest, id, fromId, untilId }) {
      if (id !== null) return id;
      const { rows } = await pool.query<{ id: string }>(
        `select id from message where id >= $1 and id <= $2 and transport->'arrival'->>'digest' = $3 order by id limit 1`,
        [fromId, untilId, digest],
      );
      return rows[0]?.id ?? null;
    },
    async forget(digest) {
      await pool.query('delete from unsure_arrival where digest = $1', [digest]);
    },
    async tidyUp(ms) {
      await pool.query(`delete from unsure_arrival where noted_at < now() - $1::float8 * interval '1 millisecond'`, [
        ms,
      ]);
    },
  };
}

async function adopt(pool: pg.Pool, isGone: (gateway: string, silentMs: number) => boolean): Promise<void> {
  const { rows } = await pool.query<{ gateway: string; silent: number }>(
    'select gateway, (extract(epoch from now() - seen_at) * 1000)::float8 as silent from gateway_mark',
  );
  for (const { gateway, silent } of rows) {
    if (!isGone(gateway, silent)) continue;
    await inTransaction(pool, async (sql) => {
      await sql.query(
        `insert into unsure_arrival (digest, id, from_id, until_id)
         select distinct on (digest) transport->'arrival'->>'digest' as digest, id, id, id
         from message where id >= (select sure_below from gateway_mark where gateway = $1) and transport->'arrival'->>'gateway' = $1
         order by digest, id
         on conflict (digest) do update set id = coalesce(unsure_arrival.id, excluded.id), noted_at = now()`,
        [gateway],
      );
      await sql.query('delete from gateway_mark where gateway = $1', [gateway]);
    });
  }
}
