/** Bits for each token and hashes over them: 2.2 % of strangers seem to be in. */
export const BITS_PER_TOKEN = 8;
const HASHES = 5;

/** A set of 64-bit tokens that can be asked and not listed (Bloom 1970); tokens are two unsigned 32-bit halves. */
export class BloomFilter {
  readonly bytes: Uint8Array;
  private readonly bits: number;

  /** Over given bytes, or empty with room for so many tokens. */
  constructor(from: Uint8Array | number) {
    this.bytes = typeof from === 'number' ? new Uint8Array(Math.max(64, Math.ceil((from * BITS_PER_TOKEN) / 8))) : from;
    this.bits = this.bytes.length * 8;
  }

  add(high: number, low: number): void {
    for (let each = 0; each < HASHES; each += 1) {
      const bit = this.place(high, low, each);
      this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] as number) | (1 << (bit & 7));
    }
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

  /** Kirsch and Mitzenmacher's two-hash scheme; the product stays below 2^53. */
  private place(high: number, low: number, each: number): number {
    return (low + each * ((high | 1) >>> 0)) % this.bits;
  }
}
