import { readConfig } from '../config.ts';
import { CannotRun, type Command } from './command.ts';
import { usageOf } from './help/command-help.ts';
import { addKeyNow, resealStore, wrapKeys } from './keys-file.ts';
import { retireKey } from './keys-retire.ts';
import { rotateKeys } from './keys-rotate.ts';
import { showKeys } from './keys-status.ts';

/** Looks after the keys that everything is sealed and encrypted with. */
export const keys: Command = {
  name: 'keys',
  async run(args, io) {
    const reading = readConfig(io.env);
    const [action, ...more] = args;
    const known = ['rotate', 'retire', 'status', 'wrap', 'unwrap', 'add', 'reseal'];
    if (action === undefined || !known.includes(action) || more.length !== (action === 'retire' ? 1 : 0)) {
      throw new CannotRun(usageOf('keys'));
    }
    if (!reading.ok) throw new CannotRun(...reading.lines);
    const config = reading.value;
    switch (action) {
      case 'rotate':
        return rotateKeys(config, io);
      case 'retire':
        return retireKey(config, more[0] ?? '', io);
      case 'status':
        return showKeys(config, io);
      case 'wrap':
      case 'unwrap':
        return wrapKeys(config, action, io);
      case 'add':
        return addKeyNow(config, io);
      default:
        return resealStore(config, io);
    }
  },
};
