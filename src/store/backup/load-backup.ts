import { timingSafeEqual } from 'node:crypto';
import type pg from 'pg';

import type { KeyRing } from '../../registers/keys.ts';
import { inTransaction } from '../sql.ts';
import { backupMac, End, LINE, type Manifest } from './backup-format.ts';
import { listTables, type TableColumns } from './list-tables.ts';
import { BackupFault, readBackupLines } from './read-backup.ts';

const BATCH_CHARACTERS = 4_000_000;
const BATCH_ROWS = 1_000;

/**
 * Loads a backup into an empty store, in one transaction: all of it, or nothing.
 *
 * @param ring null: the backup cannot be proven to be whole and unchanged beyond its own count of rows.
 * @throws BackupFault where it was changed or cut short, or the store has something in it.
 */
export async function loadBackup(
  pool: pg.Pool,
  file: string,
  manifest: Manifest,
  ring: KeyRing | null,
): Promise<{ readonly rows: number }> {
  return inTransaction(pool, async (sql) => {
    const here = new Map((await listTables(sql)).map((table) => [table.name, table]));
    await refuseFull(sql, file);
    for (const { name, columns } of manifest.tables) {
      const table = here.get(name);
      if (table === undefined || columns.some((column) => !table.columns.includes(column))) {
        throw new BackupFault(
          `${file}: has a table ${name} that this Holdfast does not know: restore it with the version that took it`,
        );
      }
    }
    // The states that rows are in were reached by lawful ways; here they come as they are.
    for (const name of here.keys()) await sql.query(`alter table "${name}" disable trigger user`);
    for (const name of [...here.keys()].reverse()) await sql.query(`delete from "${name}"`);
    const rows = await loadRows(sql, file, manifest, ring);
    for (const name of here.keys()) await sql.query(`alter table "${name}" enable trigger user`);
    await sql.query(`update message set judged_in = '3'::xid8 where judged_in is not null`);
    for (const table of here.values()) await moveSequences(sql, table);
    return { rows };
  });
}

async function loadRows(sql: pg.ClientBase, file: string, { tables }: Manifest, ring: KeyRing | null): Promise<number> {
  const mac = ring === null ? null : backupMac(ring);
  let table: Manifest['tables'][number] | null = null;
  let batch: string[] = [];
  let size = 0;
  let rows = 0;
  let isWhole = false;
  const flush = async () => {
    if (table === null || batch.length === 0) return;
    const list = table.columns.map((column) => `"${column}"`).join(', ');
    await sql.query(
      `insert into "${table.name}" (${list}) overriding system value select ${list} from json_populate_recordset(null::"${table.name}", $1::json)`,
      [`[${batch.join(',')}]`],
    );
    batch = [];
    size = 0;
  };
  await readBackupLines(file, async (line) => {
    const kind = line[0];
    if (kind === LINE.end) {
      await flush();
      const end = End.parse(JSON.parse(line.slice(1)));
      if (end.rows !== rows || (mac !== null && !sameText(mac.digest('hex'), end.mac))) {
        throw new BackupFault(`${file}: was changed after it was taken: take the backup from another copy`);
      }
      isWhole = true;
      return false;
    }
    mac?.update(`${line}\n`);
    if (kind === LINE.table) {
      await flush();
      const name: unknown = JSON.parse(line.slice(1));
      table = tables.find((one) => one.name === name) ?? null;
      if (table === null)
        throw new BackupFault(`${file}: was changed after it was taken: take the backup from another copy`);
    } else if (kind === LINE.row) {
      batch.push(line.slice(1));
      size += line.length;
      rows += 1;
      if (size > BATCH_CHARACTERS || batch.length >= BATCH_ROWS) await flush();
    }
    return true;
  });
  if (!isWhole) throw new BackupFault(`${file}: was cut short: take the backup from another copy`);
  return rows;
}

async function refuseFull(sql: pg.ClientBase, file: string): Promise<void> {
  const { rowCount } = await sql.query(
    'select from message union all select from app_user union all select from audit_log union all select from embargo_entry limit 1',
  );
  if (rowCount !== 0) {
    throw new BackupFault(
      `${file}: is restored into an empty store alone, and this one has something in it: set HOLDFAST_DATA to a new folder, or DATABASE_URL to an empty database`,
    );
  }
}

async function moveSequences(sql: pg.ClientBase, { name, columns }: TableColumns): Promise<void> {
  for (const column of columns) {
    const { rows } = await sql.query<{ sequence: string | null }>('select pg_get_serial_sequence($1, $2) as sequence', [
      `"${name}"`,
      column,
    ]);
    const sequence = rows[0]?.sequence;
    if (sequence == null) continue;
    await sql.query(`select setval($1, coalesce((select max("${column}") from "${name}"), 0) + 1, false)`, [sequence]);
  }
}

function sameText(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
