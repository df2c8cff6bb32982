import type { Fault, Result } from '../core/result.ts';
import type { Detector } from '../detect/detector.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { loadRules, placeInRule } from '../rules/load-rules.ts';
import type { SourceFile } from '../text/read-yaml.ts';
import { disproveRules } from './rule-proof.ts';

/**
 * Loads a rule folder's files, and proves them by their own examples: a rule that fails its examples does not load (promise 9).
 *
 * `proven`: version of rules that these detectors have proven before; those are taken at their word.
 */
export function loadProvenRules(
  files: readonly SourceFile[],
  detectors: readonly Detector[],
  { folder = 'rules', proven }: { readonly folder?: string; readonly proven?: string | null } = {},
): Result<CompiledRules> {
  const loaded = loadRules(files, folder);
  if (!loaded.ok || loaded.value.version === proven) return loaded;
  const faults: readonly Fault[] = disproveRules(loaded.value, detectors).map((disproof) =>
    placeInRule(files, disproof),
  );
  return faults.length > 0 ? { ok: false, error: faults } : loaded;
}
