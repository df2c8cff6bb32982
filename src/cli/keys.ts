import { readConfig } from '../config.ts';
import { describeFault } from '../core/result.ts';
import type { KeyRing } from '../registers/keys.ts';
import { resealEntry } from '../registers/reseal-entry.ts';
import { addKey, readKeyFile } from '../store/key-file.ts';
import { CannotRun, type Command, type CommandIo } from './command.ts';
import { count } from './registers-check.ts';
import { userName, withStore } from './registers-store.ts';
import { orEnd } from './registers-task.ts';

/** Changes the key that figures are sealed with: a new one is added, then what the store has is sealed anew with it. */
export const keys: Command = {
  name: 'keys',
  usage: 'keys add|reseal',
  summary: 'adds a master key to the key file; seals what the store has anew with the newest one',
  async run(args, io) {
    const [action, ...more] = args;
    if ((action !== 'add' && action !== 'reseal') || more.length > 0)
      throw new CannotRun('usage: holdfast keys add|reseal');
    const config = readConfig(io.env);
    if (!config.ok) throw new CannotRun(...config.lines);
    const { keyFile } = config.value;
    if (action === 'add') {
      const ring = orEnd(await addKey(keyFile, io.now()));
      io.out(
        `${keyFile}: added the key ${ring.current.id}; what is written from now on is sealed with it\n` +
          'Copy the file to every machine and start each of them again, then run `holdfast keys reseal`. The older keys stay: messages and the audit log need them.\n',
      );
      return 0;
    }
    const ring = orEnd(await readKeyFile(keyFile));
    if (ring === null) throw new CannotRun(`${keyFile}: there is no key file, name it with HOLDFAST_KEY_FILE`);
    return withStore(config.value, ring, (store) => resealStore(store, ring, io));
  },
};

type Registers = Parameters<Parameters<typeof withStore>[2]>[0];

async function resealStore(store: Registers, ring: KeyRing, io: CommandIo): Promise<number> {
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
  io.out(
    values === 0
      ? `everything is sealed with the key ${ring.current.id} already\n`
      : `sealed ${count(values, 'value')} anew with the key ${ring.current.id}\n`,
  );
  return 0;
}
