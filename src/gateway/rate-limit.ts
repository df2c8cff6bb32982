const MINUTE_MS = 60_000;
const MOST_OWED = 60;
/** Beyond so many clients those that may do all again are forgotten. */
const REMEMBERED = 10_000;

interface Bucket {
  left: number;
  at: number;
}

/** So many a minute for each key, evenly refilled, so that a burst of a minute's worth is allowed and no more. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** `perMinute` 0: no limit. `now` is a clock that never goes back, ms. */
  constructor(perMinute: number, now: () => number) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Takes one, where there is one left. */
  take(key: string): boolean {
    if (this.#perMinute === 0) return true;
    const bucket = this.#refilled(key);
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }

  /** Takes one in any case: what is owed comes back first, of which there is an hour's worth at most. */
  charge(key: string): void {
    if (this.#perMinute === 0) return;
    const bucket = this.#refilled(key);
    bucket.left = Math.max(-this.#perMinute * MOST_OWED, bucket.left - 1);
  }

  /** Whether nothing is left; takes nothing. */
  isSpent(key: string): boolean {
    return this.#perMinute > 0 && this.#refilled(key).left < 1;
  }

  #refilled(key: string): Bucket {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { left: this.#perMinute, at: now };
    bucket.left = Math.min(this.#perMinute, bucket.left + ((now - bucket.at) / MINUTE_MS) * this.#perMinute);
    bucket.at = now;
    if (this.#buckets.size >= REMEMBERED && !this.#buckets.has(key)) this.#forget(now);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #forget(now: number): void {
    for (const [key, { left, at }] of this.#buckets) {
      if (left + ((now - at) / MINUTE_MS) * this.#perMinute >= this.#perMinute) this.#buckets.delete(key);
    }
  }
}
