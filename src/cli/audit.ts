import { readConfig } from '../config.ts';
import { keyRing } from '../registers/keys.ts';
import { createAuditLog } from '../store/audit-log.ts';
import { storeKeys } from '../store/store-keys.ts';
import { CannotRun, type Command } from './command.ts';
import { usageOf } from './help/command-help.ts';
import { count } from './registers-check.ts';
import { existingKeys, withDatabase } from './with-database.ts';

export const audit: Command = {
  name: 'audit',
  async run(args, io) {
    if (args.length !== 1 || args[0] !== 'verify') throw new CannotRun(usageOf('audit'));
    const reading = readConfig(io.env);
    if (!reading.ok) throw new CannotRun(...reading.lines);
    const ring = keyRing((await existingKeys(reading.value)).content);
    const check = await withDatabase(reading.value, (pool) => createAuditLog(pool, storeKeys(ring)).verify());
    if (check.ok) {
      io.out(`audit log verified: ${count(check.rows, 'row')}\n`);
      return 0;
    }
    io.err(`holdfast: the audit log does not verify: ${check.message}\n`);
    return 1;
  },
};
