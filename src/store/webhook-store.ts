import type pg from 'pg';

import type { Webhook, WebhookDelivery, WebhookRecord } from '../service/webhook-record.ts';
import { appendAudit } from './audit-log.ts';
import { open, seal } from './sealing.ts';
import { inTransaction } from './sql.ts';
import { findKey, type StoreKeys } from './store-keys.ts';

interface Row {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly created_at: Date;
  readonly ended_at: Date | null;
  readonly last_success_at: Date | null;
  readonly last_failure_at: Date | null;
  readonly last_failure: string | null;
  readonly waiting: string;
}

interface DueRow {
  readonly id: string;
  readonly webhook_id: string;
  readonly event: string;
  readonly happened_at: Date;
  readonly age: number;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly url: string;
  readonly secret: Buffer;
  readonly secret_key: string;
}

/** Where the sealed secret of a webhook belongs. */
export const webhookSecretPlace = (id: string): string => `${id}/webhook-secret`;

const COLUMNS = `id, url, events, created_at, ended_at, last_success_at, last_failure_at, last_failure,
  (select count(*) from webhook_event e where e.webhook_id = webhook.id) as waiting`;

export function createWebhookStore(pool: pg.Pool, keys: StoreKeys): WebhookRecord {
  return {
    async list({ limit, after }) {
      const { rows } = await pool.query<Row>(
        `select ${COLUMNS} from webhook where $2::text is null or id < $2 order by id desc limit $1`,
        [limit, after ?? null],
      );
      return rows.map(toWebhook);
    },
    create: ({ id, url, events, secret }, caller) =>
      inTransaction(pool, async (sql) => {
        const { current } = keys;
        const { rows } = await sql.query<Row>(
          `insert into webhook (id, url, events, secret, secret_key, created_by) values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`,
          [id, url, events, seal(secret, current.key, webhookSecretPlace(id)), current.id, caller.id],
        );
        const detail = { host: new URL(url).host, events };
        await appendAudit(sql, keys, { actor: caller.id, action: 'webhook.created', target: id, detail });
        const [row] = rows;
        if (row === undefined) throw new Error(`webhook ${id} was not stored`);
        return toWebhook(row);
      }),
    remove: (id, caller) =>
      inTransaction(pool, async (sql) => {
        const { rowCount } = await sql.query('delete from webhook where id = $1', [id]);
        if (rowCount !== 1) return false;
        await appendAudit(sql, keys, { actor: caller.id, action: 'webhook.removed', target: id, detail: {} });
        return true;
      }),
    async test(id) {
      const { rowCount } = await pool.query(
        `insert into webhook_event (webhook_id, event, detail) select id, 'webhook.test', '{}' from webhook where id = $1`,
        [id],
      );
      return rowCount === 1;
    },
    async claim(limit, leaseMs) {
      const { rows } = await pool.query<DueRow>({
        name: 'claim-webhook-events',
        text: `
          with turns as (
            select id, next_attempt_at, row_number() over (partition by webhook_id order by next_attempt_at) as turn
            from webhook_event where next_attempt_at <= now() and (lease_until is null or lease_until < now())),
          due as materialized (
            select id from webhook_event where id in (select id from turns order by turn, next_attempt_at limit $1)
              and (lease_until is null or lease_until < now())
            for update skip locked)
          update webhook_event e set lease_until = now() + $2::float8 * interval '1 millisecond', attempts = attempts + 1
          from due, webhook w where e.id = due.id and w.id = e.webhook_id
          returning e.id, e.webhook_id, e.event, e.happened_at, e.detail, e.attempts, w.url, w.secret, w.secret_key,
            (extract(epoch from now() - e.happened_at) * 1000)::float8 as age`,
        values: [limit, leaseMs],
      });
      return rows.flatMap((row) => toDelivery(row, keys));
    },
    async settle({ eventId, webhookId }, outcome) {
      await inTransaction(pool, async (sql) => {
        const event = idOf(eventId);
        if (outcome.kind === 'deferred') {
          await sql.query(
            `update webhook_event set lease_until = null, next_attempt_at = now() + $2::float8 * interval '1 millisecond' where id = $1`,
            [event, outcome.retryAfterMs],
          );
        } else await sql.query('delete from webhook_event where id = $1', [event]);
        if (outcome.kind === 'delivered') {
          await sql.query('update webhook set last_success_at = now() where id = $1', [webhookId]);
          return;
        }
        await sql.query(
          `update webhook set last_failure_at = now(), last_failure = left($2, 200), ended_at = case when $3 then now() else ended_at end where id = $1`,
          [webhookId, outcome.reason, outcome.kind === 'gone'],
        );
        // Nobody is there to be told of the rest.
        if (outcome.kind === 'gone') await sql.query('delete from webhook_event where webhook_id = $1', [webhookId]);
      });
    },
  };
}

const EVENT_PREFIX = 'evt_';
const idOf = (eventId: string) => eventId.slice(EVENT_PREFIX.length);

/** Empty where its key is lost: `doctor` says so, and the webhooks of other keys are told all the same. */
function toDelivery(row: DueRow, keys: StoreKeys): readonly WebhookDelivery[] {
  const key = findKey(keys, row.secret_key);
  if (key === null) return [];
  return [
    {
      event: row.event,
      eventId: `${EVENT_PREFIX}${row.id}`,
      webhookId: row.webhook_id,
      url: row.url,
      secret: open(row.secret, key.key, webhookSecretPlace(row.webhook_id)),
      happenedAt: row.happened_at.getTime(),
      detail: row.detail,
      attempt: row.attempts,
      ageMs: row.age,
    },
  ];
}

function toWebhook(row: Row): Webhook {
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    createdAt: row.created_at.getTime(),
    endedAt: row.ended_at?.getTime() ?? null,
    lastSuccessAt: row.last_success_at?.getTime() ?? null,
    lastFailureAt: row.last_failure_at?.getTime() ?? null,
    lastFailure: row.last_failure,
    waiting: Number(row.waiting),
  };
}
