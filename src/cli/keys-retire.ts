import type { Config } from '../config.ts';
import { isRetired, keyRing, retireMasterKey } from '../registers/keys.ts';
import { createAuditLog } from '../store/audit-log.ts';
import { changeKeyFile } from '../store/key-file.ts';
import { seenProcesses } from '../store/presence.ts';
import { valuesUnderKey } from '../store/reseal-secrets.ts';
import { messagesByKey } from '../store/rewrap-messages.ts';
import { storeKeys } from '../store/store-keys.ts';
import { CannotRun, type CommandIo, orEnd } from './command.ts';
import { count } from './registers-check.ts';
import { userName } from './registers-store.ts';
import { existingKeys, withDatabase } from './with-database.ts';

/** `keys retire KEY`: removes what an old key opens and seals with, once the store has nothing that needs it. */
export async function retireKey(config: Config, id: string, io: CommandIo): Promise<number> {
  const { content } = await existingKeys(config);
  const key = content.keys.find((one) => one.id === id);
  if (key === undefined) {
    throw new CannotRun(
      `${id}: ${config.keyFile} has no such key, it has ${content.keys.map((one) => one.id).join(', ')}`,
    );
  }
  if (isRetired(key)) {
    io.out(`${id} is retired already\n`);
    return 0;
  }
  const ring = keyRing(content);
  if (key.waiting === true || ring.current.id === id) {
    throw new CannotRun(`${id}: is the key that is written with, run \`holdfast keys rotate\` first`);
  }
  await withDatabase(config, async (pool) => {
    const messages = (await messagesByKey(pool)).get(id) ?? 0;
    const values = await valuesUnderKey(pool, id);
    const late = (await seenProcesses(pool)).find(({ currentKey }) => currentKey === id);
    if (late !== undefined) {
      throw new CannotRun(
        `${id}: ${late.role} (process ${late.pid} on ${late.host}) writes with it still, copy ${config.keyFile} to that machine first`,
      );
    }
    if (messages > 0 || values > 0) {
      throw new CannotRun(
        `${id}: ${count(messages, 'message')} and ${count(values, 'value')} need it, run \`holdfast keys rotate\` first`,
      );
    }
    await createAuditLog(pool, storeKeys(ring)).append({
      actor: `command line (${userName()})`,
      action: 'keys.retired',
      target: id,
      detail: {},
    });
  });
  orEnd(await changeKeyFile(config, (file) => retireMasterKey(file, id)));
  io.out(
    `${config.keyFile}: the secret of ${id} is gone; what the audit chain, tokens and sketches need of it stays\n` +
      'Backups and register folders that were sealed with it need a copy of the key file from before.\n',
  );
  return 0;
}
