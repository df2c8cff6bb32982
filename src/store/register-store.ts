import type pg from 'pg';

import type { EmbargoDocument } from '../registers/embargo-document.ts';
import type { SensitivityDocument } from '../registers/sensitivity-document.ts';
import { type Repeating, repeat } from '../service/repeat.ts';
import type { KeptRegisters, RegisterRecord } from '../service/stores.ts';
import { appendAudit } from './audit-log.ts';
import { inTransaction } from './sql.ts';
import type { StoreKeys } from './store-keys.ts';

const POLL_MS = 2_000;

export function createRegisterStore(pool: pg.Pool, keys: StoreKeys): RegisterRecord {
  return {
    load: () => inTransaction(pool, loadRegisters),
    version: () => readVersion(pool),
    putEmbargo: (document, actor) =>
      inTransaction(pool, async (sql) => {
        await putEmbargo(sql, document, actor);
        await judgeAgain(sql, [document.id]);
        const detail = { status: document.status, from: document.embargo.from, until: document.embargo.until };
        await appendAudit(sql, keys, { actor, action: 'embargo.put', target: document.id, detail });
      }),
    putSensitivity: (document, actor, sketch) =>
      inTransaction(pool, async (sql) => {
        await putSensitivity(sql, document, actor, sketch ?? null);
        await judgeAgain(sql, [document.id]);
        await searchWhatLeft(sql, [document.id]);
        const detail = { recipients: document.allowedRecipients };
        await appendAudit(sql, keys, { actor, action: 'sensitivity.put', target: document.id, detail });
      }),
    import: (documents, { actor, sketches, onlyIfEmpty = false, remove = [] }) =>
      inTransaction(pool, async (sql) => {
        // Two first starts at once load one set.
        await sql.query('lock table register_version in exclusive mode');
        if (onlyIfEmpty && !(await isEmpty(sql))) return { loaded: false };
        for (const document of documents.embargoes) await putEmbargo(sql, document, actor);
        for (const document of documents.sensitivity) {
          await putSensitivity(sql, document, actor, sketches?.get(document.id) ?? null);
        }
        const ids = [...documents.embargoes, ...documents.sensitivity].map((document) => document.id);
        await judgeAgain(sql, ids);
        await searchWhatLeft(
          sql,
          documents.sensitivity.map((document) => document.id),
        );
        await appendAudit(sql, keys, { actor, action: 'registers.imported', target: null, detail: { entries: ids } });
        await removeEntries(sql, keys, remove, actor);
        return { loaded: true };
      }),
    watch: (onChange) => watchVersion(pool, onChange),
  };
}

/** Nothing is judged again for it: what an entry held waits for a reviewer, and does not leave because the entry has gone. */
async function removeEntries(
  sql: pg.ClientBase,
  keys: StoreKeys,
  ids: readonly string[],
  actor: string,
): Promise<void> {
  for (const [table, action] of [
    ['embargo_entry', 'embargo.removed'],
    ['sensitivity_entry', 'sensitivity.removed'],
  ] as const) {
    const { rows } = await sql.query<{ id: string }>(`delete from ${table} where id = any($1) returning id`, [ids]);
    for (const { id } of rows) await appendAudit(sql, keys, { actor, action, target: id, detail: {} });
  }
}

async function loadRegisters(sql: pg.ClientBase): Promise<KeptRegisters> {
  await sql.query('set transaction isolation level repeatable read, read only');
  const version = await readVersion(sql);
  const embargoes = await sql.query<{ document: EmbargoDocument }>('select document from embargo_entry order by id');
  const sensitivity = await sql.query<{ id: string; document: SensitivityDocument; sketch: Buffer | null }>(
    'select id, document, sketch from sensitivity_entry order by id',
  );
  return {
    version,
    documents: {
      embargoes: embargoes.rows.map((row) => row.document),
      sensitivity: sensitivity.rows.map((row) => row.document),
    },
    sketches: new Map(sensitivity.rows.flatMap((row) => (row.sketch === null ? [] : [[row.id, row.sketch]]))),
  };
}

async function readVersion(sql: Pick<pg.Pool | pg.ClientBase, 'query'>): Promise<string> {
  const { rows } = await sql.query<{ version: string }>('select version from register_version');
  return rows[0]?.version ?? '0';
}

async function isEmpty(sql: pg.ClientBase): Promise<boolean> {
  const { rowCount } = await sql.query('select from embargo_entry union all select from sensitivity_entry limit 1');
  return rowCount === 0;
}

export async function putEmbargo(sql: pg.ClientBase, document: EmbargoDocument, actor: string): Promise<void> {
  await sql.query(
    `insert into embargo_entry (id, document, updated_by) values ($1, $2, $3)
     on conflict (id) do update set document = excluded.document, updated_by = excluded.updated_by, updated_at = now()`,
    [document.id, JSON.stringify(document), actor],
  );
}

export async function putSensitivity(
  sql: pg.ClientBase,
  document: SensitivityDocument,
  actor: string,
  sketch: Uint8Array | null,
): Promise<void> {
  await sql.query(
    `insert into sensitivity_entry (id, document, sketch, updated_by) values ($1, $2, $3, $4)
     on conflict (id) do update set document = excluded.document, updated_by = excluded.updated_by, updated_at = now(),
       sketch = case when excluded.document->>'sketch' is null then null else coalesce(excluded.sketch, sensitivity_entry.sketch) end`,
    [document.id, JSON.stringify(document), sketch, actor],
  );
}

/**
 * What an entry held is judged by its new form: moved, lifted early, postponed, or with other people on its list. So is mail that
 * was cleared but has not left, for the entry may be new.
 */
export async function judgeAgain(sql: pg.ClientBase, entries: readonly string[]): Promise<void> {
  await sql.query(
    `update message set judge_again = true, judge_again_version = (select version from register_version) where id in (
       select id from message
       where (state = 'held' and entries && $1::text[]) or state = 'scanning'
         or (state in ('cleared', 'delivering') and kind = 'email')
       order by id for update)`,
    [entries],
  );
}

/** What left before an entry was made or changed is gone through for it. */
export async function searchWhatLeft(sql: pg.ClientBase, entries: readonly string[]): Promise<void> {
  await sql.query(
    `insert into retro_scan (entry) select unnest($1::text[])
     on conflict (entry) do update set due_at = now(), scanned_at = null`,
    [entries],
  );
}

/** Asks for the version every 2 s: one row, and no connection to keep alive as LISTEN would need. */
function watchVersion(pool: pg.Pool, onChange: () => void): Repeating {
  let last: string | null = null;
  async function look(): Promise<void> {
    const version = await readVersion(pool);
    if (last !== null && version !== last) onChange();
    last = version;
  }
  // The store is away: the next look tells whether anything changed.
  return repeat(look, { everyMs: POLL_MS, onError: () => {} });
}
