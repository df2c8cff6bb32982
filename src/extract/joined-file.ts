import { memorySource } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import type { Piece } from './extractor.ts';

/** Signatures that no text has in it: zip, compound file, gzip, 7z, RAR, PNG. */
const SIGNATURES: readonly Buffer[] = [
  ...['504b0304', 'd0cf11e0a1b11ae1', '1f8b08', '377abcaf271c', '526172211a07', '89504e470d0a1a0a'].map((hex) =>
    Buffer.from(hex, 'hex'),
  ),
];
const PDF = Buffer.from('%PDF-');

/**
 * Files that stand in bytes that are read as something else, as a damaged mail or a joined note has them: each from its signature to
 * the end. A PDF is text in part, and counts where objects follow.
 */
export function* joinedFiles(bytes: Uint8Array): Generator<Piece> {
  const start = fileStart(bytes);
  if (start < 0) return;
  const source = memorySource(bytes.subarray(start));
  yield { kind: 'part', step: 'joined file', name: null, declaredType: null, source };
}

/** The same for a file of which `read`, in order, was read as something else: what begins there is that reader's own. */
export function* joinedBetween(bytes: Uint8Array, read: readonly Uint8Array[]): Generator<Piece> {
  let from = 0;
  for (const one of read) {
    const start = one.byteOffset - bytes.byteOffset;
    if (one.buffer !== bytes.buffer || start < from || start > bytes.length) continue;
    if (fileStart(bytes.subarray(from, start)) >= 0) break;
    from = start + one.length;
  }
  const start = fileStart(bytes.subarray(from));
  if (start >= 0) yield* joinedFiles(bytes.subarray(from + start));
}

/** Where the first file begins; what stands in a file that was found is that file's own. -1 for none. */
function fileStart(bytes: Uint8Array): number {
  const buffer = asBuffer(bytes);
  const starts = SIGNATURES.map((signature) => buffer.indexOf(signature));
  starts.push(pdfStart(buffer));
  const found = starts.filter((at) => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

/** Whether `joinedFiles` would find one. */
export function holdsFile(bytes: Uint8Array): boolean {
  return fileStart(bytes) >= 0;
}

function pdfStart(buffer: Buffer): number {
  const at = buffer.indexOf(PDF);
  return at >= 0 && / obj\s*<</.test(buffer.toString('latin1', at, at + 4096)) ? at : looseObject(buffer);
}

const OBJECT = /(?:^|[\r\n])(\d{1,6} \d{1,3} obj\s*<<[\s\S]{0,500}?>>\s*stream\r?\n)([\s\S]{0,64})/;
/** A text that speaks of the format has some objects in it, and their streams are text. */
const LOOKED_AT = 1000;

/** Where an object with a packed stream stands, in what is left of a PDF without its beginning; -1 for none. */
function looseObject(buffer: Buffer): number {
  if (buffer.indexOf('stream') < 0) return -1;
  let at = buffer.indexOf(' obj');
  for (let seen = 0; at >= 0 && seen < LOOKED_AT; seen += 1, at = buffer.indexOf(' obj', at + 4)) {
    const from = Math.max(0, at - 12);
    const found = OBJECT.exec(buffer.toString('latin1', from, at + 700));
    if (found !== null && isPacked(found[2] ?? '')) return from + found.index + found[0].indexOf(found[1] as string);
  }
  return -1;
}

function isPacked(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 8 || (code > 13 && code < 27) || code > 126) return true;
  }
  return false;
}
