import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Result } from '../core/result.ts';
import { detectors } from '../detect/index.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { POLICY_FILE, RULE_FOLDERS, rulesVersion } from '../rules/load-rules.ts';
import { loadProvenRules } from '../scan/load-proven-rules.ts';
import { readFolder } from './read-folder.ts';

/** Written by the build beside the code that proved them; a checkout that runs from `src` has none. */
const BUILT = fileURLToPath(new URL('../proven-rules.json', import.meta.url));

/**
 * The rules of a folder, proven by their own examples.
 *
 * Rules that the build has proven with this very code, byte for byte, are taken as it left them: reading and proving them anew costs
 * a short command most of its time.
 */
export async function readRules(folder: string): Promise<Result<CompiledRules>> {
  const read = await readFolder(folder, { folders: RULE_FOLDERS, files: [POLICY_FILE], what: 'rule' });
  if (!read.ok) return read;
  const { files } = read.value;
  const version = rulesVersion(files);
  const known = lastProven?.version === version ? lastProven : await builtRules(version);
  const rules: Result<CompiledRules> =
    known === null ? loadProvenRules(files, detectors, folder) : { ok: true, value: known };
  if (rules.ok) lastProven = rules.value;
  return rules;
}

/** What this process has proven itself is not proven again when it is asked for again. */
let lastProven: CompiledRules | null = null;

async function builtRules(version: string): Promise<CompiledRules | null> {
  const text = await readFile(BUILT, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const rules = JSON.parse(text) as CompiledRules;
    return rules.version === version ? rules : null;
  } catch {
    // Cut short by a build that was stopped: they are read and proven anew.
    return null;
  }
}

/** For the build: proves a folder's rules and keeps them beside the code. */
export async function keepProvenRules(folder: string): Promise<Result<CompiledRules>> {
  await rm(BUILT, { force: true });
  const rules = await readRules(folder);
  if (rules.ok) await writeFile(BUILT, JSON.stringify(rules.value));
  return rules;
}
