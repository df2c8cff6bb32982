export interface DerNode {
  readonly tag: number;
  readonly value: Buffer;
  readonly children: readonly DerNode[];
  /** Dotted object identifier where it is one. */
  readonly oid: string | null;
}

/** Deeper structures are no mail. */
const MAX_DEPTH = 32;

/** One BER or DER value; null where the bytes are none. ITU-T X.690. */
export function readDer(bytes: Buffer): DerNode | null {
  return readNode(bytes, 0, 0)?.node ?? null;
}

function readNode(
  bytes: Buffer,
  start: number,
  depth: number,
): { readonly node: DerNode; readonly end: number } | null {
  const tag = bytes[start];
  let length = bytes[start + 1];
  if (tag === undefined || length === undefined || depth > MAX_DEPTH || (tag & 0x1f) === 0x1f) return null;
  let at = start + 2;
  const indefinite = length === 0x80;
  if (length > 0x80) {
    const size = length - 0x80;
    if (size > 4 || at + size > bytes.length) return null;
    length = bytes.readUIntBE(at, size);
    at += size;
  }
  const constructed = (tag & 0x20) !== 0;
  const limit = indefinite ? bytes.length : Math.min(bytes.length, at + length);
  const children: DerNode[] = [];
  let end = limit;
  if (constructed) {
    let next = at;
    while (next < limit) {
      if (indefinite && bytes[next] === 0 && bytes[next + 1] === 0) {
        end = next + 2;
        break;
      }
      const child = readNode(bytes, next, depth + 1);
      if (child === null || child.end <= next) break;
      children.push(child.node);
      next = child.end;
    }
  }
  const value = bytes.subarray(at, limit);
  return { node: { tag, value, children, oid: tag === 0x06 ? dotted(value) : null }, end };
}

function dotted(value: Buffer): string {
  const first = value[0] ?? 0;
  const arcs = [Math.floor(first / 40), first % 40];
  let arc = 0;
  for (const byte of value.subarray(1)) {
    arc = arc * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) {
      arcs.push(arc);
      arc = 0;
    }
  }
  return arcs.join('.');
}
