import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { memorySource } from '../../src/core/byte-source.ts';
import { createScanPool } from '../../src/scan/scan-pool.ts';
import { makePdf } from './make-pdf.ts';

const fonts = join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'standard_fonts');
GlobalFonts.registerFromPath(join(fonts, 'LiberationSans-Bold.ttf'), 'Drawn');

const pool = createScanPool({ size: 1 });
afterAll(() => pool.close());

interface Drawn {
  readonly back?: string;
  readonly ink?: string;
  readonly figure?: string;
  readonly size?: number;
  readonly turned?: boolean;
}

/** A headline figure of 200 points and a small line below it, 1200 by 675. */
function infographic({ back = '#ffffff', ink = '#0b0c0c', figure = ink, size = 1, turned = false }: Drawn = {}) {
  const canvas = createCanvas(1200 * size, 675 * size);
  const context = canvas.getContext('2d');
  context.scale(size, size);
  context.fillStyle = back;
  context.fillRect(0, 0, 1200, 675);
  if (turned) {
    context.translate(1200, 675);
    context.rotate(Math.PI);
  }
  context.fillStyle = figure;
  context.font = '200px Drawn';
  context.fillText('74.0%', 80, 330);
  context.fillStyle = ink;
  context.font = '44px Drawn';
  context.fillText('Employment rate to February', 80, 450);
  context.font = '22px Drawn';
  context.fillText('Source: Labour Force Survey', 80, 600);
  return canvas;
}

async function textOf(bytes: Uint8Array): Promise<string> {
  const { parts } = await pool.open({ kind: 'file', name: 'picture', source: memorySource(bytes) });
  return parts
    .map(({ content }) => ('text' in content ? content.text : ''))
    .join('\n')
    .replace(/\s+/g, ' ');
}

/** The picture in black and white as a scanner writes it into a PDF: a mask of one bit a pixel. */
function scanned(canvas: ReturnType<typeof infographic>): Buffer {
  const { data } = canvas.getContext('2d').getImageData(0, 0, 1200, 675);
  const bits = new Uint8Array(150 * 675);
  for (let at = 0; at < 1200 * 675; at += 1)
    if ((data[at * 4] as number) > 127) bits[at >> 3] = (bits[at >> 3] as number) | (128 >> (at & 7));
  return makePdf({
    page: '/Resources<</XObject<</X 10 0 R>>>>',
    content: 'q 600 0 0 338 0 400 cm /X Do Q',
    objects: {
      10: {
        entries: '/Type/XObject/Subtype/Image/ImageMask true/Width 1200/Height 675/BitsPerComponent 1',
        bytes: bits,
      },
    },
  });
}

describe('a picture’s words', () => {
  it.each([
    ['dark on white', {}],
    ['white on dark blue', { back: '#003a70', ink: '#ffffff' }],
    ['with a coloured figure on dark', { back: '#12233d', ink: '#dfe7f2', figure: '#ffd23f' }],
    ['at half the size', { size: 0.5 }],
    ['upside down', { turned: true }],
  ] satisfies [string, Drawn][])('are read with their headline figure: %s', async (_, look) => {
    const text = await textOf(infographic(look).toBuffer('image/png'));
    expect(text).toContain('74.0%');
    expect(text).toContain('Employment rate');
    expect(text).toContain('Labour Force Survey');
  });

  it.each(['image/jpeg', 'image/webp'] as const)('are read from %s', async (type) => {
    const canvas = infographic();
    const text = await textOf(type === 'image/jpeg' ? canvas.toBuffer(type, 60) : canvas.toBuffer(type));
    expect(text).toContain('74.0%');
  });

  it('are read from a scan in a PDF', async () => {
    const text = await textOf(scanned(infographic()));
    expect(text).toContain('74.0%');
    expect(text).toContain('Labour Force Survey');
  });
});
