import type { PdfPage } from './pdf-text.ts';

/** Pixels of the longer side that OCR gets; letters of 8 points are then some 16 pixels high. */
const LONG_SIDE = 2200;

/** A page with more pictures than this is read as one picture: scanners cut pages into strips and letters. */
const MAX_PICTURES = 8;

export interface PagePictures {
  /** Pictures on the page that are large enough for words. */
  readonly count: number;
  /** Each as a PNG, where there are few and their pixels are at hand; null: the page has to be read as a whole. */
  readonly pictures: readonly Uint8Array[] | null;
}

/** The pictures that a page paints. */
export async function pagePictures(page: PdfPage): Promise<PagePictures> {
  const { OPS } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const masks = new Set<number>([
    OPS.paintImageMaskXObject,
    OPS.paintImageMaskXObjectGroup,
    OPS.paintImageMaskXObjectRepeat,
  ]);
  const groups = new Set<number>([OPS.paintInlineImageXObjectGroup, OPS.paintImageXObjectRepeat]);
  const { fnArray, argsArray } = await page.getOperatorList();
  const names = new Set<string>();
  const inline: unknown[] = [];
  let count = 0;
  let whole = false;
  for (const [at, operation] of fnArray.entries()) {
    const argument: unknown = argsArray[at]?.[0];
    if (operation === OPS.paintImageXObject && typeof argument === 'string') {
      const [, width, height] = argsArray[at] as readonly [string, number?, number?];
      if (isLarge(width, height) && !names.has(argument)) count += 1;
      if (isLarge(width, height)) names.add(argument);
    } else if (operation === OPS.paintInlineImageXObject) {
      const { width, height } = (argument ?? {}) as { width?: number; height?: number };
      if (!isLarge(width, height)) continue;
      count += 1;
      inline.push(argument);
    } else if (groups.has(operation) || masks.has(operation)) {
      const { width, height } = (typeof argument === 'object' && argument !== null ? argument : {}) as {
        width?: number;
        height?: number;
      };
      if (width !== undefined && !isLarge(width, height)) continue;
      count += 1;
      whole = true;
    }
  }
  if (whole || count > MAX_PICTURES) return { count, pictures: null };
  const found = [...(await Promise.all([...names].map((name) => pixelsOf(page, name)))), ...inline].map(asPng);
  const made = await Promise.all(found);
  return { count, pictures: made.some((one) => one === null) ? null : made.filter((one) => one !== null) };
}

/** The same rule as for pictures on their own: smaller ones hold no words. */
function isLarge(width: number | undefined, height: number | undefined): boolean {
  if (width === undefined || height === undefined) return true;
  return (width > 48 || height > 48) && Math.min(width, height) > 12;
}

function pixelsOf(page: PdfPage, name: string): Promise<unknown> {
  const store = name.startsWith('g_') ? page.commonObjs : page.objs;
  return new Promise((resolve) => {
    store.get(name, (value: unknown) => resolve(value));
  });
}

/** Decoded pixels, 1 bit, RGB or RGBA, as a PNG on white; null for what the reader keeps in another form. */
async function asPng(value: unknown): Promise<Uint8Array | null> {
  const canvas = await import('@napi-rs/canvas').catch(() => null);
  if (canvas === null || typeof value !== 'object' || value === null) return null;
  const { width, height, kind, data } = value as { width?: number; height?: number; kind?: number; data?: unknown };
  if (width === undefined || height === undefined || !(data instanceof Uint8Array || data instanceof Uint8ClampedArray))
    return null;
  const rgba = asRgba(data, width, height, kind ?? 0);
  if (rgba === null) return null;
  const target = canvas.createCanvas(width, height);
  const context = target.getContext('2d');
  const source = canvas.createCanvas(width, height);
  source.getContext('2d').putImageData(new canvas.ImageData(rgba, width, height), 0, 0);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0);
  return target.toBuffer('image/png');
}

function asRgba(
  data: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  kind: number,
): Uint8ClampedArray | null {
  const out = new Uint8ClampedArray(width * height * 4).fill(255);
  if (kind === 3 && data.length >= out.length) {
    out.set(data.subarray(0, out.length));
    return out;
  }
  if (kind === 2 && data.length >= width * height * 3) {
    for (let from = 0, to = 0; to < out.length; from += 3, to += 4) {
      out[to] = data[from] as number;
      out[to + 1] = data[from + 1] as number;
      out[to + 2] = data[from + 2] as number;
    }
    return out;
  }
  const stride = (width + 7) >> 3;
  if (kind !== 1 || data.length < stride * height) return null;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const isWhite = ((data[y * stride + (x >> 3)] as number) & (0x80 >> (x & 7))) !== 0;
      out.fill(isWhite ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  return out;
}

/** Text whose font maps to no letters that anyone knows: private characters, replacement marks, controls. */
export function isUnmapped(text: string): boolean {
  if (text.length < 10) return false;
  const lost = text.match(/[\p{Co}\p{Cn}�]|[^\P{Cc}\s]/gu)?.length ?? 0;
  return lost * 3 > text.replace(/\s/g, '').length;
}

/** The page as a PNG for OCR; null where no canvas is installed. */
export async function readPagePixels(page: PdfPage): Promise<Uint8Array | null> {
  const canvas = await import('@napi-rs/canvas').catch(() => null);
  if (canvas === null) return null;
  const natural = page.getViewport({ scale: 1 });
  const scale = Math.min(4, LONG_SIDE / Math.max(natural.width, natural.height, 1));
  const viewport = page.getViewport({ scale });
  const target = canvas.createCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height));
  const context = target.getContext('2d');
  // The two canvas types differ in name only; the reader draws on either.
  const canvasContext = context as unknown as Parameters<PdfPage['render']>[0]['canvasContext'];
  await page.render({ canvas: null, canvasContext, viewport, background: '#ffffff' }).promise;
  return target.toBuffer('image/png');
}
