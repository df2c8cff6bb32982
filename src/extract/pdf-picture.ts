import { encodePng } from './encode-png.ts';
import type { PdfOperators, PdfPage } from './pdf-text.ts';

/** Pixels of the longer side that OCR gets; letters of 8 points are then some 16 pixels high. */
const LONG_SIDE = 2200;

/** The same bound as for pictures on their own. */
const MAX_PIXELS = 60_000_000;

/** Fewer lost letters than this are ornaments. */
const FEW_LOST = 3;

/** A page with more pictures than this is read as one picture: scanners cut pages into strips and letters. */
const MAX_PICTURES = 24;

export interface PagePictures {
  /** Pictures on the page that are large enough for words. */
  readonly count: number;
  /**
   * Each as a PNG, made when it is asked for, null where its pixels are not at hand; no list where the page has to be read as a
   * whole.
   */
  readonly pictures: readonly (() => Promise<Uint8Array | null>)[] | null;
}

/** The pictures that a page paints. */
export async function pagePictures(page: PdfPage, operators: PdfOperators): Promise<PagePictures> {
  const { OPS } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const repeated = new Set<number>([OPS.paintImageMaskXObject, OPS.paintImageMaskXObjectRepeat]);
  const { fnArray, argsArray } = operators;
  const names = new Set<string>();
  const inline: unknown[] = [];
  let count = 0;
  let whole = false;
  for (const [at, operation] of fnArray.entries()) {
    const argument: unknown = argsArray[at]?.[0];
    if (operation === OPS.paintImageXObject || operation === OPS.paintImageXObjectRepeat) {
      if (typeof argument !== 'string') continue;
      const [, width, height] = argsArray[at] as readonly [string, number?, number?];
      // A repeated picture says how it is scaled where another says its size.
      const large = operation === OPS.paintImageXObjectRepeat || isLarge(width, height);
      if (large && !names.has(argument)) count += 1;
      if (large) names.add(argument);
    } else if (operation === OPS.paintInlineImageXObject || operation === OPS.paintInlineImageXObjectGroup) {
      if (!isLarge(...sizeOf(argument))) continue;
      count += 1;
      inline.push(argument);
    } else if (repeated.has(operation)) {
      // Scanners write black and white as masks.
      if (!isLarge(...sizeOf(argument))) continue;
      count += 1;
      inline.push({ ...(argument as object), kind: BITS });
    } else if (operation === OPS.paintImageMaskXObjectGroup) {
      count += 1;
      whole = true;
    }
  }
  if (whole || count > MAX_PICTURES) return { count, pictures: null };
  const named = [...names].map((name) => async () => asPng(await pixelsOf(page, name)));
  const painted = inline.map((one) => async () => asPng(await maskOf(page, one)));
  return { count, pictures: [...named, ...painted] };
}

/** The reader's name for pixels of one bit. */
const BITS = 1;

function sizeOf(value: unknown): readonly [width: number | undefined, height: number | undefined] {
  const { width, height } = (typeof value === 'object' && value !== null ? value : {}) as {
    width?: number;
    height?: number;
  };
  return [width, height];
}

/** A picture whose bits may stand elsewhere under a name. */
async function maskOf(page: PdfPage, value: unknown): Promise<unknown> {
  const { data } = (value ?? {}) as { readonly data?: unknown };
  if (typeof data !== 'string') return value;
  const found = await pixelsOf(page, data);
  return { ...(value as object), ...(ArrayBuffer.isView(found) ? { data: found } : (found as object)), kind: BITS };
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

/** Decoded pixels, 1 bit, RGB or RGBA, as a grey PNG on white; null for what the reader keeps in another form, or is too large. */
function asPng(value: unknown): Uint8Array | null {
  if (typeof value !== 'object' || value === null) return null;
  const { width, height, kind, data } = value as { width?: number; height?: number; kind?: number; data?: unknown };
  if (width === undefined || height === undefined || width * height > MAX_PIXELS) return null;
  if (!isBytes(data)) return null;
  const grey = asGrey(data, width, height, kind ?? 0);
  return grey === null ? null : encodePng(grey, width, height, 1);
}

/** Colours are of no use to a reader of words, and take three times the memory. */
function asGrey(data: Uint8Array, width: number, height: number, kind: number): Uint8Array | null {
  const count = width * height;
  const grey = new Uint8Array(count);
  const channels = kind === 2 ? 3 : 4;
  if ((kind === 2 || kind === 3) && data.length >= count * channels) {
    for (let at = 0, from = 0; at < count; at += 1, from += channels) {
      const shade =
        ((data[from] as number) * 77 + (data[from + 1] as number) * 151 + (data[from + 2] as number) * 28) >> 8;
      grey[at] = kind === 2 ? shade : 255 - ((255 - shade) * (data[from + 3] as number)) / 255;
    }
    return grey;
  }
  const stride = (width + 7) >> 3;
  if (kind !== BITS || data.length < stride * height) return null;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      grey[y * width + x] = ((data[y * stride + (x >> 3)] as number) & (0x80 >> (x & 7))) !== 0 ? 255 : 0;
  return grey;
}

/** The reader's pixels may come from another realm, where `instanceof` fails. */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * Whether letters of a page come from fonts that map them to nothing anyone knows: private characters, replacement marks,
 * controls. A few are enough, since they may be the figures; bullets of symbol fonts do not count.
 */
export function hasLostGlyphs(text: string): boolean {
  const lost = text.match(/[\ue000-\uefff\uf100-\uf8ff\p{Cn}\ufffd]|[^\P{Cc}\s]/gu)?.length ?? 0;
  return lost >= FEW_LOST && lost * 200 > text.replace(/\s/g, '').length;
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
