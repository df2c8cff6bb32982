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
  let broken = false;
  while (at + 9 <= file.length) {
    if (!startsAttribute(file, at)) {
      // A length that was wrong: what follows is found again by its shape.
      const next = resume(file, at);
      if (next < 0) break;
      broken = true;
      at = next;
    }
    const id = file.readUInt16LE(at + 1);
    const kind = file.readUInt16LE(at + 3);
    const length = file.readUInt32LE(at + 5);
    const start = at + 9;
    attributes.push({ id, kind, data: file.subarray(start, Math.min(file.length, start + length)) });
    at = start + length + 2;
    if (start + length > file.length) return { attributes, whole: false };
  }
  // Gateways add line breaks or zeros.
  return { attributes, whole: !broken && file.subarray(at).every((byte) => byte === 0 || byte === 10 || byte === 13) };
}

/** How far a lost attribute is looked for. */
const MAX_SEARCH = 1 << 20;

function startsAttribute(file: Buffer, at: number): boolean {
  const level = file[at];
  return level === 1 || level === 2;
}

function resume(file: Buffer, from: number): number {
  const end = Math.min(file.length - 9, from + MAX_SEARCH);
  for (let at = from; at <= end; at += 1)
    if (
      startsAttribute(file, at) &&
      ((file[at + 2] as number) & 0xef) === 0x80 &&
      (file[at + 3] as number) <= 9 &&
      file[at + 4] === 0 &&
      at + 11 + file.readUInt32LE(at + 5) <= file.length
    )
      return at;
  return -1;
}
