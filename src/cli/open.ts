import { parseArgs } from 'node:util';
import { type ByteSource, memorySource } from '../core/byte-source.ts';
import type { OpenedMessage } from '../core/part.ts';
import { DEFAULT_LIMITS } from '../extract/budget.ts';
import { extractors } from '../extract/index.ts';
import { openParts } from '../scan/open-parts.ts';
import { createPixelReader } from '../scan/read-pixels.ts';
import { CannotRun, type Command, type CommandIo } from './command.ts';
import { partLine, partTree } from './print-parts.ts';
import { describeReadError, fileSource } from './read-paths.ts';

/** Shows what the scanner sees: every part, text and table of files, without judging them. */
export const open: Command = {
  name: 'open',
  usage: 'open PATH... [--text]',
  summary: 'shows what the scanner sees: one line for each part; --text adds the cells of tables',
  async run(args, io) {
    const { paths, text } = parseOptions(args);
    let failed = false;
    for (const path of paths) {
      let source: ByteSource;
      try {
        source = path === '-' ? memorySource(await io.stdin()) : await fileSource(path);
      } catch (error) {
        io.err(`holdfast: ${path}: ${describeReadError(error)}\n`);
        failed = true;
        continue;
      }
      print(await openOne(path, source, text), text, io);
    }
    return failed ? 2 : 0;
  },
};

function parseOptions(args: readonly string[]): { readonly paths: readonly string[]; readonly text: boolean } {
  let parsed: { values: { text?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { text: { type: 'boolean' } } });
  } catch (error) {
    throw new CannotRun(`open: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (parsed.positionals.length === 0) throw new CannotRun('open: no PATH given, see `holdfast help`');
  return { paths: parsed.positionals, text: parsed.values.text === true };
}

const readPixels = createPixelReader();

function openOne(path: string, source: ByteSource, everyCell: boolean): Promise<OpenedMessage> {
  return openParts(
    { kind: /\.eml$/i.test(path) ? 'email' : 'file', name: path === '-' ? 'stdin' : path, source },
    { extractors, limits: DEFAULT_LIMITS, now: () => performance.now(), everyCell, readPixels },
  );
}

function print(opened: OpenedMessage, text: boolean, io: CommandIo): void {
  if (io.isTerminal) io.out(partTree(opened, text));
  else for (const part of opened.parts) io.out(`${JSON.stringify(partLine(part, text))}\n`);
}
