import { inflateSync } from 'node:zlib';

/** A picture in shades of grey, a byte a pixel, rows from the top. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** More pixels than this are not expanded. */
const MAX_PIXELS = 120_000_000;

/**
 * Reads the PNG in shades of grey, of 1 to 8 bits, that the OCR reader writes; null for any other. PNG third edition, sections 7, 9
 * and 11.
 */
export function readGreyPng(file: Buffer): GreyPicture | null {
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const [depth = 0, colour, , , interlace] = file.subarray(24, 29);
  if (![1, 2, 4, 8].includes(depth) || colour !== 0 || interlace !== 0 || width * height > MAX_PIXELS) return null;
  const packed: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at))
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      packed.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  const stride = Math.ceil((width * depth) / 8);
  const lines = inflateSync(Buffer.concat(packed), { maxOutputLength: (stride + 1) * height });
  const bytes = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) unfilter(lines, y * (stride + 1), bytes, y * stride, stride, y > 0);
  return { width, height, pixels: depth === 8 ? bytes : spread(bytes, stride, width, height, depth) };
}

/** Pixels of fewer bits, each made a byte. */
function spread(bytes: Uint8Array, stride: number, width: number, height: number, depth: number): Uint8Array {
  const pixels = new Uint8Array(width * height);
  const most = (1 << depth) - 1;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const bit = x * depth;
      const value = ((bytes[y * stride + (bit >> 3)] as number) >> (8 - depth - (bit & 7))) & most;
      pixels[y * width + x] = (value * 255) / most;
    }
  return pixels;
}

function unfilter(
  lines: Uint8Array,
  from: number,
  out: Uint8Array,
  to: number,
  width: number,
  hasAbove: boolean,
): void {
  const filter = lines[from];
  for (let x = 0; x < width; x += 1) {
    const raw = lines[from + 1 + x] as number;
    const left = x > 0 ? (out[to + x - 1] as number) : 0;
    const above = hasAbove ? (out[to + x - width] as number) : 0;
    const corner = hasAbove && x > 0 ? (out[to + x - width - 1] as number) : 0;
    out[to + x] = raw + predicted(filter, left, above, corner);
  }
}

function predicted(filter: number | undefined, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter !== 4) return 0;
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** The picture with its longer side as given: each pixel the mean of those it stands for, or between its neighbours. */
export function resizeGrey({ width, height, pixels }: GreyPicture, longSide: number): GreyPicture {
  const scale = longSide / Math.max(width, height);
  if (Math.abs(scale - 1) < 0.02) return { width, height, pixels };
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  // Rows first, then columns: the mean of a box is the mean of its means.
  const columns = weightsOf(width, w);
  const rows = weightsOf(height, h);
  const narrow = new Float32Array(w * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < w; x += 1) {
      const { first, weights } = columns[x] as Weights;
      let sum = 0;
      for (let at = 0; at < weights.length; at += 1)
        sum += (pixels[y * width + first + at] as number) * (weights[at] as number);
      narrow[y * w + x] = sum;
    }
  const out = new Uint8Array(w * h);
  for (let y = 0; y < h; y += 1) {
    const { first, weights } = rows[y] as Weights;
    for (let x = 0; x < w; x += 1) {
      let sum = 0.5;
      for (let at = 0; at < weights.length; at += 1)
        sum += (narrow[(first + at) * w + x] as number) * (weights[at] as number);
      out[y * w + x] = sum;
    }
  }
  return { width: w, height: h, pixels: out };
}

interface Weights {
  readonly first: number;
  readonly weights: Float32Array;
}

/** Which of `from` pixels, and with what share, each of `to` pixels is made of: a triangle as wide as the step between them. */
function weightsOf(from: number, to: number): readonly Weights[] {
  const step = from / to;
  const reach = Math.max(1, step);
  return Array.from({ length: to }, (_, at) => {
    const centre = (at + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(from - 1, Math.floor(centre + reach));
    const weights = new Float32Array(last - first + 1);
    let sum = 0;
    for (let each = 0; each < weights.length; each += 1) {
      weights[each] = Math.max(1e-6, 1 - Math.abs(first + each - centre) / reach);
      sum += weights[each] as number;
    }
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** The picture turned by half. */
export function turnGrey({ width, height, pixels }: GreyPicture): GreyPicture {
  return { width, height, pixels: pixels.toReversed() };
}

/** A portable greymap of the picture: nothing to compress, nothing to expand. */
export function writeGreymap({ width, height, pixels }: GreyPicture): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, 'latin1'), pixels]);
}
