import type { PdfPage } from './pdf-text.ts';

/** Pixels of the longer side that OCR gets; letters of 8 points are then some 16 pixels high. */
const LONG_SIDE = 2200;

/** Whether a page paints pictures, of which it then may be made. */
export async function hasPictures(page: PdfPage): Promise<boolean> {
  const { OPS } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const painting = new Set<number>([
    OPS.paintImageXObject,
    OPS.paintInlineImageXObject,
    OPS.paintInlineImageXObjectGroup,
    OPS.paintImageMaskXObject,
    OPS.paintImageMaskXObjectGroup,
    OPS.paintImageMaskXObjectRepeat,
    OPS.paintImageXObjectRepeat,
  ]);
  const { fnArray } = await page.getOperatorList();
  return fnArray.some((operation: number) => painting.has(operation));
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
