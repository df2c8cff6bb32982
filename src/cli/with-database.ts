import type pg from 'pg';

import type { Config } from '../config.ts';
import { type KeyPlace, loadKeyFile, type OpenedKeyFile } from '../store/key-file.ts';
import type { Migration } from '../store/migrate.ts';
import { openStore, StoreFault } from '../store/open-store.ts';
import { CannotRun, orEnd } from './command.ts';

/** @throws CannotRun where the store cannot be reached. */
export async function withDatabase<T>(
  config: Config,
  use: (pool: pg.Pool) => Promise<T>,
  migrations?: readonly Migration[],
): Promise<T> {
  const opened = await openStore({
    data: config.data,
    databaseUrl: config.databaseUrl,
    role: 'command',
    connections: 3,
    // The query that meets the fault says it; an idle connection has nobody to say it to.
    onError: () => {},
    ...(migrations === undefined ? {} : { migrations }),
  }).catch((error: unknown) => {
    throw error instanceof StoreFault ? new CannotRun(error.message) : error;
  });
  try {
    return await use(opened.pool);
  } finally {
    await opened.close();
  }
}

/** @throws CannotRun where there is no key file, or it cannot be read. */
export async function existingKeys(place: KeyPlace): Promise<OpenedKeyFile> {
  const opened = orEnd(await loadKeyFile(place));
  if (opened === null) throw new CannotRun(`${place.keyFile}: there is no key file, name it with HOLDFAST_KEY_FILE`);
  return opened;
}
