import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../config.ts';
import type { Instant } from '../core/entry.ts';
import { describeFault } from '../core/result.ts';
import type { Sketches } from '../detect/detector.ts';
import { detectors } from '../detect/index.ts';
import { ephemeralKeyRing, type KeyRing } from '../registers/keys.ts';
import { type ParsedRegisters, parseRegisters, REGISTER_FOLDERS } from '../registers/parse-registers.ts';

import { makeMatchesSealed } from '../registers/seal.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { openSketches } from '../scan/open-sketches.ts';
import { referenceRules } from '../scan/reference-rules.ts';
import type { EngineParts } from '../scan/scan-message.ts';
import { readKeyFile } from '../store/key-file.ts';
import { readFolder } from '../store/read-folder.ts';
import { readRules } from '../store/read-rules.ts';
import { readSketch } from '../store/read-sketch.ts';
import { CannotRun, type CommandIo, orEnd } from './command.ts';

export const SHIPPED_RULES = fileURLToPath(new URL('../../rules', import.meta.url));

/** What judges on this machine without a server: a rule folder, a register folder, and the key file if there is one. */
export async function loadEngineParts(
  folders: { readonly rules: string | null; readonly registers: string },
  now: Instant,
  io: CommandIo,
): Promise<Omit<EngineParts, 'open'> & { readonly passwords: readonly string[] }> {
  const rules = await loadRuleFolder(folders.rules ?? SHIPPED_RULES);
  const key = await keysFor(io);
  const registers = await loadRegisterFolder(folders.registers, rules, key, now);
  const sketches = await loadSketches(folders.registers, registers, key, io);
  return {
    rules,
    registers,
    detectors,
    matchesSealed: makeMatchesSealed(key),
    sketches,
    passwords: registers.passwords,
  };
}

/** The rules of a folder; every fault ends the command with a line of its own. */
export async function loadRuleFolder(folder: string): Promise<CompiledRules> {
  return orEnd(await readRules(folder));
}

export async function loadRegisterFolder(
  folder: string,
  rules: CompiledRules,
  key: KeyRing,
  now: Instant,
): Promise<ParsedRegisters> {
  if (!existsSync(folder))
    throw new CannotRun(
      `${folder}: there is no such register folder, and a server’s database is not read: name a folder by --registers DIR, or write the server’s out by \`holdfast registers export DIR\``,
    );
  const { files } = orEnd(await readFolder(folder, { folders: REGISTER_FOLDERS, what: 'register' }));
  return orEnd(parseRegisters(files, { ...referenceRules(rules), key, now }, folder));
}

/** The sketches that entries name, beside their files; one that cannot be used costs a warning, for the other detectors still look. */
async function loadSketches(
  folder: string,
  registers: ParsedRegisters,
  key: KeyRing,
  io: CommandIo,
): Promise<Sketches> {
  const bytes = new Map<string, Uint8Array>();
  const files = new Map<string, string>();
  for (const { id, sketch } of registers.sensitivity) {
    if (sketch === null) continue;
    const file = join(folder, 'sensitivity', sketch);
    files.set(id, file);
    const read = await readSketch(file);
    if (read.ok) bytes.set(id, read.value);
    else io.err(`warning: ${describeFault(read.error)}\n`);
  }
  const { sketches, faults } = openSketches(bytes, key);
  for (const [entry, message] of faults) io.err(`warning: ${files.get(entry)}: ${message}\n`);
  return sketches;
}

/** The key file's keys, or keys that live as long as this process: a scan must not leave files behind. */
async function keysFor(io: CommandIo): Promise<KeyRing> {
  const config = readConfig(io.env);
  if (!config.ok) throw new CannotRun(...config.lines);
  return orEnd(await readKeyFile(config.value)) ?? ephemeralKeyRing(randomBytes(32));
}
