import { randomBytes } from 'node:crypto';
import type pg from 'pg';

import type { Config } from '../../config.ts';
import { describeFault } from '../../core/result.ts';
import { windowState } from '../../core/window.ts';
import { ephemeralKeyRing, type KeyRing } from '../../registers/keys.ts';
import type { CompiledRules } from '../../rules/compiled-rules.ts';
import { openSketches } from '../../scan/open-sketches.ts';
import { referenceRules } from '../../scan/reference-rules.ts';
import { readKeptRegisters } from '../../service/read-kept-registers.ts';
import { readRules } from '../../store/read-rules.ts';
import { createRegisterStore } from '../../store/register-store.ts';
import { storeKeys } from '../../store/store-keys.ts';
import { SHIPPED_RULES } from '../load-engine.ts';
import { type Diagnosis, fault, fromFaults, warning, well } from './diagnosis.ts';

/** An entry of the demo registers that no release of one's own is called. */
const DEMO = 'core-lettings-demo';

/** Whether the rules load with their proofs. */
export async function checkRules(
  config: Config,
): Promise<{ readonly found: readonly Diagnosis[]; readonly rules: CompiledRules | null }> {
  const read = await readRules(config.rules ?? SHIPPED_RULES);
  return read.ok
    ? { found: [well('rules', `loaded and proven, version ${read.value.version}`)], rules: read.value }
    : { found: fromFaults('rules', read), rules: null };
}

/** Whether the store's registers can be judged by, and hold anything. */
export async function checkRegisters(
  pool: pg.Pool,
  ring: KeyRing | null,
  rules: CompiledRules | null,
  now: number,
): Promise<readonly Diagnosis[]> {
  const check = 'registers';
  const keys = ring ?? ephemeralKeyRing(randomBytes(32));
  const { documents, sketches } = await createRegisterStore(pool, storeKeys(keys)).load();
  const found: Diagnosis[] = [];
  const isEmpty = documents.embargoes.length + documents.sensitivity.length === 0;
  if (isEmpty) {
    return [fault(check, 'the store holds no entry: no mail is taken', 'load some: `holdfast registers import DIR`')];
  }
  if (ring !== null && rules !== null) {
    const read = readKeptRegisters(documents, { ...referenceRules(rules), key: ring });
    if (!read.ok) {
      return read.error.map((one) =>
        fault(
          check,
          describeFault(one),
          'mend the entry on the registers page, or import its file anew; no mail is taken until then',
        ),
      );
    }
    const { faults } = openSketches(sketches, ring);
    for (const [entry, message] of faults)
      found.push(
        fault(
          check,
          `the sketch of ${entry} ${message.split(':')[0]}`,
          'make it anew with `holdfast fingerprint`, and import the entry',
        ),
      );
    if (read.value.embargoes.every((entry) => windowState(entry, now) === 'lifted')) {
      found.push(warning(check, 'every embargo is over', 'enter the coming releases'));
    }
  }
  if (documents.sensitivity.some(({ id }) => id === DEMO))
    found.push(warning(check, 'the demo registers are in force', 'import your own'));
  return found.length > 0
    ? found
    : [well(check, `${documents.embargoes.length} releases, ${documents.sensitivity.length} datasets`)];
}
