import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;
const pool = Buffer.alloc(POOL_BYTES);
let taken = POOL_BYTES;

/**
 * Random bytes of the system's generator, no byte handed out twice; for nonces, data keys and ids, which every message takes some of.
 *
 * Drawn many at a time, since a draw of twelve costs as much as one of thousands; what is handed out is wiped from the pool.
 */
export function takeRandom(bytes: number): Buffer {
  const out = Buffer.allocUnsafeSlow(bytes);
  if (bytes > POOL_BYTES / 4) return randomFillSync(out);
  if (taken + bytes > POOL_BYTES) {
    randomFillSync(pool);
    taken = 0;
  }
  pool.copy(out, 0, taken, taken + bytes);
  pool.fill(0, taken, taken + bytes);
  taken += bytes;
  return out;
}
