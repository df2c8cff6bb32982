/** Bits for each token and hashes over them: 2.2 % of strangers seem to be in. */
export const BITS_PER_TOKEN = 8;
const HASHES = 5;

/** A set of 64-bit tokens that can be asked and not listed (Bloom 1970); tokens are two unsigned 32-bit halves. */
export class BloomFilter {
  readonly bytes: Uint8Array;
  readonly bits: number;

  /** Over given bytes, or empty with room for so many tokens. */
  constructor(from: Uint8Array | number) {
    this.bytes = typeof from === 'number' ? new Uint8Array(sizeFor(from)) : from;
    this.bits = this.bytes.length * 8;
  }

  add(high: number, low: number): void {
    for (const bit of this.places(high, low)) {
      this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] as number) | (1 << (bit & 7));
    }
  }

  /** The bits of a token, by Kirsch and Mitzenmacher's two-hash scheme; products stay below 2^53. */
  places(high: number, low: number): readonly number[] {
    return Array.from({ length: HASHES }, (_, each) => (low + each * ((high | 1) >>> 0)) % this.bits);
  }

  has(high: number, low: number): boolean {
    const { bytes, bits } = this;
    const step = ((high | 1) >>> 0) % bits;
    let bit = low % bits;
    for (let each = 0; each < HASHES; each += 1) {
      if (((bytes[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
      bit += step;
      if (bit >= bits) bit -= bits;
    }
    return true;
  }
}

const LEAST_BYTES = 64;
/** Larger filters are few, and near the most that a sketch may take. */
const MOST_ROUNDED_BYTES = 256 * 1024;

/** Bytes for so many tokens: small filters have one of few sizes, a fifth apart, so that many of them can be asked at once. */
function sizeFor(tokens: number): number {
  const needed = Math.ceil((tokens * BITS_PER_TOKEN) / 8);
  if (needed > MOST_ROUNDED_BYTES) return needed;
  return Math.ceil(LEAST_BYTES * 2 ** (Math.ceil(Math.log2(Math.max(1, needed / LEAST_BYTES)) * 4) / 4));
}
