import type { Fault, Result } from '../core/result.ts';
import type { Detector } from '../detect/detector.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { loadRules, placeInRule } from '../rules/load-rules.ts';
import type { SourceFile } from '../text/read-yaml.ts';
import { disproveRules } from './rule-proof.ts';

/** Loads a rule folder's files, and proves them by their own examples: rules that fail one do not load (promise 9). */
export function loadProvenRules(
  files: readonly SourceFile[],
  detectors: readonly Detector[],
  folder = 'rules',
): Result<CompiledRules> {
  const loaded = loadRules(files, folder);
  if (!loaded.ok) return loaded;
  const faults: readonly Fault[] = disproveRules(loaded.value, detectors).map((disproof) =>
    placeInRule(files, disproof),
  );
  return faults.length > 0 ? { ok: false, error: faults } : loaded;
}
