import { readdirSync, readFileSync } from 'node:fs';
import { processesOf } from '../services/run-serve.ts';
import { parentOf, residentOf } from './watch-memory.ts';

export type Role = 'serve' | 'worker' | 'opener' | 'postgres';
export const ROLES: readonly Role[] = ['serve', 'worker', 'opener', 'postgres'];

/** The most that any process of a role had in memory at once, and all of a role together, in bytes. */
export interface TreePeaks {
  readonly each: Readonly<Record<Role, number>>;
  readonly together: Readonly<Record<Role, number>>;
}

export interface TreeWatch {
  peaks(): TreePeaks;
  /** Begins anew. */
  reset(): void;
  stop(): void;
}

/** Watches the memory of the processes of one `serve`, by its data folder. */
export function watchTree(data: string, everyMs = 50): TreeWatch {
  const zero = () => ({ serve: 0, worker: 0, opener: 0, postgres: 0 });
  let each = zero();
  let together = zero();
  const look = (): void => {
    const now = zero();
    for (const [pid, role] of treeOf(data)) {
      const bytes = residentOf(pid);
      each[role] = Math.max(each[role], bytes);
      now[role] += bytes;
    }
    for (const role of ROLES) together[role] = Math.max(together[role], now[role]);
  };
  const timer = setInterval(look, everyMs);
  return {
    peaks: () => ({ each, together }),
    reset() {
      each = zero();
      together = zero();
    },
    stop: () => clearInterval(timer),
  };
}

function treeOf(data: string): ReadonlyMap<number, Role> {
  const found = new Map<number, Role>();
  for (const pid of processesOf(data)) found.set(pid, roleOf(pid));
  // Children that open have no environment to be known by.
  const all = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
  for (const pid of all) if (!found.has(pid) && found.has(parentOf(pid))) found.set(pid, roleOf(pid));
  return found;
}

function roleOf(pid: number): Role {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    if (command.includes('opener-child')) return 'opener';
    if (command.includes('postgres')) return 'postgres';
    return command.includes('\0worker') ? 'worker' : 'serve';
  } catch {
    return 'opener';
  }
}
