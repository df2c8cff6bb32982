import { Unreadable } from './unreadable.ts';

/** A block expands to no more than this; writers end theirs at 64 KB. */
const MAX_BLOCK = 1 << 24;

/** Expands one block of Snappy. Throws `corrupt`. Source: google/snappy, format_description.txt. */
export function expandSnappy(packed: Buffer): Buffer {
  let at = 0;
  const next = (bytes = 1): number => {
    if (at + bytes > packed.length) throw new Unreadable('corrupt', 'a packed block is cut off');
    const value = packed.readUIntLE(at, bytes);
    at += bytes;
    return value;
  };
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = next();
    size += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
    if (shift > 28) throw new Unreadable('corrupt', 'a packed block has no length');
  }
  if (size > MAX_BLOCK) throw new Unreadable('too-large', 'a packed block claims too much');
  const out = Buffer.alloc(size);
  let to = 0;
  while (at < packed.length && to < size) {
    const tag = next();
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const length = (short < 60 ? short : next(short - 59)) + 1;
      if (at + length > packed.length || to + length > size)
        throw new Unreadable('corrupt', 'a packed block is cut off');
      packed.copy(out, to, at, at + length);
      at += length;
      to += length;
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset = kind === 1 ? ((tag >> 5) << 8) + next() : next(kind === 2 ? 2 : 4);
    if (offset === 0 || offset > to || to + length > size)
      throw new Unreadable('corrupt', 'a packed block points outside itself');
    for (let each = 0; each < length; each += 1, to += 1) out[to] = out[to - offset] as number;
  }
  return out.subarray(0, to);
}
