import { deflateSync } from 'node:zlib';
import { encodePng } from '../extract/encode-png.ts';
import { readGreyPng, resizeGrey, turnGrey, writeGreymap } from './grey-picture.ts';

const picture = (width: number, height: number, pixels: readonly number[]) => ({
  width,
  height,
  pixels: Uint8Array.from(pixels),
});

/** A PNG in 8-bit grey whose row `n` is filtered by method `n`, after the definitions in section 9.2 of its specification. */
function filteredPng(width: number, rows: readonly (readonly number[])[], depth = 8): Buffer {
  const lines = rows.flatMap((row, filter) => {
    const above = rows[filter - 1] ?? [];
    return [
      filter,
      ...row.map((value, x) => {
        const [a, b, c] = [row[x - 1] ?? 0, above[x] ?? 0, x === 0 ? 0 : (above[x - 1] ?? 0)];
        const nearest = [a, b, c].toSorted((p, q) => Math.abs(a + b - c - p) - Math.abs(a + b - c - q))[0] ?? 0;
        return (value - ([0, a, b, (a + b) >> 1, nearest][filter] ?? 0)) & 255;
      }),
    ];
  });
  const chunk = (kind: string, data: Uint8Array): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(kind, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(rows.length, 4);
  size[8] = depth;
  return Buffer.concat([Buffer.alloc(8), chunk('IHDR', size), chunk('IDAT', deflateSync(Uint8Array.from(lines)))]);
}

describe('a grey picture', () => {
  it('is read from a PNG, whatever its rows are filtered by', () => {
    const rows = [
      [1, 2, 3],
      [9, 200, 7],
      [250, 3, 90],
      [14, 15, 255],
      [0, 77, 130],
    ];
    expect(readGreyPng(filteredPng(3, rows))).toEqual(picture(3, 5, rows.flat()));
  });

  it('is read from a PNG of one bit a pixel', () => {
    expect(readGreyPng(filteredPng(10, [[0b10100000, 0b01000000]], 1))).toEqual(
      picture(10, 1, [255, 0, 255, 0, 0, 0, 0, 0, 0, 255]),
    );
  });

  it('keeps its size where it is asked for about the one it has', () => {
    const one = picture(2, 1, [10, 20]);
    expect(resizeGrey(one, 2)).toEqual(one);
  });

  it('is the mean of its pixels where it is made smaller, and has no new shade where it is made larger', () => {
    expect([
      ...resizeGrey(
        picture(
          4,
          4,
          Array.from({ length: 16 }, (_, at) => (at % 2) * 200),
        ),
        1,
      ).pixels,
    ]).toEqual([100]);
    const large = resizeGrey(picture(2, 1, [0, 200]), 8);
    expect([large.width, large.height]).toEqual([8, 4]);
    expect(Math.min(...large.pixels)).toBe(0);
    expect(Math.max(...large.pixels)).toBe(200);
  });

  it('is turned over', () => {
    expect([...turnGrey(picture(2, 2, [1, 2, 3, 4])).pixels]).toEqual([4, 3, 2, 1]);
  });

  it('is written with its size', () => {
    expect(writeGreymap(picture(2, 1, [65, 66])).toString('latin1')).toBe('P5\n2 1\n255\nAB');
  });

  it('is not read from a picture in colour', () => {
    expect(readGreyPng(Buffer.from(encodePng(new Uint8Array(3), 1, 1)))).toBeNull();
  });
});
