import type { Config } from '../config.ts';
import { isRetired, keyRing } from '../registers/keys.ts';
import { seenProcesses } from '../store/presence.ts';
import { messagesByKey } from '../store/rewrap-messages.ts';
import type { CommandIo } from './command.ts';
import { count } from './registers-check.ts';
import { existingKeys, withDatabase } from './with-database.ts';

/** `keys status`: each key, what needs it, and who has it. */
export async function showKeys(config: Config, io: CommandIo): Promise<number> {
  const { content, isWrapped, kek } = await existingKeys(config);
  const ring = keyRing(content);
  const { messages, processes } = await withDatabase(config, async (pool) => ({
    messages: await messagesByKey(pool),
    processes: await seenProcesses(pool),
  }));
  io.out(`${config.keyFile}: ${isWrapped ? `wrapped by ${kek?.id}` : 'not wrapped by a key-encryption key'}\n`);
  for (const key of content.keys) {
    const state = isRetired(key)
      ? 'retired'
      : key.waiting === true
        ? 'waits until every process has it'
        : key.id === ring.current.id
          ? 'written with'
          : 'read with';
    io.out(`  ${key.id}  ${key.created}  ${state}, ${count(messages.get(key.id) ?? 0, 'message')}\n`);
  }
  for (const { role, pid, host, currentKey } of processes)
    io.out(`  ${role} (process ${pid} on ${host}) writes with ${currentKey}\n`);
  return 0;
}
