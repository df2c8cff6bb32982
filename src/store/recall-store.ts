import type pg from 'pg';
import type { RecalledMail, RecallRecipient, RecallRecord, RetroScan } from '../service/recall-record.ts';
import { appendAudit } from './audit-log.ts';
import { open, seal, unwrapDataKey } from './sealing.ts';
import { inTransaction } from './sql.ts';
import type { StoreKeys } from './store-keys.ts';

export function sealTrace(id: string, trace: Uint8Array, key: Uint8Array): Buffer {
  return seal(Buffer.from(trace), key, `${id}/trace`);
}

export function createRecallStore(pool: pg.Pool, keys: StoreKeys): RecallRecord {
  return {
    async claimDue(leaseMs) {
      const { rows } = await pool.query<{ entry: string; due_at: Date; version: string }>(
        `update retro_scan set lease_until = now() + $1::float8 * interval '1 millisecond'
         where entry = (select entry from retro_scan where scanned_at is null and (lease_until is null or lease_until < now())
                        order by due_at limit 1 for update skip locked)
         returning entry, date_trunc('milliseconds', due_at) as due_at, (select version from register_version) as version`,
        [leaseMs],
      );
      const [row] = rows;
      return row === undefined ? null : { entry: row.entry, since: row.due_at.getTime(), version: Number(row.version) };
    },
    async renew({ entry, since }, leaseMs) {
      const { rowCount } = await pool.query(
        `update retro_scan set lease_until = now() + $3::float8 * interval '1 millisecond'
         where entry = $1 and date_trunc('milliseconds', due_at) = $2`,
        [entry, new Date(since), leaseMs],
      );
      return rowCount === 1;
    },
    async traces(after, limit) {
      const { rows } = await pool.query<{ id: string; key_id: string; wrapped_key: Buffer; sealed: Buffer }>({
        name: 'traces',
        text: `
          select m.id, m.key_id, m.wrapped_key, t.sealed from message_trace t join message m on m.id = t.message_id
          where t.message_id > $1 and exists (select from message_recipient r where r.message_id = m.id and r.state = 'delivered')
          order by t.message_id limit $2`,
        values: [after ?? '', limit],
      });
      return rows.map(({ id, key_id, wrapped_key, sealed }) => ({
        id,
        trace: open(sealed, unwrapDataKey(id, key_id, wrapped_key, keys), `${id}/trace`),
      }));
    },
    async record(entry, found) {
      await pool.query(
        `insert into recall (entry, message_id, recognised_by)
         select $1, id, by from unnest($2::text[], $3::text[]) as given (id, by) where exists (select from message m where m.id = given.id)
         on conflict (entry, message_id) do update set recognised_by = excluded.recognised_by`,
        [entry, found.map(({ id }) => id), found.map(({ by }) => by)],
      );
    },
    async finish({ entry, since }, traced) {
      await pool.query(
        `update retro_scan set traced = $3, found = (select count(*) from recall where recall.entry = $1), lease_until = null,
           scanned_at = case when date_trunc('milliseconds', due_at) = $2 then now() end
         where entry = $1`,
        [entry, new Date(since), traced],
      );
    },
    async scans() {
      const { rows } = await pool.query<Omit<RetroScan, 'scannedAt'> & { scanned_at: Date | null }>(
        'select entry, scanned_at, traced, found from retro_scan order by due_at desc, entry limit 200',
      );
      return rows.map(({ scanned_at, ...scan }) => ({ ...scan, scannedAt: scanned_at?.getTime() ?? null }));
    },
    list: (entry, limit) => listRecalls(pool, entry, limit),
    confirm: ({ entry, message, recipient, note }, actor) =>
      inTransaction(pool, async (sql) => {
        const { rowCount } = await sql.query(
          `insert into recall_confirmation (entry, message_id, position, confirmed_by, note)
           select recall.entry, recall.message_id, r.position, $4, $5
           from recall join message_recipient r on r.message_id = recall.message_id
           where recall.entry = $1 and recall.message_id = $2 and r.address = $3 and r.state = 'delivered'
           on conflict (entry, message_id, position)
             do update set confirmed_at = now(), confirmed_by = excluded.confirmed_by, note = excluded.note`,
          [entry, message, recipient, actor, note],
        );
        if (rowCount === 0) return false;
        const detail = { message, recipient };
        await appendAudit(sql, keys, { actor, action: 'recall.confirmed', target: entry, detail });
        return true;
      }),
  };
}

async function listRecalls(pool: pg.Pool, entry: string | null, limit: number): Promise<readonly RecalledMail[]> {
  const { rows } = await pool.query<{
    entry: string;
    message_id: string;
    recognised_by: RecalledMail['by'];
    sender: string;
    received_at: Date;
    recipients: readonly (Omit<RecallRecipient, 'deliveredAt' | 'confirmedAt'> & {
      readonly delivered: string | null;
      readonly confirmed: string | null;
    })[];
  }>(
    `select recall.entry, recall.message_id, recall.recognised_by, m.sender, m.received_at,
       (select json_agg(json_build_object('address', r.address, 'delivered', r.settled_at, 'confirmed', c.confirmed_at,
                                          'note', coalesce(c.note, '')) order by r.position)
        from message_recipient r left join recall_confirmation c
          on c.entry = recall.entry and c.message_id = recall.message_id and c.position = r.position
        where r.message_id = m.id and r.state = 'delivered') as recipients
     from recall join message m on m.id = recall.message_id
     where $1::text is null or recall.entry = $1
     order by recall.entry, m.id desc limit $2`,
    [entry, limit],
  );
  const instant = (text: string | null) => (text === null ? null : Date.parse(text));
  return rows.map((row) => ({
    entry: row.entry,
    message: row.message_id,
    sender: row.sender,
    sentAt: row.received_at.getTime(),
    by: row.recognised_by,
    recipients: (row.recipients ?? []).map(({ delivered, confirmed, ...one }) => ({
      ...one,
      deliveredAt: instant(delivered),
      confirmedAt: instant(confirmed),
    })),
  }));
}
