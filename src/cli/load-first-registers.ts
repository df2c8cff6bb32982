import { statSync } from 'node:fs';
import { join } from 'node:path';

import type { Config } from '../config.ts';
import { describeFault } from '../core/result.ts';
import { demoRegisters } from '../registers/demo-registers.ts';
import { parseRegisters, REGISTER_FOLDERS } from '../registers/parse-registers.ts';
import { referenceRules } from '../scan/reference-rules.ts';
import type { EngineSource } from '../service/engine-source.ts';
import { readFolder } from '../store/read-folder.ts';
import type { Backend } from './backend.ts';
import { readSketches } from './registers-task.ts';

/**
 * Fills a store without any register from `registers/` in the data folder, else with the demo registers.
 *
 * A folder with faults loads nothing, and its faults are answered: the service starts and judges nothing.
 */
export async function loadFirstRegisters(
  config: Config,
  { store, keys, clock }: Pick<Backend, 'store' | 'keys' | 'clock'>,
  engines: EngineSource,
): Promise<{ readonly lines: readonly string[] }> {
  const { documents } = await store.registers.load();
  if (documents.embargoes.length + documents.sensitivity.length > 0) return { lines: [] };
  const rules = engines.rules();
  // Without rules nothing can be checked; the next start tries again.
  if (rules === null) return { lines: [] };
  const folder = join(config.data, 'registers');
  const isDemo = statSync(folder, { throwIfNoEntry: false }) === undefined;
  const read = isDemo
    ? ({ ok: true, value: { files: demoRegisters(clock.now(), config.adminEmail) } } as const)
    : await readFolder(folder, { folders: REGISTER_FOLDERS, what: 'register' });
  const parsed = read.ok
    ? parseRegisters(read.value.files, { ...referenceRules(rules), key: keys, now: clock.now() }, folder)
    : read;
  if (!parsed.ok) return { lines: parsed.error.map(describeFault) };
  const sketches = await readSketches(folder, parsed.value);
  await store.registers.import(parsed.value.documents, {
    actor: 'holdfast',
    onlyIfEmpty: true,
    sketches: sketches.found,
  });
  return { lines: isDemo ? [] : [...parsed.value.warnings, ...sketches.warnings].map(describeFault) };
}
