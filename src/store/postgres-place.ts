import type { PostgresBinaries } from './postgres-binaries.ts';
import type { RunAs } from './postgres-user.ts';

/** Where and as whom the embedded server runs. */
export interface PostgresPlace {
  readonly dataFolder: string;
  /** `postgres/` in the data folder. */
  readonly folder: string;
  readonly binaries: PostgresBinaries;
  /** Null: as ourselves. */
  readonly runAs: RunAs | null;
}

/**
 * How the server is told its folder. For root on Linux it is the working directory: the user it runs as may not be allowed to
 * step through the folders above, and a process keeps the directory it was started in.
 */
export function tellFolder(folder: string, runAs: RunAs | null) {
  if (runAs === null) return { path: folder, options: {} };
  const path = process.platform === 'linux' ? '/proc/self/cwd' : folder;
  return { path, options: { cwd: folder, uid: runAs.uid, gid: runAs.gid } };
}

export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
