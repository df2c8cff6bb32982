import type { WebLimits } from './web-options.ts';

const REMEMBERED = 10_000;
/**
 * One address may be a whole office behind a gateway, and one name is known to whoever wants to lock its owner out: either may
 * fail this many times as often as one name from one address.
 */
const WIDE_FACTOR = 5;

/** What the failures of an attempt are counted by: the name from this address, the name, the address. */
export function signInKeys(name: string, address: string): readonly string[] {
  return [`pair ${name} ${address}`, `name ${name}`, `address ${address}`];
}

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
  const allowed = (key: string) => limits.signInFailures * (key.startsWith('pair ') ? 1 : WIDE_FACTOR);
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
