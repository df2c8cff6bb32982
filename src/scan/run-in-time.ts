import { runInNewContext } from 'node:vm';

/**
 * What `work` returns, or null once it has run for longer than `time`, ms of wall clock: a library that loops in damaged bytes is
 * stopped in the middle of it, and costs no more than that.
 */
export function runInTime<T>(time: number, work: () => T): { readonly value: T } | null {
  try {
    return { value: runInNewContext('work()', { work }, { timeout: Math.max(1, Math.round(time)) }) as T };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  }
}
