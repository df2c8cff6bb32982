/** Callers remembered at once; beyond it the longest idle ones are forgotten, who have a full bucket by then. */
const REMEMBERED = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket for each key: a burst of `rate`, then `rate` a second. */
export interface RateLimiter {
  /** Null where the call may go on, else the whole seconds to wait. */
  take(key: string): number | null;
}

export function createRateLimiter(rate: number, monotonic: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    take(key) {
      const now = monotonic();
      const bucket = buckets.get(key) ?? { tokens: rate, at: now };
      bucket.tokens = Math.min(rate, bucket.tokens + ((now - bucket.at) / 1000) * rate);
      bucket.at = now;
      // Re-inserted, so that the map's order is the order of last use.
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > REMEMBERED) forgetOldest(buckets);
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return null;
      }
      return Math.max(1, Math.ceil((1 - bucket.tokens) / rate));
    },
  };
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  for (const key of buckets.keys()) {
    buckets.delete(key);
    return;
  }
}
