import { describeFault, type Fault, type Result } from '../core/result.ts';

/** What a command may touch. */
export interface CommandIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly stdin: () => Promise<Uint8Array>;
  readonly isTerminal: boolean;
  /** Wall clock, ms since the epoch. */
  readonly now: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One command a file; what it is told of by `help` stands in `help/command-help.ts`. Exit status: 0 done, 1 something held, 2 could not run. */
export interface Command {
  readonly name: string;
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** Ends a command with exit 2 and its lines on standard error, each prefixed `holdfast: `. */
export class CannotRun extends Error {
  readonly lines: readonly string[];
  constructor(...lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'CannotRun';
    this.lines = lines;
  }
}

/** What went well; every fault else ends the command with a line of its own. */
export function orEnd<T>(result: Result<T, readonly Fault[]>): T {
  if (result.ok) return result.value;
  throw new CannotRun(...result.error.map(describeFault));
}
