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
  const buffer = asBuffer(bytes);
  const starts = SIGNATURES.map((signature) => buffer.indexOf(signature));
  starts.push(pdfStart(buffer));
  // What stands in a file that was found is that file's own.
  const start = Math.min(...starts.map((at) => (at < 0 ? Number.POSITIVE_INFINITY : at)));
  if (start === Number.POSITIVE_INFINITY) return;
  const source = memorySource(buffer.subarray(start));
  yield { kind: 'part', step: 'joined file', name: null, declaredType: null, source };
}

/** Whether `joinedFiles` would find one. */
export function holdsFile(bytes: Uint8Array): boolean {
  return joinedFiles(bytes).next().done !== true;
}

function pdfStart(buffer: Buffer): number {
  const at = buffer.indexOf(PDF);
  return at >= 0 && / obj\s*<</.test(buffer.toString('latin1', at, at + 4096)) ? at : -1;
}
