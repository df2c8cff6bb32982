/** Pages or frames looked at; a picture of more is no document. */
export const MAX_FRAMES = 40;

/**
 * The pages of a TIFF or frames of a GIF, each as a picture of its own; the picture itself where it has one, or is of another kind.
 *
 * A TIFF's page is the file with another directory first, since readers show the first; a GIF's frame is what it adds to those
 * before. TIFF 6.0 section 2; GIF89a sections 18 to 27.
 */
export function pictureFrames(bytes: Buffer, type: string): readonly Buffer[] {
  if (type === 'image/tiff') return tiffPages(bytes);
  if (type === 'image/gif') return gifFrames(bytes);
  return [bytes];
}

/** Whether a picture moves in a way that shows more than its first frame, which alone is read. */
export function hasUnreadFrames(bytes: Buffer, type: string): boolean {
  const head = bytes.subarray(0, 4096);
  if (type === 'image/png') return head.includes('acTL');
  return type === 'image/webp' && head.includes('ANIM') && bytes.indexOf('ANMF', bytes.indexOf('ANMF') + 4) > 0;
}

function tiffPages(bytes: Buffer): readonly Buffer[] {
  const little = bytes[0] === 0x49;
  const u16 = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  // BigTIFF keeps its directories otherwise.
  if (bytes.length < 8 || u16(2) !== 42) return [bytes];
  const starts = new Set<number>();
  for (let at = u32(4); at >= 8 && at + 2 <= bytes.length && !starts.has(at) && starts.size <= MAX_FRAMES; ) {
    starts.add(at);
    const next = at + 2 + u16(at) * 12;
    at = next + 4 <= bytes.length ? u32(next) : 0;
  }
  if (starts.size < 2) return [bytes];
  return [...starts].map((start) => {
    const page = Buffer.from(bytes);
    if (little) page.writeUInt32LE(start, 4);
    else page.writeUInt32BE(start, 4);
    return page;
  });
}

function gifFrames(bytes: Buffer): readonly Buffer[] {
  const flags = bytes[10] ?? 0;
  const start = 13 + ((flags & 0x80) !== 0 ? 3 << ((flags & 7) + 1) : 0);
  const head = bytes.subarray(0, start);
  const frames: Buffer[] = [];
  let control = Buffer.alloc(0);
  for (let at = start; at < bytes.length && frames.length <= MAX_FRAMES; ) {
    const begin = at;
    const kind = bytes[at];
    if (kind === 0x2c) {
      const local = bytes[at + 9] ?? 0;
      at = endOfBlocks(bytes, at + 10 + ((local & 0x80) !== 0 ? 3 << ((local & 7) + 1) : 0) + 1);
      frames.push(Buffer.concat([head, control, bytes.subarray(begin, at), Buffer.from([0x3b])]));
      control = Buffer.alloc(0);
    } else if (kind === 0x21) {
      const isControl = bytes[at + 1] === 0xf9;
      at = endOfBlocks(bytes, at + 2);
      if (isControl) control = Buffer.from(bytes.subarray(begin, at));
    } else break;
  }
  return frames.length < 2 ? [bytes] : frames;
}

function endOfBlocks(bytes: Buffer, start: number): number {
  let at = start;
  for (let length = bytes[at] ?? 0; length > 0 && at < bytes.length; length = bytes[at] ?? 0) at += 1 + length;
  return at + 1;
}
