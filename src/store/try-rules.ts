import type { Result } from '../core/result.ts';
import { detectors } from '../detect/index.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { POLICY_FILE, RULE_FOLDERS } from '../rules/load-rules.ts';
import { loadProvenRules } from '../scan/load-proven-rules.ts';
import { readFolder } from './read-folder.ts';

/** The rules of a folder with one file of them changed or added, proven by their own examples; nothing is written. */
export async function tryRules(folder: string, path: string, text: string): Promise<Result<CompiledRules>> {
  const read = await readFolder(folder, { folders: RULE_FOLDERS, files: [POLICY_FILE], what: 'rule' });
  if (!read.ok) return read;
  const others = read.value.files.filter((one) => one.path !== path);
  return loadProvenRules([...others, { file: path, path, text }], detectors, folder);
}
