import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';

const FOLDER = fileURLToPath(new URL('./migrations/', import.meta.url));
const LOCK = 0x48_4f_4c_44;

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly digest: string;
}

/** The database cannot be used by this version of the program; one line. */
export class MigrationFault extends Error {
  override readonly name = 'MigrationFault';
}

/**
 * Brings a database to this version's schema: forward only, each file in its own transaction, one process at a time.
 *
 * @throws MigrationFault where a newer version made the database, or a file was changed after it ran.
 */
export async function migrate(
  client: pg.ClientBase,
  migrations: readonly Migration[] = readMigrations(),
): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [LOCK]);
  try {
    await client.query(
      `create table if not exists schema_migration (
         version int primary key, name text not null, digest text not null, applied_at timestamptz not null default now())`,
    );
    const { rows } = await client.query<{ version: number; digest: string }>(
      'select version, digest from schema_migration',
    );
    const done = new Map(rows.map((row) => [row.version, row.digest]));
    const newest = Math.max(0, ...done.keys());
    const known = Math.max(0, ...migrations.map((one) => one.version));
    if (newest > known) {
      throw new MigrationFault(
        `the database is of a newer Holdfast (schema ${newest}, this one knows ${known}): run that version`,
      );
    }
    for (const migration of migrations) await apply(client, migration, done.get(migration.version));
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]);
  }
}

async function apply(client: pg.ClientBase, migration: Migration, digest: string | undefined): Promise<void> {
  if (digest === migration.digest) return;
  if (digest !== undefined) {
    throw new MigrationFault(
      `the database's schema ${migration.version} is not this program's ${migration.name}: run the version that made it`,
    );
  }
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into schema_migration (version, name, digest) values ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.digest,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${migration.name} failed`, { cause: error });
  }
}

/** The migrations that ship, in order. */
export function readMigrations(folder: string = FOLDER): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(`${folder}/${name}`, 'utf8');
      return { version: Number(name.slice(0, 4)), name, sql, digest: createHash('sha256').update(sql).digest('hex') };
    });
}
