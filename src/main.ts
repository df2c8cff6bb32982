import { debuglog } from 'node:util';
import { CannotRun, type CommandIo } from './cli/command.ts';
import { placed, withSettingsFile } from './cli/config-file.ts';
import { commands } from './cli/index.ts';

const io: CommandIo = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stdin: async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    return Buffer.concat(chunks);
  },
  isTerminal: process.stdout.isTTY === true,
  now: () => Date.now(),
  env: process.env,
};

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-V') {
    io.out(`holdfast ${(await import('./cli/program-version.ts')).programVersion()}\n`);
    return 0;
  }
  const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    if (name !== undefined && name !== 'help' && name !== '--help' && name !== '-h') {
      throw new CannotRun(`${name}: no such command, see \`holdfast help\``);
    }
    await printHelp(rest[0]);
    return name === undefined ? 2 : 0;
  }
  const command = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    await printHelp(command.name);
    return 0;
  }
  const { env, places } = withSettingsFile(process.env);
  try {
    return await command.run(rest, { ...io, env });
  } catch (error) {
    throw error instanceof CannotRun ? new CannotRun(...error.lines.map((line) => placed(line, places))) : error;
  }
}

async function printHelp(name: string | undefined): Promise<void> {
  const [{ COMMAND_HELP }, { commandText, overviewText, styleFor }] = await Promise.all([
    import('./cli/help/command-help.ts'),
    import('./cli/help/help-text.ts'),
  ]);
  const style = styleFor(io.isTerminal, io.env);
  const help = COMMAND_HELP.find((one) => one.name === name);
  if (name !== undefined && help === undefined) throw new CannotRun(`${name}: no such command, see \`holdfast help\``);
  io.out(help === undefined ? overviewText(style) : commandText(help, style));
}

/** One line: a defect's stack is for its developers, who can have it with `NODE_DEBUG=holdfast`. */
function describeDefect(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = debuglog('holdfast').enabled && error instanceof Error ? `\n${error.stack}` : '';
  return text.replaceAll(/\s*\n\s*/g, ' ') + stack;
}

// A reader such as `head` that has seen enough is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = 2;
  if (error instanceof CannotRun) for (const line of error.lines) io.err(`holdfast: ${line}\n`);
  else io.err(`holdfast: this is a fault in holdfast itself, please report it: ${describeDefect(error)}\n`);
}
