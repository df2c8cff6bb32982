import { statSync } from 'node:fs';

import type { Config } from '../../config.ts';
import { type KeyRing, keyRing } from '../../registers/keys.ts';
import { loadKeyFile } from '../../store/key-file.ts';
import { type Diagnosis, fault, fromFaults, warning, well } from './diagnosis.ts';

const CHECK = 'keys';
const RING_DAYS = 400;
const DAY_MS = 86_400_000;

/** The key file by itself; whether it is that of the database is looked at there. */
export async function checkKeys(
  config: Config,
  now: number,
): Promise<{ readonly found: readonly Diagnosis[]; readonly ring: KeyRing | null }> {
  const { keyFile, kek } = config;
  const opened = await loadKeyFile(config);
  if (!opened.ok) return { found: fromFaults(CHECK, opened), ring: null };
  if (opened.value === null) {
    const what = `${keyFile} is not there`;
    const isFirst = statSync(config.data, { throwIfNoEntry: false }) === undefined;
    return {
      found: [
        isFirst
          ? warning(CHECK, what, 'it is made at the first start; copy it somewhere safe then')
          : fault(
              CHECK,
              what,
              'restore it from its backup, or name it with HOLDFAST_KEY_FILE; without it nothing that is held can be opened',
            ),
      ],
      ring: null,
    };
  }
  const { content, isWrapped } = opened.value;
  const ring = keyRing(content);
  const found: Diagnosis[] = [];
  if (kek !== null && !isWrapped) {
    found.push(
      fault(
        CHECK,
        `${keyFile} has its keys in the clear, though a key-encryption key is set`,
        'run `holdfast keys wrap`',
      ),
    );
  }
  if (content.keys.some((key) => key.waiting === true)) {
    found.push(
      fault(
        CHECK,
        'a rotation of keys was begun and not finished',
        'run `holdfast keys rotate`, which goes on with it',
      ),
    );
  }
  const age = Math.floor(
    (now - Date.parse(content.keys.find((key) => key.id === ring.current.id)?.created ?? '')) / DAY_MS,
  );
  if (age > RING_DAYS) {
    found.push(
      warning(
        CHECK,
        `the key ${ring.current.id} has been written with for ${age} days`,
        'change it: `holdfast keys rotate`',
      ),
    );
  }
  if (found.length === 0)
    found.push(well(CHECK, `${keyFile}, writes with ${ring.current.id}${isWrapped ? ', wrapped' : ''}`));
  return { found, ring };
}
