import fc from 'fast-check';
import { hasUnreadFrames, MAX_FRAMES, pictureFrames } from './picture-frames.ts';

/** A TIFF of directories without entries, one after the other. */
function tiff(count: number, little = true): Buffer {
  const bytes = Buffer.alloc(8 + count * 6);
  bytes.write(little ? 'II*\0' : 'MM\0*', 'latin1');
  const u32 = (value: number, at: number): number =>
    little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at);
  for (let each = 0; each < count; each += 1) u32(8 + each * 6, each === 0 ? 4 : 8 + (each - 1) * 6 + 2);
  return bytes;
}

const FRAME = '2c00000000010001000002024401003b'.slice(0, -2);
const gif = (count: number): Buffer =>
  Buffer.from(`47494638396101000100000000${`21f9040000000000${FRAME}`.repeat(count)}3b`, 'hex');

describe('the frames of a picture', () => {
  it.each([true, false])('are the pages of a TIFF, each first in its file (little-endian: %s)', (little) => {
    const pages = pictureFrames(tiff(3, little), 'image/tiff');
    expect(pages.map((page) => (little ? page.readUInt32LE(4) : page.readUInt32BE(4)))).toEqual([8, 14, 20]);
  });

  it('are the images of a GIF, each a file that ends', () => {
    const frames = pictureFrames(gif(2), 'image/gif');
    expect(frames.map((frame) => frame.toString('hex'))).toEqual([gif(1).toString('hex'), gif(1).toString('hex')]);
  });

  it('are the picture itself where it has one', () => {
    for (const [bytes, type] of [
      [tiff(1), 'image/tiff'],
      [gif(1), 'image/gif'],
      [Buffer.from('x'), 'image/png'],
    ] as const)
      expect(pictureFrames(bytes, type)).toEqual([bytes]);
  });

  it('are counted no further than one past the limit', () => {
    expect(pictureFrames(tiff(500), 'image/tiff').length).toBe(MAX_FRAMES + 1);
    expect(pictureFrames(gif(500), 'image/gif').length).toBe(MAX_FRAMES + 1);
  });

  it('end, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('II*\0', 'MM\0*', 'GIF89a'), (bytes, start) => {
        const file = Buffer.concat([Buffer.from(start, 'latin1'), bytes]);
        expect(pictureFrames(file, start === 'GIF89a' ? 'image/gif' : 'image/tiff').length).toBeGreaterThan(0);
      }),
    );
  });

  it('beyond the first are told of where they cannot be read', () => {
    expect(hasUnreadFrames(Buffer.from('\x89PNG....acTL'), 'image/png')).toBe(true);
    expect(hasUnreadFrames(Buffer.from('RIFF....WEBPANIM ANMF ANMF'), 'image/webp')).toBe(true);
    expect(hasUnreadFrames(Buffer.from('RIFF....WEBPVP8 '), 'image/webp')).toBe(false);
  });
});
