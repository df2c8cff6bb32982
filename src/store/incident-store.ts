import type pg from 'pg';

import type { IncidentRecord, KeptIncident, ReportFields } from '../service/incident-record.ts';
import { appendAudit } from './audit-log.ts';
import { newDataKey, open, seal, unwrapDataKey } from './sealing.ts';
import { inTransaction, type Sql } from './sql.ts';
import type { StoreKeys } from './store-keys.ts';

interface Row {
  readonly id: string;
  readonly message_id: string | null;
  readonly opened_by: string;
  readonly opened_at: Date;
  readonly changed_at: Date;
  readonly key_id: string;
  readonly wrapped_key: Buffer;
  readonly sealed: Buffer;
}

export function createIncidentStore(pool: pg.Pool, keys: StoreKeys): IncidentRecord {
  return {
    open: ({ id, message, fields }, actor) =>
      inTransaction(pool, async (sql) => {
        const { key, keyId, wrapped } = newDataKey(id, keys);
        await sql.query(
          `insert into incident (id, message_id, opened_by, key_id, wrapped_key, sealed) values ($1, $2, $3, $4, $5, $6)`,
          [id, message, actor, keyId, wrapped, sealFields(id, fields, key)],
        );
        await appendAudit(sql, keys, { actor, action: 'incident.opened', target: id, detail: { message } });
      }),
    async find(id) {
      const { rows } = await pool.query<Row>('select * from incident where id = $1', [id]);
      return rows[0] === undefined ? null : toIncident(rows[0], keys);
    },
    async list(limit) {
      const { rows } = await pool.query<Row>('select * from incident order by opened_at desc, id limit $1', [limit]);
      return rows.map((row) => toIncident(row, keys));
    },
    save: (id, fields, actor) =>
      inTransaction(pool, async (sql) => {
        const { rows } = await sql.query<Row>('select * from incident where id = $1 for update', [id]);
        const [row] = rows;
        if (row === undefined) return false;
        const key = unwrapDataKey(id, row.key_id, row.wrapped_key, keys);
        await sql.query('update incident set sealed = $2, changed_at = now() where id = $1', [
          id,
          sealFields(id, fields, key),
        ]);
        await appendAudit(sql, keys, { actor, action: 'incident.changed', target: id, detail: {} });
        return true;
      }),
    confirm: (id, recipient, note, actor) =>
      inTransaction(pool, async (sql) => {
        const key = await keyOf(sql, id, keys);
        if (key === null) return false;
        const { rowCount } = await sql.query(
          `insert into incident_confirmation (incident_id, recipient, confirmed_by, note)
           select i.id, r.address, $3, $4 from incident i join message_recipient r on r.message_id = i.message_id
           where i.id = $1 and r.address = $2 and r.state = 'delivered' limit 1
           on conflict (incident_id, recipient)
             do update set confirmed_at = now(), confirmed_by = excluded.confirmed_by, note = excluded.note`,
          [id, recipient, actor, seal(Buffer.from(note), key, notePlace(id, recipient)).toString('base64')],
        );
        if (rowCount === 0) return false;
        await appendAudit(sql, keys, { actor, action: 'incident.confirmed', target: id, detail: { recipient } });
        return true;
      }),
    async confirmations(id) {
      const key = await keyOf(pool, id, keys);
      if (key === null) return [];
      const { rows } = await pool.query<{ recipient: string; confirmed_at: Date; note: string }>(
        'select recipient, confirmed_at, note from incident_confirmation where incident_id = $1',
        [id],
      );
      return rows.map(({ recipient, confirmed_at, note }) => ({
        recipient,
        confirmedAt: confirmed_at.getTime(),
        note: open(Buffer.from(note, 'base64'), key, notePlace(id, recipient)).toString('utf8'),
      }));
    },
  };
}

async function keyOf(sql: Sql, id: string, keys: StoreKeys): Promise<Uint8Array | null> {
  const { rows } = await sql.query<Pick<Row, 'key_id' | 'wrapped_key'>>(
    'select key_id, wrapped_key from incident where id = $1',
    [id],
  );
  const [row] = rows;
  return row === undefined ? null : unwrapDataKey(id, row.key_id, row.wrapped_key, keys);
}

function notePlace(id: string, recipient: string): string {
  return `${id}/confirmation/${recipient}`;
}

function sealFields(id: string, fields: ReportFields, key: Uint8Array): Buffer {
  return seal(Buffer.from(JSON.stringify(fields)), key, `${id}/incident`);
}

function toIncident(row: Row, keys: StoreKeys): KeptIncident {
  const key = unwrapDataKey(row.id, row.key_id, row.wrapped_key, keys);
  return {
    id: row.id,
    message: row.message_id,
    openedBy: row.opened_by,
    openedAt: row.opened_at.getTime(),
    changedAt: row.changed_at.getTime(),
    // Authenticated by the incident's own key, so it is what `sealFields` wrote.
    fields: JSON.parse(open(row.sealed, key, `${row.id}/incident`).toString('utf8')),
  };
}
