import { createHmac, createSecretKey } from 'node:crypto';

/** A keyed digest of a value: two unsigned 32-bit halves. */
export type Digest = readonly [high: number, low: number];

export type DigestOf = (value: string) => Digest;

/** Digests kept for values that come again. */
const REMEMBERED = 50_000;

/** HMAC-SHA-256, first 64 bits: without the key nobody can tell which values made a digest, however few there are to try. */
export function makeDigest(key: Uint8Array): DigestOf {
  const known = new Map<string, Digest>();
  // A key object is looked at once; the bytes would be at every call, which costs five times the hash.
  const secret = createSecretKey(key);
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const bytes = createHmac('sha256', secret).update(value).digest();
    const digest: Digest = [bytes.readUInt32BE(0), bytes.readUInt32BE(4)];
    if (known.size >= REMEMBERED) known.clear();
    known.set(value, digest);
    return digest;
  };
}

/** One token for two values of a row, whichever comes first. Secret as long as the digests are, so no key is needed here. */
export function combine([highA, lowA]: Digest, [highB, lowB]: Digest): Digest {
  return [combineHigh(highA, lowA, highB, lowB), combineLow(highA, lowA, highB, lowB)];
}

/** The high half of `combine`, without an array for each. */
export function combineHigh(highA: number, lowA: number, highB: number, lowB: number): number {
  return mix((highA ^ highB) >>> 0, (lowA + lowB) >>> 0);
}

/** The low half of `combine`. */
export function combineLow(highA: number, lowA: number, highB: number, lowB: number): number {
  return mix((lowA ^ lowB) >>> 0, (highA + highB) >>> 0);
}

/** The finaliser of MurmurHash3 over both words. */
function mix(first: number, second: number): number {
  let word = (first ^ Math.imul(second, 0x9e3779b1)) >>> 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
