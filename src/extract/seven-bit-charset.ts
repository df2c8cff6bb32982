const ESCAPE = 0x1b;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
const TILDE = 0x7e;

/** Charsets that switch between sets in seven bits, as bytes of the eight-bit charset that has the same characters. */
export function widenSevenBit(bytes: Buffer, how: 'hz' | 'shifts'): Buffer {
  return how === 'hz' ? widenHz(bytes) : widenShifts(bytes);
}

/** `~{` to `~}` is GB 2312 in seven bits, `~~` a tilde, `~` at a line's end nothing. RFC 1843. */
function widenHz(bytes: Buffer): Buffer {
  const out: number[] = [];
  let wide = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    const next = bytes[at + 1];
    if (byte === TILDE && (next === 0x7b || next === 0x7d || next === TILDE || next === 10)) {
      if (next === TILDE) out.push(TILDE);
      else if (next !== 10) wide = next === 0x7b;
      at += 1;
    } else if (byte === 10) {
      wide = false;
      out.push(byte);
    } else out.push(wide && byte > 0x20 ? byte | 0x80 : byte);
  }
  return Buffer.from(out);
}

/** Shift out and in around two-byte characters; designations are passed over. RFC 1557, RFC 1922 (GB 2312 alone). */
function widenShifts(bytes: Buffer): Buffer {
  const out: number[] = [];
  let wide = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === ESCAPE && bytes[at + 1] === 0x24) at += 3;
    else if (byte === SHIFT_OUT) wide = true;
    else if (byte === SHIFT_IN) wide = false;
    else {
      if (byte === 10) wide = false;
      out.push(wide && byte > 0x20 ? byte | 0x80 : byte);
    }
  }
  return Buffer.from(out);
}
