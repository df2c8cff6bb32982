import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

import type { Config } from '../config.ts';
import { addMasterKey, isRetired, KEY_BYTES, type KeyFile, keyRing, promoteMasterKey } from '../registers/keys.ts';
import { createAuditLog } from '../store/audit-log.ts';
import { changeKeyFile } from '../store/key-file.ts';
import { type SeenProcess, seenProcesses } from '../store/presence.ts';
import { resealSecrets } from '../store/reseal-secrets.ts';
import { messagesByKey, rewrapMessages } from '../store/rewrap-messages.ts';
import { storeKeys } from '../store/store-keys.ts';
import { CannotRun, type CommandIo, orEnd } from './command.ts';
import { resealRegisters } from './keys-file.ts';
import { count } from './registers-check.ts';
import { userName } from './registers-store.ts';
import { existingKeys, withDatabase } from './with-database.ts';

/** A process looks every 2 s; a file that people copy between machines takes longer, and the command can be run again. */
const WAIT_MS = 60_000;
const LOCK = 0x48_4f_4c_46;

/**
 * `keys rotate`: a new master key, and everything sealed anew with it, while everything runs.
 *
 * The key is written with only once every process that works on the database can read it. Each step can be interrupted: run again, it goes
 * on where it was.
 */
export function rotateKeys(config: Config, io: CommandIo): Promise<number> {
  return withDatabase(config, async (pool) => {
    const lock = await pool.connect();
    try {
      const { rows } = await lock.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [LOCK]);
      if (rows[0]?.mine !== true) throw new CannotRun('keys: another rotation is under way, wait until it has ended');
      return await rotate(pool, config, io);
    } finally {
      // Its lock goes with the connection.
      lock.release(true);
    }
  });
}

async function rotate(pool: pg.Pool, config: Config, io: CommandIo): Promise<number> {
  const { content } = await existingKeys(config);
  if (!(await createAuditLog(pool, storeKeys(keyRing(content))).isOurs())) {
    throw new CannotRun(
      `${config.keyFile}: is not the key file this database was made with: restore it from its backup`,
    );
  }
  const begun = await unfinished(pool, content);
  if (begun === null) {
    const created = new Date(io.now()).toISOString();
    orEnd(await changeKeyFile(config, (file) => addMasterKey(file, randomBytes(KEY_BYTES), created, true)));
  } else io.out(`going on with the rotation to ${begun}, which was not finished\n`);
  const { content: extended } = await existingKeys(config);
  const key = extended.keys.at(-1)?.id ?? '';
  if (extended.keys.some(({ waiting }) => waiting === true)) {
    io.out(`${config.keyFile}: the key ${key} is there\n`);
    await waitFor(pool, (process) => process.keys.includes(key), `cannot read the key ${key} yet`, config);
    orEnd(await changeKeyFile(config, promoteMasterKey));
  }
  await waitFor(pool, (process) => process.currentKey === key, `does not write with the key ${key} yet`, config);
  const ring = keyRing((await existingKeys(config)).content);
  io.out(`every running process writes with ${key}\n`);
  const keys = storeKeys(ring);
  const { done, stuck } = await rewrapMessages(pool, keys, (sofar) => {
    if (io.isTerminal) io.err(`\rwrapped anew: ${sofar}`);
  });
  if (io.isTerminal && done > 0) io.err('\n');
  for (const [lost, messages] of stuck)
    io.err(
      `warning: ${count(messages, 'message')} cannot be opened: the key ${lost} is not in the key file, restore it from its backup\n`,
    );
  const values = (await resealRegisters(pool, ring, io)) + (await resealSecrets(pool, keys, ring));
  await createAuditLog(pool, keys).append({
    actor: `command line (${userName()})`,
    action: 'keys.rotated',
    target: key,
    detail: { messages: done, values },
  });
  const old = extended.keys.filter((one) => one.id !== key && !isRetired(one)).map((one) => one.id);
  io.out(
    `wrapped ${count(done, 'message')} and sealed ${count(values, 'value')} anew with ${key}\n` +
      `Back the key file up now. ${old.length === 0 ? '' : `When no backup is left that needs ${old.join(', ')}: \`holdfast keys retire ${old[0]}\`.`}\n`,
  );
  return 0;
}

/** The key that a rotation was begun to and not finished: it waits, or messages are still wrapped with an older one. */
async function unfinished(pool: pg.Pool, { keys }: KeyFile): Promise<string | null> {
  const newest = keys.at(-1);
  if (newest === undefined || newest.waiting === true) return newest?.id ?? null;
  const older = new Set(keys.slice(0, -1).map((key) => key.id));
  const wrapped = [...(await messagesByKey(pool)).keys()];
  return wrapped.some((id) => older.has(id)) ? newest.id : null;
}

/** @throws CannotRun naming whoever is late. */
async function waitFor(
  pool: pg.Pool,
  isReady: (process: SeenProcess) => boolean,
  what: string,
  { keyFile }: Config,
): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const late = (await seenProcesses(pool)).filter((process) => !isReady(process));
    if (late.length === 0) return;
    if (performance.now() > deadline) {
      throw new CannotRun(
        ...late.map(
          ({ host, pid, role }) =>
            `${role} (process ${pid} on ${host}): ${what}: copy ${keyFile} to that machine, then run \`holdfast keys rotate\` again, which goes on from here`,
        ),
      );
    }
    await sleep(500);
  }
}
