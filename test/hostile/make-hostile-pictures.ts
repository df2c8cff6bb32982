import { crc32, createDeflate, deflateSync } from 'node:zlib';
import { zeros } from './make-bombs.ts';

const SIDE = 50_000;
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function big(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function chunk(kind: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  return Buffer.concat([big(data.length), body, big(crc32(body))]);
}

const header = (width: number, height: number, depth = 8, colour = 0): Buffer =>
  chunk('IHDR', Buffer.concat([big(width), big(height), Buffer.from([depth, colour, 0, 0, 0])]));

/** A PNG that says it is 50,000 pixels wide and high, and holds one byte. */
export const claimingPng = (): Buffer =>
  Buffer.concat([
    SIGNATURE,
    header(SIDE, SIDE),
    chunk('IDAT', deflateSync(Buffer.alloc(1))),
    chunk('IEND', Buffer.alloc(0)),
  ]);

/** A real picture of 50,000 by 50,000 pixels of one bit: 313 MB that deflate to 300 KB. */
export async function realPng(): Promise<Buffer> {
  const deflate = createDeflate({ level: 1 });
  const row = Buffer.alloc(1 + SIDE / 8);
  const rows = Buffer.concat(Array.from({ length: 100 }, () => row));
  const feeding = (async () => {
    for (let at = 0; at < SIDE; at += 100)
      if (!deflate.write(rows)) await new Promise((resolve) => deflate.once('drain', resolve));
    deflate.end();
  })();
  const pieces: Buffer[] = [];
  for await (const piece of deflate as AsyncIterable<Buffer>) pieces.push(piece);
  await feeding;
  return Buffer.concat([
    SIGNATURE,
    header(SIDE, SIDE, 1),
    chunk('IDAT', Buffer.concat(pieces)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Pixels that fit, and texts and profiles that do not: 200 MB of zeros each. */
export function pngOfTexts(): Buffer {
  const text = zeros(200);
  const pixels = deflateSync(Buffer.alloc(100 * 101));
  return Buffer.concat([
    SIGNATURE,
    header(100, 100),
    chunk('iCCP', Buffer.concat([Buffer.from('profile\0\0', 'latin1'), text])),
    chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), text])),
    chunk('iTXt', Buffer.concat([Buffer.from('Comment\0\x01\0\0\0', 'latin1'), text])),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** More zeros in its pixel stream than its header has pixels. */
export const pngOfMorePixels = (): Buffer =>
  Buffer.concat([SIGNATURE, header(100, 100), chunk('IDAT', zeros(400)), chunk('IEND', Buffer.alloc(0))]);

/** A JPEG whose frame says 50,000 by 50,000. */
export function claimingJpeg(): Buffer {
  const frame = Buffer.from([0xff, 0xc2, 0, 17, 8, 0xc3, 0x50, 0xc3, 0x50, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
  const tables = Buffer.concat([Buffer.from([0xff, 0xdb, 0, 67, 0]), Buffer.alloc(64, 1)]);
  const scan = Buffer.from([0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, 0x11, 0x22]);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), tables, frame, scan, Buffer.from([0xff, 0xd9])]);
}

/** A JPEG of ten thousand scans over a large frame: each is decoded over the whole picture. */
export function jpegOfScans(): Buffer {
  const frame = Buffer.from([0xff, 0xc2, 0, 11, 8, 0x1b, 0x58, 0x1b, 0x58, 1, 1, 0x11, 0]);
  const tables = Buffer.concat([Buffer.from([0xff, 0xdb, 0, 67, 0]), Buffer.alloc(64, 1)]);
  const codes = Buffer.from([0xff, 0xc4, 0, 20, 0, 1, ...Array.from({ length: 15 }, () => 0), 0]);
  const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0, 0x00]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    tables,
    frame,
    codes,
    ...Array.from({ length: 10_000 }, () => scan),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** A TIFF directory that says 50,000 by 50,000, its one strip all there is; `compression` as TIFF numbers it. */
export function claimingTiff(strip: Uint8Array = Buffer.from([0]), compression = 8): Buffer {
  const entries: readonly (readonly [number, number, number, number])[] = [
    [256, 4, 1, SIDE],
    [257, 4, 1, SIDE],
    [258, 3, 1, 8],
    [259, 3, 1, compression],
    [262, 3, 1, 1],
    [273, 4, 1, 8 + 2 + 9 * 12 + 4],
    [277, 3, 1, 1],
    [278, 4, 1, SIDE],
    [279, 4, 1, strip.length],
  ];
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  for (const [at, [tag, type, count, value]] of entries.entries()) {
    directory.writeUInt16LE(tag, 2 + at * 12);
    directory.writeUInt16LE(type, 4 + at * 12);
    directory.writeUInt32LE(count, 6 + at * 12);
    directory.writeUInt32LE(value, 10 + at * 12);
  }
  return Buffer.concat([Buffer.from('49492a0008000000', 'hex'), directory, strip]);
}

/** The same with pixels that deflate to little. */
export const realTiff = (): Buffer => claimingTiff(zeros(300));

/** A TIFF directory that follows itself. */
export function loopingTiff(): Buffer {
  const tiff = claimingTiff();
  tiff.writeUInt32LE(8, 8 + 2 + 9 * 12);
  return tiff;
}

/** A GIF whose screen and frames are 50,000 by 50,000; `frames` of them. */
export function claimingGif(frames = 1): Buffer {
  const screen = Buffer.concat([
    Buffer.from('GIF89a'),
    half(SIDE),
    half(SIDE),
    Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
  ]);
  const frame = Buffer.concat([
    Buffer.from([0x2c, 0, 0, 0, 0]),
    half(SIDE),
    half(SIDE),
    Buffer.from([0, 2, 2, 0x44, 1, 0]),
  ]);
  return Buffer.concat([screen, ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])]);
}

/** A small screen, and a frame on it that is not. */
export function gifOfLargeFrame(): Buffer {
  const gif = claimingGif();
  gif.writeUInt16LE(100, 6);
  gif.writeUInt16LE(100, 8);
  return gif;
}

/** A WebP whose canvas is 16 million pixels wide and high, the most the format can say. */
export function claimingWebp(): Buffer {
  const canvas = Buffer.concat([
    Buffer.from('VP8X'),
    little(10),
    Buffer.from([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
  ]);
  const picture = Buffer.concat([Buffer.from('VP8L'), little(6), Buffer.from([0x2f, 0xff, 0xff, 0xff, 0x0f, 0])]);
  const body = Buffer.concat([Buffer.from('WEBP'), canvas, picture]);
  return Buffer.concat([Buffer.from('RIFF'), little(body.length), body]);
}

/** A bitmap that says 50,000 by 50,000. */
export function claimingBmp(): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.write('BM');
  bytes.writeUInt32LE(64, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(SIDE, 18);
  bytes.writeInt32LE(SIDE, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

function half(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function little(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
