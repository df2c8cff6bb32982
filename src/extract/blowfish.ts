const ROUNDS = 16;
const WORDS = ROUNDS + 2 + 4 * 256;

/**
 * Blowfish in cipher feedback of 64 bits, which OpenDocument 1.0 and 1.1 are encrypted with and OpenSSL offers no more.
 *
 * Source: Schneier, Description of a new variable-length key, 64-bit block cipher (1993).
 */
export function decryptBlowfishCfb(key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Buffer {
  const encrypt = schedule(key);
  const out = Buffer.from(bytes);
  let [left, right] = wordsAt(iv, 0);
  for (let at = 0; at < bytes.length; at += 8) {
    [left, right] = encrypt(left, right);
    const mask = Buffer.alloc(8);
    mask.writeUInt32BE(left, 0);
    mask.writeUInt32BE(right, 4);
    for (let each = 0; each < 8 && at + each < bytes.length; each += 1)
      out[at + each] = (bytes[at + each] as number) ^ (mask[each] as number);
    [left, right] = wordsAt(bytes, at);
  }
  return out;
}

type Halves = [left: number, right: number];

function wordsAt(bytes: Uint8Array, at: number): Halves {
  const word = (start: number): number =>
    (((bytes[start] ?? 0) << 24) |
      ((bytes[start + 1] ?? 0) << 16) |
      ((bytes[start + 2] ?? 0) << 8) |
      (bytes[start + 3] ?? 0)) >>>
    0;
  return [word(at), word(at + 4)];
}

function schedule(key: Uint8Array): (left: number, right: number) => Halves {
  const table = Uint32Array.from(piWords());
  const encrypt = (left: number, right: number): Halves => {
    let [a, b] = [left, right];
    for (let round = 0; round < ROUNDS; round += 1) {
      a = (a ^ (table[round] as number)) >>> 0;
      const box = (which: number, shift: number): number =>
        table[ROUNDS + 2 + which * 256 + ((a >>> shift) & 255)] as number;
      b = (b ^ ((((((box(0, 24) + box(1, 16)) >>> 0) ^ box(2, 8)) >>> 0) + box(3, 0)) >>> 0)) >>> 0;
      [a, b] = [b, a];
    }
    return [(b ^ (table[ROUNDS + 1] as number)) >>> 0, (a ^ (table[ROUNDS] as number)) >>> 0];
  };
  for (let at = 0, place = 0; at < ROUNDS + 2; at += 1) {
    let word = 0;
    for (let each = 0; each < 4; each += 1, place += 1)
      word = ((word << 8) | (key[place % key.length] as number)) >>> 0;
    table[at] = (table[at] as number) ^ word;
  }
  let halves: Halves = [0, 0];
  for (let at = 0; at < WORDS; at += 2) {
    halves = encrypt(halves[0], halves[1]);
    table[at] = halves[0];
    table[at + 1] = halves[1];
  }
  return encrypt;
}

let computed: readonly number[] | null = null;

/** The cipher's tables are the digits of pi behind the point, by Machin's formula. */
function piWords(): readonly number[] {
  if (computed !== null) return computed;
  const bits = BigInt(WORDS * 32 + 64);
  const arctan = (inverse: bigint): bigint => {
    let term = (1n << bits) / inverse;
    let sum = term;
    for (let odd = 3n; term !== 0n; odd += 2n) {
      term = -term / (inverse * inverse);
      sum += term / odd;
    }
    return sum;
  };
  const fraction = 4n * (4n * arctan(5n) - arctan(239n)) - (3n << bits);
  const digits = (fraction >> 64n).toString(16).padStart(WORDS * 8, '0');
  computed = Array.from({ length: WORDS }, (_, at) => Number.parseInt(digits.slice(at * 8, at * 8 + 8), 16));
  return computed;
}
