import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { parseInstant } from '../text/instant.ts';
import { CannotRun, type Command } from './command.ts';
import type { RegistersAction } from './registers-task.ts';

/** Loaded one at a time: checking a folder needs no database driver. */
const ACTIONS: Readonly<Record<string, () => Promise<RegistersAction>>> = {
  check: async () => (await import('./registers-check.ts')).checkRegisters,
  import: async () => (await import('./registers-store.ts')).importRegisters,
  export: async () => (await import('./registers-store.ts')).exportRegisters,
  seal: async () => (await import('./registers-seal.ts')).sealRegisters,
};

/** Checks a register folder, loads it into the store, writes the store's out, or seals its figures in place. */
export const registers: Command = {
  name: 'registers',
  async run(args, io) {
    const { positionals, values } = parse(args);
    const [name, folder, ...more] = positionals;
    const load = Object.entries(ACTIONS).find(([key]) => key === name)?.[1];
    if (load === undefined)
      throw new CannotRun(
        `registers: ${name === undefined ? 'no action given' : `${JSON.stringify(name)} is no action`}, give check, import, export or seal`,
      );
    if (folder === undefined) throw new CannotRun(`registers ${name}: no folder given, name the register folder`);
    if (more.length > 0) throw new CannotRun(`registers ${name}: more than one folder given, name one`);
    const config = readConfig(io.env);
    if (!config.ok) throw new CannotRun(...config.lines);
    const now = values.at === undefined ? (config.value.fixedNow ?? io.now()) : parseInstant(values.at);
    if (now === null)
      throw new CannotRun(
        `--at: ${JSON.stringify(values.at)} is no instant with an offset, write it like 2016-01-20T09:22:00Z`,
      );
    const action = await load();
    const { prune = false, yes = false } = values;
    if (prune && name !== 'import')
      throw new CannotRun(`registers ${name}: --prune goes with import alone, leave it out`);
    if (yes && !prune) throw new CannotRun(`registers ${name}: --yes goes with --prune alone, leave it out`);
    return action({ folder, rules: values.rules ?? config.value.rules, now, config: config.value, prune, yes }, io);
  },
};

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rules: { type: 'string' },
        at: { type: 'string' },
        prune: { type: 'boolean' },
        yes: { type: 'boolean' },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? '').replace(/\.$/, '') : String(error);
    throw new CannotRun(`registers: ${reason}, see \`holdfast help\``);
  }
}
