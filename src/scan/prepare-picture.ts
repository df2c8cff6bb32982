/** Longer side that OCR gets at most; more costs time and reads no better. */
const LONG_SIDE = 2200;
/** Small print of pictures made for screens reads better at twice its size. */
const ENLARGE = 2;

/** A picture as a PNG on white, of a size that OCR reads well; as it is where no canvas is installed, null where it is no picture. */
export async function preparePicture(image: Uint8Array): Promise<Uint8Array | null> {
  const canvas = await import('@napi-rs/canvas').catch(() => null);
  if (canvas === null || isTiff(image)) return image;
  try {
    const picture = await canvas.loadImage(Buffer.from(image));
    if (picture.width < 1 || picture.height < 1) return null;
    const scale = Math.min(ENLARGE, LONG_SIDE / Math.max(picture.width, picture.height));
    const width = Math.max(1, Math.round(picture.width * scale));
    const height = Math.max(1, Math.round(picture.height * scale));
    const target = canvas.createCanvas(width, height);
    const context = target.getContext('2d');
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, width, height);
    context.drawImage(picture, 0, 0, width, height);
    return target.toBuffer('image/png');
  } catch {
    return null;
  }
}

/** The canvas does not know TIFF; the reader does. */
function isTiff(image: Uint8Array): boolean {
  return (image[0] === 0x49 && image[1] === 0x49) || (image[0] === 0x4d && image[1] === 0x4d);
}
