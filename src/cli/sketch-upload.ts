import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { KeyRing } from '../registers/keys.ts';
import type { SketchMaker } from '../service/sketch-jobs.ts';
import { sketchInProcess } from './sketch-process.ts';

/** Sketches of uploaded files: each lies in the data folder while it is read, for this user alone, and is removed after. */
export function sketchUploads(data: string, keys: KeyRing): SketchMaker {
  return async ({ name, content }, onRow) => {
    const folder = await mkdtemp(join(data, 'sketch-'));
    try {
      // Only the ending tells what kind of file it is; the rest of the name is a stranger's.
      const ending = /\.[A-Za-z0-9]{1,8}$/.exec(basename(name))?.[0] ?? '';
      const path = join(folder, `upload${ending}`);
      await writeFile(path, content, { mode: 0o600 });
      return await sketchInProcess({ path, without: null }, keys.current, onRow);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}
