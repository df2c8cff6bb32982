import type pg from 'pg';
import type { ChangeRecord, ChangeState, KeptChange, Settlement } from '../service/register-changes.ts';
import { appendAudit } from './audit-log.ts';
import { personOf } from './person-of.ts';
import { judgeAgain, putEmbargo, putSensitivity, searchWhatLeft } from './register-store.ts';
import { inTransaction } from './sql.ts';
import type { StoreKeys } from './store-keys.ts';

interface Row {
  readonly id: string;
  readonly register: KeptChange['register'];
  readonly entry: string;
  readonly document: KeptChange['document'];
  readonly base: KeptChange['base'];
  readonly sketch: Buffer | null;
  readonly proposed_by: string;
  readonly proposed_at: Date;
  readonly state: ChangeState;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly note: string;
  readonly written?: readonly string[] | null;
}

const TABLES = { embargo: 'embargo_entry', sensitivity: 'sensitivity_entry' } as const;

export function createChangeStore(pool: pg.Pool, keys: StoreKeys): ChangeRecord {
  return {
    propose: ({ id, entry, proposedBy, written, content }) =>
      inTransaction(pool, async (sql) => {
        const { rowCount } = await sql.query(
          `insert into register_change (id, register, entry, document, base, sketch, proposed_by)
           values ($1, $2, $3, $4, $5, $6, $7) on conflict (register, entry) where state = 'waiting' do nothing`,
          [
            id,
            content.register,
            entry,
            JSON.stringify(content.document),
            content.base === null ? null : JSON.stringify(content.base),
            content.register === 'sensitivity' ? content.sketch : null,
            proposedBy,
          ],
        );
        if (rowCount === 0) return false;
        const detail = { change: id, register: content.register, written };
        await appendAudit(sql, keys, { actor: proposedBy, action: 'change.proposed', target: entry, detail });
        return true;
      }),
    async list(limit) {
      const { rows } = await pool.query<Row>(
        `select * from register_change order by state = 'waiting' desc, proposed_at desc limit $1`,
        [limit],
      );
      return rows.map(toChange);
    },
    async find(id) {
      // What was written anew is in the log alone: that of an older version does not say.
      const { rows } = await pool.query<Row>(
        `select c.*, (select l.detail -> 'written' from audit_log l
           where l.target = c.entry and l.action = 'change.proposed' and l.detail ->> 'change' = c.id) as written
         from register_change c where c.id = $1`,
        [id],
      );
      return rows[0] === undefined ? null : toChange(rows[0]);
    },
    approve: (id, actor, note) =>
      inTransaction(pool, async (sql): Promise<Settlement> => {
        const change = await waiting(sql, id, actor);
        if (change === null) return 'not-waiting';
        if (change.is_anothers !== true) return 'own';
        const { rows } = await sql.query<{ is_same: boolean }>(
          `select (select document from ${TABLES[change.register]} where id = $1 for update) is not distinct from $2::jsonb as is_same`,
          [change.entry, change.base === null ? null : JSON.stringify(change.base)],
        );
        if (rows[0]?.is_same !== true) return 'moved-on';
        if (change.register === 'embargo') await putEmbargo(sql, change.document as never, change.proposed_by);
        else await putSensitivity(sql, change.document as never, change.proposed_by, change.sketch);
        await judgeAgain(sql, [change.entry]);
        if (change.register === 'sensitivity') await searchWhatLeft(sql, [change.entry]);
        await settle(sql, keys, change, 'approved', actor, note);
        return 'done';
      }),
    reject: (id, actor, note) =>
      inTransaction(pool, async (sql): Promise<Settlement> => {
        const change = await waiting(sql, id, actor);
        if (change === null) return 'not-waiting';
        await settle(sql, keys, change, change.is_anothers === false ? 'withdrawn' : 'rejected', actor, note);
        return 'done';
      }),
    async heldBy(entry, limit) {
      const { rows } = await pool.query<{
        id: string;
        kind: string;
        sender: string;
        received_at: Date;
        count: number;
      }>(
        // What is being judged again is held until it is judged: a list that leaves it out says "nothing" while it is.
        `select id, kind, sender, received_at, (count(*) over ())::int as count from message
         where (state = 'held' or (state = 'scanning' and verdict = 'hold')) and entries && array[$1::text]
         order by id limit $2`,
        [entry, limit],
      );
      const items = rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        sender: row.sender,
        receivedAt: row.received_at.getTime(),
      }));
      return { count: rows[0]?.count ?? 0, items };
    },
  };
}

interface WaitingRow extends Row {
  /** Whether another person proposed it than the one behind the actor; null where a token is nobody's. */
  readonly is_anothers: boolean | null;
}

async function waiting(sql: pg.ClientBase, id: string, actor: string): Promise<WaitingRow | null> {
  const { rows } = await sql.query<WaitingRow>(
    `select *, ${personOf('proposed_by')} <> ${personOf('$2::text')} as is_anothers
     from register_change where id = $1 and state = 'waiting' for update`,
    [id, actor],
  );
  return rows[0] ?? null;
}

async function settle(
  sql: pg.ClientBase,
  keys: StoreKeys,
  { id, entry, register }: Row,
  state: Exclude<ChangeState, 'waiting'>,
  actor: string,
  note: string,
): Promise<void> {
  await sql.query(
    'update register_change set state = $2, decided_by = $3, decided_at = now(), note = $4 where id = $1',
    [id, state, actor, note],
  );
  const detail = { change: id, register, note };
  await appendAudit(sql, keys, { actor, action: `change.${state}`, target: entry, detail });
}

function toChange(row: Row): KeptChange {
  return {
    id: row.id,
    register: row.register,
    entry: row.entry,
    document: row.document,
    base: row.base,
    hasSketch: row.sketch !== null,
    written: row.written ?? null,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.getTime(),
    state: row.state,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.getTime() ?? null,
    note: row.note,
  };
}
