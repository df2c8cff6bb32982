export interface TnefAttribute {
  readonly id: number;
  /** 1 string, 2 text, 3 date, 6 bytes ... */
  readonly kind: number;
  readonly data: Buffer;
}

/** The attributes of a TNEF stream in order; `whole` tells whether it ends where it says. [MS-OXTNEF] section 2.1.3. */
export function readTnefAttributes(file: Buffer): {
  readonly attributes: readonly TnefAttribute[];
  readonly whole: boolean;
} {
  const attributes: TnefAttribute[] = [];
  let at = 6;
  while (at + 9 <= file.length) {
    const level = file[at];
    if (level !== 1 && level !== 2) break;
    const id = file.readUInt16LE(at + 1);
    const kind = file.readUInt16LE(at + 3);
    const length = file.readUInt32LE(at + 5);
    const start = at + 9;
    attributes.push({ id, kind, data: file.subarray(start, Math.min(file.length, start + length)) });
    at = start + length + 2;
    if (start + length > file.length) return { attributes, whole: false };
  }
  // Gateways add line breaks or zeros.
  return { attributes, whole: file.subarray(at).every((byte) => byte === 0 || byte === 10 || byte === 13) };
}
