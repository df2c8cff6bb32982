import { open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';

import type { KeyRing } from '../../registers/keys.ts';
import { VERSION } from '../presence.ts';
import { inTransaction } from '../sql.ts';
import { backupMac, keyProof, LINE, type Manifest } from './backup-format.ts';
import { listTables, type TableColumns } from './list-tables.ts';

/** Rows at a time; those of content are up to 2 MB each. */
const ROWS = 500;
const CONTENT_ROWS = 8;

export interface WrittenBackup {
  readonly rows: number;
  readonly messages: number;
  readonly keyIds: readonly string[];
}

/**
 * Writes the whole store to a file of mode 0600, as it was at one instant, while everything goes on: messages, queue state and audit log
 * belong together. Durable, and whole or not there at all, when this resolves.
 *
 * @param keyFile what stands in the key file, where it is to go with it.
 */
export async function writeBackup(
  pool: pg.Pool,
  file: string,
  ring: KeyRing,
  takenAt: string,
  keyFile: Uint8Array | null,
): Promise<WrittenBackup> {
  const draft = `${file}.part`;
  await unlink(draft).catch(() => {});
  const handle = await open(draft, 'wx', 0o600);
  try {
    const written = await inTransaction(pool, async (sql) => {
      await sql.query('set transaction isolation level repeatable read, read only');
      const counted = { rows: 0, messages: 0 };
      const tables = await listTables(sql);
      const manifest: Manifest = {
        holdfast: 'backup',
        format: 1,
        version: VERSION,
        takenAt,
        migrations: (
          await sql.query<{ version: number; digest: string }>(
            'select version, digest from schema_migration order by version',
          )
        ).rows,
        tables: tables.map(({ name, columns }) => ({ name, columns: [...columns] })),
        keyIds: [...ring.byId.keys()],
        keyProof: keyProof(ring, takenAt),
        keyFile: keyFile === null ? null : Buffer.from(keyFile).toString('base64'),
      };
      const lines = Readable.from(linesOf(sql, manifest, tables, ring, counted));
      await pipeline(lines, createGzip({ level: 1 }), async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) await handle.appendFile(chunk);
      });
      return { ...counted, keyIds: manifest.keyIds };
    });
    await handle.sync();
    await handle.close();
    await rename(draft, file);
    await syncFolder(dirname(file));
    return written;
  } catch (error) {
    await handle.close().catch(() => {});
    await unlink(draft).catch(() => {});
    throw error;
  }
}

async function* linesOf(
  sql: pg.ClientBase,
  manifest: Manifest,
  tables: readonly TableColumns[],
  ring: KeyRing,
  counted: { rows: number; messages: number },
): AsyncGenerator<string> {
  const mac = backupMac(ring);
  const line = (kind: string, text: string) => {
    const whole = `${kind}${text}\n`;
    mac.update(whole);
    return whole;
  };
  yield line(LINE.manifest, JSON.stringify(manifest));
  for (const { name, columns } of tables) {
    yield line(LINE.table, JSON.stringify(name));
    const list = columns.map((column) => `"${column}"`).join(', ');
    await sql.query(
      `declare rows no scroll cursor for select row_to_json(t)::text as row from (select ${list} from "${name}") t`,
    );
    const step = name === 'message_content' ? CONTENT_ROWS : ROWS;
    for (;;) {
      const { rows } = await sql.query<{ row: string }>(`fetch ${step} from rows`);
      // A newline stands escaped in JSON text; one between its tokens would break the line.
      for (const { row } of rows) yield line(LINE.row, row.replaceAll('\n', ' '));
      counted.rows += rows.length;
      if (name === 'message') counted.messages += rows.length;
      if (rows.length < step) break;
    }
    await sql.query('close rows');
  }
  yield `${LINE.end}${JSON.stringify({ rows: counted.rows, mac: mac.digest('hex') })}\n`;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
