import { basename } from 'node:path';
import type { KeyRing } from '../registers/keys.ts';
import type { SketchMaker } from '../service/sketch-jobs.ts';
import { sketchInProcess } from './sketch-process.ts';

/** Uploads read at once: each is in memory as a whole, here and in the process that reads it. */
const AT_ONCE = 2;

/** Sketches of uploaded files, which never lie on a disk. */
export function sketchUploads(keys: KeyRing): SketchMaker {
  let running = 0;
  return async ({ name, content }, onRow) => {
    if (running >= AT_ONCE)
      return { ok: false, error: 'other fingerprints are being made now, begin again in a minute' };
    running += 1;
    try {
      // Only the ending tells what kind of file it is; the rest of the name is a stranger's.
      const ending = /\.[A-Za-z0-9]{1,8}$/.exec(basename(name))?.[0] ?? '';
      return await sketchInProcess({ path: `upload${ending}`, without: null }, keys.current, onRow, content);
    } finally {
      running -= 1;
    }
  };
}
