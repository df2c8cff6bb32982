/** Run-length compression of rows (`SASYZCRL`). Damaged input gives what it can; the result is always `length` bytes. */
export function expandRle(packed: Buffer, length: number): Buffer {
  const out = Buffer.alloc(length);
  let to = 0;
  let at = 0;
  const next = (): number => {
    const byte = packed[at] ?? 0;
    at += 1;
    return byte;
  };
  const fill = (value: number, count: number): void => {
    out.fill(value, to, Math.min(length, to + count));
    to += count;
  };
  const copy = (count: number): void => {
    packed.copy(out, to, at, Math.min(packed.length, at + count, at + Math.max(0, length - to)));
    to += count;
    at += count;
  };
  while (at < packed.length && to < length) {
    const control = next();
    const low = control & 0x0f;
    switch (control & 0xf0) {
      case 0x00:
        copy(next() + 64 + low * 256);
        break;
      case 0x10:
        copy(next() + 64 + low * 256 + 4096);
        break;
      case 0x20:
        copy(low + 96);
        break;
      case 0x40: {
        const count = next() + 18 + low * 256;
        fill(next(), count);
        break;
      }
      case 0x50:
        fill(0x40, next() + 17 + low * 256);
        break;
      case 0x60:
        fill(0x20, next() + 17 + low * 256);
        break;
      case 0x70:
        fill(0x00, next() + 17 + low * 256);
        break;
      case 0x80:
        copy(low + 1);
        break;
      case 0x90:
        copy(low + 17);
        break;
      case 0xa0:
        copy(low + 33);
        break;
      case 0xb0:
        copy(low + 49);
        break;
      case 0xc0:
        fill(next(), low + 3);
        break;
      case 0xd0:
        fill(0x40, low + 2);
        break;
      case 0xe0:
        fill(0x20, low + 2);
        break;
      case 0xf0:
        fill(0x00, low + 2);
        break;
      default:
        return out;
    }
  }
  return out;
}

/** Ross Data Compression of rows (`SASYZCR2`). E. Ross, "Simple Data Compression", C Users Journal, October 1992. */
export function expandRdc(packed: Buffer, length: number): Buffer {
  const out = Buffer.alloc(length);
  let to = 0;
  let at = 0;
  let bits = 0;
  let mask = 0;
  const next = (): number => {
    const byte = packed[at] ?? 0;
    at += 1;
    return byte;
  };
  const fill = (value: number, count: number): void => {
    out.fill(value, to, Math.min(length, to + count));
    to += count;
  };
  const repeat = (offset: number, count: number): void => {
    for (let each = 0; each < count && to < length; each += 1) {
      out[to] = out[to - offset] ?? 0;
      to += 1;
    }
  };
  while (at < packed.length && to < length) {
    mask >>= 1;
    if (mask === 0) {
      bits = (next() << 8) + next();
      mask = 0x8000;
    }
    if ((bits & mask) === 0) {
      out[to] = next();
      to += 1;
      continue;
    }
    const control = next();
    const command = control >> 4;
    const low = control & 0x0f;
    if (command === 0) fill(next(), low + 3);
    else if (command === 1) {
      const count = low + (next() << 4) + 19;
      fill(next(), count);
    } else {
      const offset = low + 3 + (next() << 4);
      repeat(offset, command === 2 ? next() + 16 : command);
    }
  }
  return out;
}
