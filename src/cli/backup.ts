import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { readConfig } from '../config.ts';
import { keyRing } from '../registers/keys.ts';
import { createAuditLog } from '../store/audit-log.ts';
import { writeBackup } from '../store/backup/write-backup.ts';
import { errorCode } from '../store/error-code.ts';
import { storeKeys } from '../store/store-keys.ts';
import { CannotRun, type Command } from './command.ts';
import { usageOf } from './help/command-help.ts';
import { count } from './registers-check.ts';
import { userName } from './registers-store.ts';
import { existingKeys, withDatabase } from './with-database.ts';

export const backup: Command = {
  name: 'backup',
  async run(args, io) {
    const { file, withKeys } = readArgs(args);
    const reading = readConfig(io.env);
    if (!reading.ok) throw new CannotRun(...reading.lines);
    const config = reading.value;
    if ((await stat(file).catch(() => null)) !== null) {
      throw new CannotRun(`${file}: is there already, name a new file or remove it`);
    }
    const { content, isWrapped } = await existingKeys(config);
    const ring = keyRing(content);
    const written = await withDatabase(config, async (pool) => {
      const audit = createAuditLog(pool, storeKeys(ring));
      if (!(await audit.isOurs())) {
        throw new CannotRun(
          `${config.keyFile}: is not the key file this database was made with: restore it from its backup`,
        );
      }
      // Before the snapshot, so that the backup tells of itself.
      await audit.append({
        actor: `command line (${userName()})`,
        action: 'store.backed-up',
        target: null,
        detail: { keys: withKeys },
      });
      const keyFile = withKeys ? await readFile(config.keyFile) : null;
      return writeBackup(pool, file, ring, new Date(io.now()).toISOString(), keyFile).catch((error: unknown) => {
        const code = errorCode(error);
        if (!/^E[A-Z]+$/.test(code)) throw error;
        throw new CannotRun(
          `${file}: cannot be written (${code}), name a file in a folder with room that this user may write to`,
        );
      });
    });
    io.out(
      `${file}: ${count(written.messages, 'message')}, ${count(written.rows, 'row')} in all\n` +
        (withKeys
          ? isWrapped
            ? 'The key file is in it, wrapped: together with its key-encryption key it opens everything.\n'
            : 'The keys are in it in the clear: whoever has this file can read everything. Keep it as you keep the key file.\n'
          : `Held mail in it opens only with the keys ${written.keyIds.join(', ')}: keep a copy of ${config.keyFile} somewhere else.\n`),
    );
    return 0;
  },
};

function readArgs(args: readonly string[]): { readonly file: string; readonly withKeys: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'with-keys': { type: 'boolean' } },
      allowPositionals: true,
    });
    const [file] = positionals;
    if (file !== undefined && positionals.length === 1)
      return { file: resolve(file), withKeys: values['with-keys'] === true };
  } catch {
    // Told below.
  }
  throw new CannotRun(usageOf('backup'));
}
