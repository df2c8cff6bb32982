/** Every module's source starts so; in the compressed form a flag byte stands before it and after eight letters. */
const MODULE_START = Buffer.from('00417474726962757400', 'hex');
const MAX_SOURCE = 16 * 1024 ** 2;

/** The source text in a VBA module stream, '' where there is none. Source: [MS-OVBA] 2.4.1. */
export function readVbaSource(stream: Uint8Array): string {
  const file = Buffer.from(stream.buffer, stream.byteOffset, stream.length);
  const found = file.indexOf(MODULE_START);
  return found < 3 ? '' : decompress(file, found - 3).toString('latin1');
}

function decompress(file: Buffer, start: number): Buffer {
  if (file[start] !== 1) return Buffer.alloc(0);
  const out: number[] = [];
  let at = start + 1;
  while (at + 2 <= file.length && out.length < MAX_SOURCE) {
    const header = file.readUInt16LE(at);
    const end = Math.min(file.length, at + (header & 0xfff) + 3);
    const chunkStart = out.length;
    at += 2;
    if ((header & 0x8000) === 0) {
      for (; at < end; at++) out.push(file[at] as number);
      continue;
    }
    while (at < end) {
      const flags = file[at++] as number;
      for (let bit = 0; bit < 8 && at < end; bit++) {
        if (((flags >> bit) & 1) === 0) {
          out.push(file[at++] as number);
          continue;
        }
        if (at + 2 > end) return Buffer.from(out);
        const token = file.readUInt16LE(at);
        at += 2;
        const written = out.length - chunkStart;
        const bits = Math.max(4, Math.ceil(Math.log2(Math.max(written, 1))));
        const length = (token & (0xffff >> bits)) + 3;
        const offset = (token >> (16 - bits)) + 1;
        if (offset > out.length) return Buffer.from(out);
        for (let each = 0; each < length; each++) out.push(out[out.length - offset] as number);
      }
    }
  }
  return Buffer.from(out);
}
