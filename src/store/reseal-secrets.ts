import type pg from 'pg';

import type { EmbargoDocument } from '../registers/embargo-document.ts';
import type { KeyRing } from '../registers/keys.ts';
import { resealEntry } from '../registers/reseal-entry.ts';
import type { SensitivityDocument } from '../registers/sensitivity-document.ts';
import { alarmRulePlace } from './review-store.ts';
import { open, seal } from './sealing.ts';
import { inTransaction } from './sql.ts';
import type { StoreKeys } from './store-keys.ts';

/** Answers to requests are many in a day. */
const BATCH = 200;

interface SealedColumn {
  readonly table: string;
  readonly sealed: string;
  /** Column that names the key. */
  readonly key: string;
  /** What is sealed in with it; must be what its own store says. */
  readonly place: (id: string, key: string) => string;
}

/** Every secret that is sealed by a master key itself; messages have keys of their own. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'app_user', sealed: 'totp_secret', key: 'totp_key', place: (id) => `${id}/second-factor` },
  // The data key of an incident's snapshot, wrapped as a message's is.
  { table: 'incident', sealed: 'wrapped_key', key: 'key_id', place: (id, key) => `${id}/key/${key}` },
  { table: 'webhook', sealed: 'secret', key: 'secret_key', place: (id) => `${id}/webhook-secret` },
  { table: 'idempotent_request', sealed: 'answer', key: 'answer_key', place: (id) => `${id}/answer` },
  { table: 'check_point', sealed: 'secret', key: 'secret_key', place: (id, key) => `${id}/secret/${key}` },
  { table: 'false_alarm', sealed: 'rule_name', key: 'rule_key', place: alarmRulePlace },
];

/** Seals second factors, shared secrets and proposed register changes anew with the current key; answers how many. */
export async function resealSecrets(pool: pg.Pool, keys: StoreKeys, ring: KeyRing): Promise<number> {
  let done = 0;
  for (const column of SEALED_COLUMNS) {
    for (let step = BATCH; step === BATCH; done += step) step = await resealStep(pool, keys, column);
  }
  return done + (await resealChanges(pool, ring));
}

/** What is sealed with a lost key stays; `keys retire` and doctor say so. */
function resealStep(pool: pg.Pool, keys: StoreKeys, { table, sealed, key, place }: SealedColumn): Promise<number> {
  return inTransaction(pool, async (sql) => {
    const { current } = keys;
    const older = new Map(keys.all.filter(({ id }) => id !== current.id).map((one) => [one.id, one.key]));
    const { rows } = await sql.query<{ id: string; sealed: Buffer; key: string }>(
      `select id, ${sealed} as sealed, ${key} as key from ${table} where ${sealed} is not null and ${key} = any($1::text[])
       limit ${BATCH} for update`,
      [[...older.keys()]],
    );
    for (const row of rows) {
      const old = older.get(row.key);
      if (old === undefined) throw new Error(`the key ${row.key} was not asked for`);
      const anew = seal(open(row.sealed, old, place(row.id, row.key)), current.key, place(row.id, current.id));
      await sql.query(`update ${table} set ${sealed} = $2, ${key} = $3 where id = $1`, [row.id, anew, current.id]);
    }
    return rows.length;
  });
}

type Document = EmbargoDocument | SensitivityDocument;

/** A change that waits for its second person, with the state it was written on: both are sealed alike, so that they can be compared. */
function resealChanges(pool: pg.Pool, ring: KeyRing): Promise<number> {
  return inTransaction(pool, async (sql) => {
    const { rows } = await sql.query<{ id: string; document: Document | null; base: Document | null }>(
      `select id, document, base from register_change where state = 'waiting' for update`,
    );
    let count = 0;
    for (const { id, document, base } of rows) {
      const anew = [document, base].map((one) => (one === null ? null : resealEntry(one, ring)));
      const changed = anew.reduce((sum, one) => sum + (one?.changed ?? 0), 0);
      if (changed === 0) continue;
      const [forDocument, forBase] = anew.map((one) => (one === null ? null : JSON.stringify(one.document)));
      await sql.query('update register_change set document = $2, base = $3 where id = $1', [id, forDocument, forBase]);
      count += changed;
    }
    return count;
  });
}

/** What of the database needs a key, beyond messages: values of registers and of proposed changes, and secrets. */
export async function valuesUnderKey(pool: Pick<pg.Pool, 'query'>, id: string): Promise<number> {
  const mark = `"key": ${JSON.stringify(id)}`;
  const texts = [
    'select document::text as text from embargo_entry',
    'select document::text as text from sensitivity_entry',
    `select concat(document::text, base::text) as text from register_change where state = 'waiting'`,
  ];
  const { rows } = await pool.query<{ text: string }>(texts.join(' union all '));
  let count = rows.reduce((sum, { text }) => sum + text.split(mark).length - 1, 0);
  for (const { table, sealed, key } of SEALED_COLUMNS) {
    const found = await pool.query<{ count: number }>(
      `select count(*)::int as count from ${table} where ${sealed} is not null and ${key} = $1`,
      [id],
    );
    count += found.rows[0]?.count ?? 0;
  }
  return count;
}
