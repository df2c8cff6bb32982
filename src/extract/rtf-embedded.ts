/** Objects and pictures of an RTF file, written as hexadecimal digits or as bytes. */
export class RtfEmbedded {
  readonly objects: Uint8Array[] = [];
  readonly pictures: Uint8Array[] = [];
  private readonly hex: Record<'object' | 'picture', string[]> = { object: [], picture: [] };

  addHex(kind: 'object' | 'picture', digits: string): void {
    this.hex[kind].push(digits);
  }

  addBytes(kind: 'object' | 'picture', bytes: Buffer): void {
    this.hex[kind].push(bytes.toString('hex'));
  }

  /** What was added since the last end is one object or picture. */
  end(kind: 'object' | 'picture'): void {
    const digits = this.hex[kind].join('').replace(/[^0-9a-fA-F]/g, '');
    this.hex[kind] = [];
    if (digits.length > 1) (kind === 'object' ? this.objects : this.pictures).push(Buffer.from(digits, 'hex'));
  }
}
