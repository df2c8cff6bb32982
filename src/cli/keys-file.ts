import { randomBytes } from 'node:crypto';
import type pg from 'pg';

import type { Config } from '../config.ts';
import { describeFault } from '../core/result.ts';
import { addMasterKey, KEY_BYTES, type KeyRing, keyRing } from '../registers/keys.ts';
import { resealEntry } from '../registers/reseal-entry.ts';
import { changeKeyFile, writeKeyFile } from '../store/key-file.ts';
import { createRegisterStore } from '../store/register-store.ts';
import { storeKeys } from '../store/store-keys.ts';
import { CannotRun, type CommandIo, orEnd } from './command.ts';
import { count } from './registers-check.ts';
import { userName } from './registers-store.ts';
import { existingKeys, withDatabase } from './with-database.ts';

/** `keys add`: a new master key that is written with at once; for stopped installations. */
export async function addKeyNow(config: Config, io: CommandIo): Promise<number> {
  const created = new Date(io.now()).toISOString();
  const ring = keyRing(
    orEnd(await changeKeyFile(config, (file) => addMasterKey(file, randomBytes(KEY_BYTES), created))),
  );
  io.out(
    `${config.keyFile}: added the key ${ring.current.id}; what is written from now on is sealed with it\n` +
      'Copy the file to every machine, then run `holdfast keys rotate`, which finishes what was begun, or `holdfast keys reseal` for the figures alone.\n',
  );
  return 0;
}

/** `keys wrap`, `keys unwrap`: writes the key file with its secrets under the key-encryption key that is set, or in the clear. */
export async function wrapKeys(config: Config, action: 'wrap' | 'unwrap', io: CommandIo): Promise<number> {
  if (config.kek === null) {
    throw new CannotRun(
      'HOLDFAST_KEK_FILE, HOLDFAST_KEK_COMMAND, HOLDFAST_KEK: none is set, set the key-encryption key by one of them',
    );
  }
  const { content, kek } = await existingKeys(config);
  orEnd(await writeKeyFile(config.keyFile, content, action === 'wrap' ? kek : null));
  io.out(
    action === 'wrap'
      ? `${config.keyFile}: its keys are wrapped by ${kek?.id} now, and useless without it: keep that key somewhere else\n`
      : `${config.keyFile}: its keys stand in the clear now; unset the key-encryption key, or set another and run \`holdfast keys wrap\`\n`,
  );
  return 0;
}

/** `keys reseal`: figures and passwords of the store under the newest key. */
export async function resealStore(config: Config, io: CommandIo): Promise<number> {
  const ring = keyRing((await existingKeys(config)).content);
  const values = await withDatabase(config, (pool) => resealRegisters(pool, ring, io));
  io.out(
    values === 0
      ? `everything is sealed with the key ${ring.current.id} already\n`
      : `sealed ${count(values, 'value')} anew with the key ${ring.current.id}\n`,
  );
  return 0;
}

/** Seals what the registers of the store have with the ring's current key, in one audited transaction; answers how many values. */
export async function resealRegisters(pool: pg.Pool, ring: KeyRing, io: CommandIo): Promise<number> {
  const store = createRegisterStore(pool, storeKeys(ring));
  const { documents } = await store.load();
  const embargoes = documents.embargoes.map((document) => resealEntry(document, ring));
  const sensitivity = documents.sensitivity.map((document) => resealEntry(document, ring));
  for (const { document, stuck } of [...embargoes, ...sensitivity])
    for (const what of stuck)
      io.err(
        `warning: ${describeFault({ file: document.id, line: null, column: null, key: what, message: 'is sealed with a key that the key file does not have, restore the file or write the value anew' })}\n`,
      );
  const anew = {
    embargoes: embargoes.flatMap(({ changed, document }) => (changed > 0 ? [document] : [])),
    sensitivity: sensitivity.flatMap(({ changed, document }) => (changed > 0 ? [document] : [])),
  };
  const values = [...embargoes, ...sensitivity].reduce((sum, { changed }) => sum + changed, 0);
  if (values > 0) await store.import(anew, { actor: `command line (${userName()}), sealed anew` });
  return values;
}
