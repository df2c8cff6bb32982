import { readConfig } from '../config.ts';
import { describeFault } from '../core/result.ts';
import { readKeyFile } from '../store/key-file.ts';
import { createStore, openStore, StoreFault } from '../store/open-store.ts';
import { storeKeys } from '../store/store-keys.ts';
import { CannotRun, type Command } from './command.ts';
import { usageOf } from './help/command-help.ts';

export const audit: Command = {
  name: 'audit',
  async run(args, io) {
    if (args.length !== 1 || args[0] !== 'verify') throw new CannotRun(usageOf('audit'));
    const reading = readConfig(io.env);
    if (!reading.ok) throw new CannotRun(...reading.lines);
    const config = reading.value;
    const keys = await readKeyFile(config);
    if (!keys.ok) throw new CannotRun(...keys.error.map(describeFault));
    if (keys.value === null) {
      throw new CannotRun(
        `${config.keyFile}: there is no key file, and without its keys nothing can be verified: name it with HOLDFAST_KEY_FILE`,
      );
    }
    const database = await openStore({
      data: config.data,
      databaseUrl: config.databaseUrl,
      role: 'command',
      connections: 1,
      onError: () => {},
    }).catch((error: unknown) => {
      throw error instanceof StoreFault ? new CannotRun(error.message) : error;
    });
    try {
      const check = await createStore(database.pool, storeKeys(keys.value), io.now).audit.verify();
      if (check.ok) {
        io.out(`audit log verified: ${check.rows} ${check.rows === 1 ? 'row' : 'rows'}\n`);
        return 0;
      }
      io.err(`holdfast: the audit log does not verify: ${check.message}\n`);
      return 1;
    } finally {
      await database.close();
    }
  },
};
