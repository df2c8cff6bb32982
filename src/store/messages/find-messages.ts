import type { KeptMessage, KeptMessageQuery } from '../../service/stores.ts';
import type { Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from './message-row.ts';

export async function findMessage(sql: Sql, keys: StoreKeys, id: string): Promise<KeptMessage | null> {
  const { rows } = await sql.query<MessageRow>({
    name: 'find-message',
    text: `select ${MESSAGE_COLUMNS} from message m where m.id = $1`,
    values: [id],
  });
  return rows[0] === undefined ? null : toMessage(rows[0], keys);
}

/** What has no lift comes after everything that has one; as the index has it. */
const LIFT = "coalesce(m.hold_until, 'infinity'::timestamptz)";

const ORDERS = {
  newest: { by: 'm.id desc', after: (id: string) => `m.id < ${id}` },
  oldest: { by: 'm.id', after: (id: string) => `m.id > ${id}` },
  lift: {
    by: `${LIFT}, m.id`,
    after: (id: string) =>
      `(${LIFT}, m.id) > ((select coalesce(hold_until, 'infinity'::timestamptz) from message where id = ${id}), ${id})`,
  },
} as const;

/** In the order asked for, newest first by default; ids sort by time. A page goes on where the one before ended, however much came since. */
export async function listMessages(
  sql: Sql,
  keys: StoreKeys,
  query: KeptMessageQuery,
): Promise<readonly KeptMessage[]> {
  const { by } = ORDERS[query.order ?? 'newest'];
  const { text, values } = selection(query, query.after);
  // The ids come from narrow indexes; the rows, which carry sealed judgements, are read for one page alone.
  const { rows } = await sql.query<MessageRow>({
    text: `
      with found as materialized (${text})
      select ${MESSAGE_COLUMNS} from message m join found on found.id = m.id order by ${by}`,
    values: [...values],
  });
  return rows.map((row) => toMessage(row, keys));
}

/** How many there are, counted up to `query.limit`. */
export async function countMessages(sql: Sql, query: Omit<KeptMessageQuery, 'after'>): Promise<number> {
  const { text, values } = selection(query, undefined, false);
  const { rows } = await sql.query<{ count: number }>({
    text: `select count(*)::int as count from (${text}) found`,
    values: [...values],
  });
  return rows[0]?.count ?? 0;
}

interface Selection {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Ids in order; only conditions that are asked for stand in it, so that each finds its own index. */
function selection(query: Omit<KeptMessageQuery, 'after'>, after: string | undefined, isOrdered = true): Selection {
  const values: unknown[] = [];
  const param = (value: unknown) => `$${values.push(value)}`;
  const order = ORDERS[query.order ?? 'newest'];
  const where = [
    ...(query.state === undefined ? [] : [`m.state = ${param(query.state)}`]),
    ...(after === undefined ? [] : [order.after(`${param(after)}::text`)]),
    ...(query.submittedBy === undefined ? [] : [`m.submitted_by = ${param(query.submittedBy)}`]),
    ...(query.entry === undefined ? [] : [`m.entries @> array[${param(query.entry)}::text]`]),
    ...(query.detector === undefined ? [] : [`m.detectors @> array[${param(query.detector)}::text]`]),
    ...(query.sender === undefined ? [] : [`strpos(lower(m.sender), lower(${param(query.sender)})) > 0`]),
    ...(query.receivedBefore === undefined ? [] : [`m.received_at <= ${param(new Date(query.receivedBefore))}`]),
    ...(query.liftBefore === undefined ? [] : [`${LIFT} <= ${param(new Date(query.liftBefore))}`]),
  ];
  const limit = `${isOrdered ? `order by ${order.by}` : ''} limit ${param(query.limit)}`;
  const ids = (more: readonly string[]) => {
    const all = [...where, ...more];
    return `select m.id, m.hold_until from message m ${all.length === 0 ? '' : `where ${all.join(' and ')}`} ${limit}`;
  };
  if (query.search === undefined) return { text: ids([]), values };
  const word = param(query.search.toLowerCase());
  const among = `array[${word}::text, '@' || ${word}::text]`;
  const isParty =
    query.state === 'held'
      ? `m.parties && ${among}`
      : `exists (select from message_recipient r where r.message_id = m.id
           and (lower(r.address) = any(${among}) or lower(substring(r.address from '@[^@]*$')) = any(${among})))`;
  // Each arm by its own index.
  const arms = [[`strpos(lower(m.sender), ${word}) > 0`], [isParty], [`m.id = ${word}`]].map((arm) => `(${ids(arm)})`);
  return { text: `select m.id, m.hold_until from (${arms.join(' union ')}) m ${limit}`, values };
}
