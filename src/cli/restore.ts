import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { type Config, readConfig } from '../config.ts';
import { type KeyRing, keyRing } from '../registers/keys.ts';
import { createAuditLog } from '../store/audit-log.ts';
import { keyProof, type Manifest } from '../store/backup/backup-format.ts';
import { loadBackup } from '../store/backup/load-backup.ts';
import { BackupFault, readManifest } from '../store/backup/read-backup.ts';
import { loadKeyFile } from '../store/key-file.ts';
import { makeFolder } from '../store/make-folder.ts';
import { migrate, readMigrations } from '../store/migrate.ts';
import { messagesByKey } from '../store/rewrap-messages.ts';
import { storeKeys } from '../store/store-keys.ts';
import { CannotRun, type Command, type CommandIo, orEnd } from './command.ts';
import { usageOf } from './help/command-help.ts';
import { count } from './registers-check.ts';
import { userName } from './registers-store.ts';
import { withDatabase } from './with-database.ts';

export const restore: Command = {
  name: 'restore',
  async run(args, io) {
    const { file, withoutKeys } = readArgs(args);
    const reading = readConfig(io.env);
    if (!reading.ok) throw new CannotRun(...reading.lines);
    const config = reading.value;
    try {
      const manifest = await readManifest(file);
      const migrations = ofBackup(manifest, file);
      const ring = await keysFor(config, manifest, withoutKeys);
      return await withDatabase(
        config,
        async (pool) => {
          const { rows } = await loadBackup(pool, file, manifest, ring);
          const client = await pool.connect();
          try {
            await migrate(client);
          } finally {
            client.release();
          }
          io.out(`${file}: ${count(rows, 'row')} restored, as of ${manifest.takenAt}\n`);
          if (ring === null) {
            io.out(
              `Nothing of it opens without the keys ${manifest.keyIds.join(', ')}: put the key file at ${config.keyFile} before you start.\n`,
            );
            return 0;
          }
          return check(pool, ring, io);
        },
        migrations,
      );
    } catch (error) {
      throw error instanceof BackupFault ? new CannotRun(error.message) : error;
    }
  },
};

async function check(pool: Parameters<typeof createAuditLog>[0], ring: KeyRing, io: CommandIo): Promise<number> {
  const audit = createAuditLog(pool, storeKeys(ring));
  const checked = await audit.verify();
  if (!checked.ok) {
    io.err(`holdfast: the audit log does not verify: ${checked.message}\n`);
    return 1;
  }
  io.out(`audit log verified: ${count(checked.rows, 'row')}\n`);
  const lost = [...(await messagesByKey(pool))].filter(([id]) => !ring.byId.has(id));
  for (const [id, messages] of lost) {
    io.err(
      `warning: ${count(messages, 'message')} cannot be opened: the key ${id} is not in the key file, take it from an older copy\n`,
    );
  }
  await audit.append({
    actor: `command line (${userName()})`,
    action: 'store.restored',
    target: null,
    detail: {},
  });
  io.out(
    'Start Holdfast. Mail that was delivered after the backup is delivered once more, under the same X-Holdfast-Id.\n',
  );
  return 0;
}

/** The keys that prove the backup; those that are in it are put where the settings say. */
async function keysFor(config: Config, manifest: Manifest, withoutKeys: boolean): Promise<KeyRing | null> {
  const { keyFile } = config;
  let opened = orEnd(await loadKeyFile(config));
  if (opened === null && manifest.keyFile !== null && !withoutKeys) {
    makeFolder(dirname(keyFile), 0o700);
    await writeFile(keyFile, Buffer.from(manifest.keyFile, 'base64'), { mode: 0o600, flag: 'wx', flush: true });
    opened = orEnd(await loadKeyFile(config));
  }
  if (opened === null) {
    if (withoutKeys) return null;
    throw new CannotRun(
      `${keyFile}: there is no key file, and the backup has none: put the one there that has the keys ${manifest.keyIds.join(', ')}, or restore with --without-keys and put it there before you start`,
    );
  }
  const ring = keyRing(opened.content);
  if (keyProof(ring, manifest.takenAt) !== manifest.keyProof) {
    throw new CannotRun(
      `${keyFile}: is not the key file of the store that was backed up, which had the keys ${manifest.keyIds.join(', ')}: put that one there`,
    );
  }
  return ring;
}

/** The migrations that made the schema of the backup. */
function ofBackup({ migrations }: Manifest, file: string) {
  const ours = readMigrations();
  for (const { version, digest } of migrations) {
    if (ours.find((one) => one.version === version)?.digest !== digest) {
      throw new BackupFault(
        `${file}: was taken by a newer or other Holdfast (schema ${version}): restore it with that version`,
      );
    }
  }
  const versions = new Set(migrations.map(({ version }) => version));
  return ours.filter(({ version }) => versions.has(version));
}

function readArgs(args: readonly string[]): { readonly file: string; readonly withoutKeys: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'without-keys': { type: 'boolean' } },
      allowPositionals: true,
    });
    const [file] = positionals;
    if (file !== undefined && positionals.length === 1) {
      return { file: resolve(file), withoutKeys: values['without-keys'] === true };
    }
  } catch {
    // Told below.
  }
  throw new CannotRun(usageOf('restore'));
}
