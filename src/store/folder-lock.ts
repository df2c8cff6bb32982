import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from './error-code.ts';
import { isAlive } from './postmaster.ts';

const ownerSchema = z.object({ pid: z.int(), birth: z.string(), purpose: z.string() });
type Owner = z.infer<typeof ownerSchema>;

export type FolderLock =
  | { readonly ok: true; release(): void }
  | { readonly ok: false; readonly pid: number; readonly purpose: string };

/** Takes a data folder for this process. A lock whose process is gone, though its number be another's now, counts for nothing. */
export function lockFolder(folder: string, purpose: string): FolderLock {
  const file = join(folder, 'lock');
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, birth: birthOf(process.pid), purpose }), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        // A link is made whole or not at all, and by one process alone.
        linkSync(draft, file);
        return { ok: true, release: () => releaseLock(file) };
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
      const owner = readOwner(file);
      if (owner !== null && isAlive(owner.pid) && birthOf(owner.pid) === owner.birth) {
        return { ok: false, pid: owner.pid, purpose: owner.purpose };
      }
      rmSync(file, { force: true });
    }
    return { ok: false, pid: 0, purpose: 'another start' };
  } finally {
    rmSync(draft, { force: true });
  }
}

function releaseLock(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // A disk that went read-only keeps it; without its process it counts for nothing.
  }
}

function readOwner(file: string): Owner | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** When a process began, in a form that no later process of the same number shares; empty where the system does not tell. */
function birthOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19] ?? ''}`;
  } catch {
    return '';
  }
}
