import type { WebLimits } from './web-options.ts';

const REMEMBERED = 10_000;
/** One address may be a whole office behind a gateway: it may fail this many times as often as one name. */
const ADDRESS_FACTOR = 5;

/** Pauses sign-in for a name, or from an address, after too many wrong passwords. */
export interface SignInGuard {
  /** Seconds to wait; null where the attempt may go on. */
  pauseFor(keys: readonly string[]): number | null;
  failed(keys: readonly string[]): void;
  succeeded(keys: readonly string[]): void;
}

export function createSignInGuard(
  limits: Pick<WebLimits, 'signInFailures' | 'signInPauseMs'>,
  monotonic: () => number,
): SignInGuard {
  const failures = new Map<string, { count: number; until: number }>();
  const allowed = (key: string) => limits.signInFailures * (key.startsWith('address ') ? ADDRESS_FACTOR : 1);
  return {
    pauseFor(keys) {
      const waits = keys.flatMap((key) => {
        const record = failures.get(key);
        return record !== undefined && record.count >= allowed(key) ? [record.until - monotonic()] : [];
      });
      const longest = Math.max(0, ...waits);
      return longest > 0 ? Math.ceil(longest / 1000) : null;
    },
    failed(keys) {
      for (const key of keys) {
        const record = failures.get(key);
        const count = record === undefined || record.until <= monotonic() ? 1 : record.count + 1;
        failures.delete(key);
        failures.set(key, { count, until: monotonic() + limits.signInPauseMs });
      }
      for (const key of failures.keys()) {
        if (failures.size <= REMEMBERED) break;
        failures.delete(key);
      }
    },
    succeeded(keys) {
      for (const key of keys) if (!key.startsWith('address ')) failures.delete(key);
    },
  };
}
