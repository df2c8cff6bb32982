import { readFileSync } from 'node:fs';

/**
 * Whether a PostgreSQL with these helpers (titles of its processes) will never take a connection: none that recovers, none that
 * writes the log of one that is open. PostgreSQL 18 comes to that where its recovery fails on a disk that fails, and stays so.
 */
export function isStuck(titles: readonly string[]): boolean {
  return titles.length > 0 && !titles.some((title) => /^postgres: (?:startup|walwriter)\b/.test(title));
}

/** Titles of a process's children; none where the system does not tell. */
export function titlesOfChildren(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
      .split(' ')
      .filter((child) => child !== '')
      .map((child) => readFileSync(`/proc/${child}/cmdline`, 'latin1').replaceAll('\0', ' '));
  } catch {
    // Gone meanwhile, or not Linux.
    return [];
  }
}

const LOOK_MS = 2_000;
/** Between two states it may look stuck for a moment, and as it shuts down for as long as that takes. */
const PATIENCE = 10;

/** Calls `act` once a server has been stuck for some 20 s; ends with what it returns. */
export function watchForStuck(pid: number, act: () => void): () => void {
  let times = 0;
  const timer = setInterval(() => {
    times = isStuck(titlesOfChildren(pid)) ? times + 1 : 0;
    if (times !== PATIENCE) return;
    clearInterval(timer);
    act();
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
