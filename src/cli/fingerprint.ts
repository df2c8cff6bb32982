import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { describeFault } from '../core/result.ts';
import type { SketchColumn } from '../registers/sketch.ts';
import { openKeyFile } from '../store/key-file.ts';
import { CannotRun, type Command } from './command.ts';
import { ProgressBar } from './progress-bar.ts';
import { describeReadError, fileSource } from './read-paths.ts';
import { sketchInProcess } from './sketch-process.ts';

/** Makes the keyed sketch of a file that a register entry names, and reports what became of each column. */
export const fingerprint: Command = {
  name: 'fingerprint',
  async run(args, io) {
    const { file, out, without } = parseOptions(args);
    const config = readConfig(io.env);
    if (!config.ok) throw new CannotRun(...config.lines);
    const keys = await openKeyFile(config.value, io.now());
    if (!keys.ok) throw new CannotRun(...keys.error.map(describeFault));
    for (const path of without === null ? [file] : [file, without]) await checkReadable(path);
    const bar = new ProgressBar('reading rows', {
      write: io.err,
      isTerminal: io.isTerminal,
      now: () => performance.now(),
    });
    const made = await sketchInProcess({ path: file, without }, keys.value.current, (done, total) =>
      bar.show(done, total),
    );
    bar.clear();
    if (!made.ok) throw new CannotRun(`${file}: ${made.error}`);
    try {
      await writeFile(out, made.value.bytes, { mode: 0o640 });
    } catch (error) {
      throw new CannotRun(`${out}: ${describeReadError(error)}`);
    }
    io.out(report(out, made.value));
    return 0;
  },
};

interface Options {
  readonly file: string;
  readonly out: string;
  /** A public document, such as the last release, whose passages say nothing. */
  readonly without: string | null;
}

function parseOptions(args: readonly string[]): Options {
  let parsed: { values: { out?: string; without?: string }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string' }, without: { type: 'string' } },
    });
  } catch (error) {
    throw new CannotRun(`fingerprint: ${error instanceof Error ? error.message : String(error)}`);
  }
  const [file, ...more] = parsed.positionals;
  if (file === undefined || more.length > 0) throw new CannotRun('fingerprint: give one FILE, see `holdfast help`');
  if (parsed.values.out === undefined)
    throw new CannotRun('fingerprint: --out: say where the sketch goes: --out SKETCH');
  return { file, out: parsed.values.out, without: parsed.values.without ?? null };
}

async function checkReadable(file: string): Promise<void> {
  try {
    await fileSource(file, 0);
  } catch (error) {
    throw new CannotRun(`${file}: ${describeReadError(error)}`);
  }
}

function report(
  out: string,
  made: {
    readonly bytes: Uint8Array;
    readonly rows: number;
    readonly passages: number;
    readonly columns: readonly SketchColumn[];
  },
): string {
  const kept = made.columns.filter((column) => column.use === 'combined');
  const reasons = new Map<string, string[]>();
  for (const { name, use, why } of made.columns)
    if (use === 'left-out') reasons.set(why, [...(reasons.get(why) ?? []), name]);
  return [
    `${out}: ${made.bytes.length.toLocaleString('en-GB')} bytes, ${made.rows.toLocaleString('en-GB')} rows, ${made.passages.toLocaleString('en-GB')} passages`,
    ...(kept.length === 0
      ? []
      : [`kept, in combinations of two: ${kept.map(({ name, why }) => `${name} (${why})`).join(', ')}`]),
    ...[...reasons].map(([why, names]) => `left out, ${why}: ${names.join(', ')}`),
    '',
  ].join('\n');
}
