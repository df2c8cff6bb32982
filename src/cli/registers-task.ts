import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Instant } from '../core/entry.ts';
import { describeFault, type Fault } from '../core/result.ts';
import { ephemeralKeyRing, type KeyRing } from '../registers/keys.ts';
import { type ParsedRegisters, parseRegisters, REGISTER_FOLDERS } from '../registers/parse-registers.ts';
import { referenceRules } from '../scan/reference-rules.ts';
import { openKeyFile, readKeyFile } from '../store/key-file.ts';
import { readFolder } from '../store/read-folder.ts';
import { readSketch } from '../store/read-sketch.ts';
import type { SourceFile } from '../text/read-yaml.ts';
import { type CommandIo, orEnd } from './command.ts';
import { loadRuleFolder, SHIPPED_RULES } from './load-engine.ts';

/** What every `registers` action is given. */
export interface RegistersTask {
  readonly folder: string;
  /** Null: the shipped rules. */
  readonly rules: string | null;
  readonly now: Instant;
  readonly config: Config;
  /** For `import`: whether what the folder lacks goes, and whether its list was seen. */
  readonly prune: boolean;
  readonly yes: boolean;
}

export type RegistersAction = (task: RegistersTask, io: CommandIo) => Promise<number>;

export interface LoadedFolder {
  readonly registers: ParsedRegisters;
  readonly files: readonly SourceFile[];
  readonly key: KeyRing;
  /** By id of the sensitivity entry. */
  readonly sketches: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads and checks a register folder; faults end the command, warnings go to standard error.
 *
 * `keys`: `open` makes the key file where there is none, `read` does without and leaves nothing behind.
 */
export async function loadFolder(task: RegistersTask, keys: 'open' | 'read', io: CommandIo): Promise<LoadedFolder> {
  const rules = await loadRuleFolder(task.rules ?? SHIPPED_RULES);
  const { files, warnings } = orEnd(await readFolder(task.folder, { folders: REGISTER_FOLDERS, what: 'register' }));
  const key =
    keys === 'open'
      ? orEnd(await openKeyFile(task.config, task.now))
      : (orEnd(await readKeyFile(task.config)) ?? ephemeralKeyRing(randomBytes(32)));
  const registers = orEnd(parseRegisters(files, { ...referenceRules(rules), key, now: task.now }, task.folder));
  const sketches = await readSketches(task.folder, registers);
  for (const fault of [...warnings, ...registers.warnings, ...sketches.warnings])
    io.err(`warning: ${describeFault(fault)}\n`);
  return { registers, files, key, sketches: sketches.found };
}

/** The sketches that a register folder's entries name; one that cannot be read costs a warning, for the entry holds without it. */
export async function readSketches(folder: string, registers: Pick<ParsedRegisters, 'documents'>) {
  const found = new Map<string, Uint8Array>();
  const warnings: Fault[] = [];
  for (const { id, sketch } of registers.documents.sensitivity) {
    if (sketch === undefined) continue;
    const read = await readSketch(join(folder, 'sensitivity', sketch));
    if (read.ok) found.set(id, read.value);
    else warnings.push(read.error);
  }
  return { found, warnings };
}
