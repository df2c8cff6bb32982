import { memorySource, readAll } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { hasUnreadFrames, MAX_FRAMES, pictureFrames } from './picture-frames.ts';
import { type PictureFacts, readPicture } from './read-picture.ts';

/** Both sides up to here, or one side so short: icons, rules, tracking pixels. No word with a figure in it fits. */
const SMALL_SIDE = 48;
const THIN_SIDE = 12;
/** Decoding takes four bytes a pixel. */
const MAX_PIXELS = 60_000_000;

/**
 * Pictures: their words by OCR, their metadata, and what is appended to them.
 *
 * A picture too small for words is complete as it is: office mail is full of them, and holding each would teach reviewers to
 * release without looking. Any other picture that nobody could read is incomplete.
 */
export const picture: Extractor = {
  name: 'picture',
  types: [
    'image/png',
    'image/jpeg',
    'image/gif',
    'image/tiff',
    'image/webp',
    'image/bmp',
    'image/x-icon',
    'image/heic',
    'image/avif',
  ],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const bytes = asBuffer(await readAll(part.source));
    const facts = readPicture(bytes, part.type);
    yield* pixelPieces(bytes, part.type, facts, context);
    if (facts.words.length > 0)
      yield { kind: 'text', step: 'properties', role: 'metadata', text: facts.words.join('\n') };
    if (facts.unread === true)
      yield {
        kind: 'incomplete',
        step: 'properties › rest',
        reason: 'too-large',
        detail: 'a text of the picture does not expand',
      };
    if (facts.end !== null && hasContent(bytes, facts.end)) {
      const source = memorySource(bytes.subarray(facts.end));
      yield { kind: 'part', step: 'after the end', name: null, declaredType: null, source };
    }
  },
};

async function* pixelPieces(
  bytes: Buffer,
  type: string,
  facts: PictureFacts,
  context: ExtractContext,
): AsyncIterable<Piece> {
  const { width, height } = facts;
  if (width !== null && height !== null) {
    const small = (width <= SMALL_SIDE && height <= SMALL_SIDE) || Math.min(width, height) <= THIN_SIDE;
    if (small) {
      yield { kind: 'text', step: null, role: 'metadata', text: `${width} x ${height} pixels, too small for words` };
      return;
    }
    if (width * height > MAX_PIXELS) {
      yield { kind: 'incomplete', step: null, reason: 'too-large', detail: `${width} x ${height} pixels` };
      return;
    }
  }
  const frames = pictureFrames(bytes, type);
  for (const [at, frame] of frames.slice(0, MAX_FRAMES).entries()) {
    const step = at === 0 ? null : `frame ${at + 1}`;
    const read = context.readPixels === undefined ? null : await context.readPixels(frame);
    context.budget.checkTime();
    yield read === null
      ? { kind: 'incomplete', step, reason: 'unsupported', detail: 'the picture could not be read' }
      : { kind: 'text', step, role: 'document', text: read };
  }
  const rest = 'more frames';
  if (frames.length > MAX_FRAMES)
    yield { kind: 'incomplete', step: rest, reason: 'too-many', detail: `more than ${MAX_FRAMES} frames` };
  else if (hasUnreadFrames(bytes, type))
    yield {
      kind: 'incomplete',
      step: rest,
      reason: 'unsupported',
      detail: 'of a moving picture only the first frame is read',
    };
}

function hasContent(bytes: Buffer, start: number): boolean {
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte !== 0 && byte !== 10 && byte !== 13 && byte !== 32) return true;
  }
  return false;
}
