import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import type { Viewer } from '../core/view.ts';
import { RecentPasswords } from '../scan/recent-passwords.ts';
import { withPasswords } from '../scan/with-passwords.ts';
import { CannotRun, type Command, type CommandIo } from './command.ts';
import { judgePaths, kindOf } from './judge-paths.ts';
import { loadEngineParts } from './load-engine.ts';
import { makeOpener } from './make-opener.ts';
import { judgementLine, judgementText } from './print-judgement.ts';
import { type JudgedFile, sarifLog } from './print-sarif.ts';
import { programVersion } from './program-version.ts';
import { parseScanOptions, type ScanOptions } from './scan-options.ts';

/** Judges files as the gateway would, without a server; exit 1 where something is held. */
export const scan: Command = {
  name: 'scan',
  async run(args, io) {
    const config = readConfig(io.env);
    if (!config.ok) throw new CannotRun(...config.lines);
    const options = parseScanOptions(args, io, join(config.value.data, 'registers'), config.value.fixedNow ?? io.now());
    const { paths, faults } = await listPaths(options, io);
    if (paths.length === 0 && faults === 0)
      throw new CannotRun(`${options.paths.join(', ')}: holds no file to judge, name a folder that does`);
    if (paths.length === 0) return 2;
    const folders = { rules: options.rules ?? config.value.rules, registers: options.registers };
    const parts = await loadEngineParts(folders, options.at, io);
    const opener = makeOpener({ limits: config.value.limits });
    const viewer: Viewer = options.view === 'sender' ? { kind: 'sender' } : { kind: 'owner' };
    const print = options.format === 'json' ? judgementLine : judgementText;
    const files: JudgedFile[] = [];
    const open = withPasswords(opener.open, parts.passwords, new RecentPasswords());
    const judged = judgePaths(paths, options, { parts, open, io });
    let [held, failed] = [false, faults > 0];
    try {
      for await (const { path, judgement } of judged) {
        failed ||= judgement === null;
        if (judgement === null) continue;
        held ||= judgement.verdict === 'hold';
        if (options.format === 'sarif') files.push({ path, judgement, text: await textOf(path, options) });
        else io.out(print(path, judgement, parts.registers, viewer));
      }
    } finally {
      await opener.close();
    }
    if (options.format === 'sarif')
      io.out(sarifLog(files, parts.registers, viewer, { version: programVersion(), isComplete: !failed }));
    if (failed) return 2;
    return held ? 1 : 0;
  },
};

/** A draft's own text, to find lines in; null for anything else, and for what came by standard input. */
async function textOf(path: string, options: ScanOptions): Promise<string | null> {
  const isDraft = path !== '-' && (options.kind ?? kindOf(path)) === 'draft';
  return isDraft ? readFile(path, 'utf8').catch(() => null) : null;
}

/** The files to judge, folders walked where that was asked for; a folder otherwise costs a line. */
async function listPaths(
  options: ScanOptions,
  io: CommandIo,
): Promise<{ readonly paths: readonly string[]; readonly faults: number }> {
  const paths: string[] = [];
  let faults = 0;
  for (const path of options.paths) {
    const inside =
      path === '-'
        ? null
        : await readdir(path, { withFileTypes: true, recursive: options.recursive }).catch(() => null);
    if (inside === null) paths.push(path);
    else if (options.recursive) {
      const files = inside.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      paths.push(...files.sort());
    } else {
      io.err(`holdfast: ${path}: is a folder, add --recursive to judge the files in it\n`);
      faults += 1;
    }
  }
  return { paths, faults };
}
