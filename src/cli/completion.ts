import { CannotRun, type Command } from './command.ts';
import { completionScript, SHELLS } from './help/completion-script.ts';

export const completion: Command = {
  name: 'completion',
  async run(args, io) {
    const shell = SHELLS.find((one) => one === args[0]);
    if (shell === undefined || args.length > 1)
      throw new CannotRun(`completion: name one shell of ${SHELLS.join(', ')}`);
    io.out(completionScript(shell));
    return 0;
  },
};
