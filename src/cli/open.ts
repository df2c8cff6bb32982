import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { type ByteSource, memorySource } from '../core/byte-source.ts';
import type { OpenedMessage } from '../core/part.ts';
import { createScanPool, type ScanPool } from '../scan/scan-pool.ts';
import { CannotRun, type Command, type CommandIo } from './command.ts';
import { partLine, partTree } from './print-parts.ts';
import { describeReadError, fileSource } from './read-paths.ts';

/** Resident bytes of the child; every cell of many tables as text needs more. */
const SHOWN_MEMORY = 900 * 1024 ** 2;
const EVERY_CELL_MEMORY = 3 * 1024 ** 3;

/** Shows what the scanner sees: every part, text and table of files, without judging them. */
export const open: Command = {
  name: 'open',
  async run(args, io) {
    const { paths, text, isTree } = parseOptions(args, io);
    const config = readConfig(io.env);
    if (!config.ok) throw new CannotRun(...config.lines);
    // A child process, as in the service: a file that hangs or kills its reader is shown as such.
    // Nobody reads a long table on a terminal: there it is its first rows and its words, in memory that does not grow with it.
    const everyCell = text && !isTree;
    const { limits } = config.value;
    const pool = createScanPool({ size: 1, everyCell, limits, memory: everyCell ? EVERY_CELL_MEMORY : SHOWN_MEMORY });
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
      print(await openOne(path, source, pool), text, isTree, io);
    }
    await pool.close();
    return failed ? 2 : 0;
  },
};

function parseOptions(
  args: readonly string[],
  io: CommandIo,
): { readonly paths: readonly string[]; readonly text: boolean; readonly isTree: boolean } {
  let parsed: { values: { text?: boolean; format?: string }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { text: { type: 'boolean' }, format: { type: 'string' } },
    });
  } catch (error) {
    throw new CannotRun(`open: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (parsed.positionals.length === 0) throw new CannotRun('open: no PATH given, see `holdfast help`');
  const format = parsed.values.format ?? (io.isTerminal ? 'text' : 'json');
  if (format !== 'text' && format !== 'json') {
    throw new CannotRun(`--format: ${JSON.stringify(format)} is not one of text, json`);
  }
  return { paths: parsed.positionals, text: parsed.values.text === true, isTree: format === 'text' };
}

function openOne(path: string, source: ByteSource, pool: ScanPool): Promise<OpenedMessage> {
  return pool.open({ kind: /\.eml$/i.test(path) ? 'email' : 'file', name: path === '-' ? 'stdin' : path, source });
}

function print(opened: OpenedMessage, text: boolean, isTree: boolean, io: CommandIo): void {
  if (isTree) io.out(partTree(opened, text));
  else for (const part of opened.parts) io.out(`${JSON.stringify(partLine(part, text))}\n`);
}
