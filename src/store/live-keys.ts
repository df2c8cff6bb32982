import { readFileSync, statSync } from 'node:fs';

import type { Instant } from '../core/entry.ts';
import type { Result } from '../core/result.ts';
import { type KeyRing, keyRing } from '../registers/keys.ts';
import { type KeyPlace, loadOrMakeKeyFile, parseKeyFile } from './key-file.ts';

/** The keys of a process that runs on while they change. */
export interface LiveKeys {
  /** Always the newest keys that were read. */
  readonly ring: KeyRing;
  /** Looks whether the file was changed; what it then has in it counts from here on. A file that cannot be read changes nothing. */
  reread(): void;
}

/** Opens the key file, making it where there is none, for a process that goes on to follow its changes. */
export async function openLiveKeys(place: KeyPlace, now: Instant): Promise<Result<LiveKeys>> {
  const opened = await loadOrMakeKeyFile(place, now);
  if (!opened.ok) return opened;
  const { keyFile } = place;
  const { kek, content } = opened.value;
  let current = keyRing(content);
  let mark = '';
  const ring: KeyRing = {
    get current() {
      return current.current;
    },
    get first() {
      return current.first;
    },
    get byId() {
      return current.byId;
    },
    get sketchKeys() {
      return current.sketchKeys;
    },
  };
  const reread = () => {
    try {
      const { mtimeNs, ino, size } = statSync(keyFile, { bigint: true });
      const seen = `${mtimeNs} ${ino} ${size}`;
      if (seen === mark) return;
      const read = parseKeyFile(keyFile, readFileSync(keyFile, 'utf8'), kek);
      if (!read.ok) return;
      current = keyRing(read.value.content);
      mark = seen;
    } catch {
      // Away or being replaced: the keys that are known serve on, and doctor names a file that is gone.
    }
  };
  reread();
  return { ok: true, value: { ring, reread } };
}
