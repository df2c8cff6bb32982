import { CannotRun, type Command } from './command.ts';
import { manPage } from './help/man-page.ts';
import { programVersion } from './program-version.ts';

export const man: Command = {
  name: 'man',
  async run(args, io) {
    if (args.length > 0) throw new CannotRun('man takes no arguments; read it by `holdfast man | man -l -`');
    const date = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' }).format(io.now());
    io.out(manPage(programVersion(), date));
    return 0;
  },
};
