import { constants, inflateSync } from 'node:zlib';
import { memorySource } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import type { Piece } from './extractor.ts';

/** Signatures that no text has in it: zip, compound file, 7z, RAR, PNG; gzip's is looked at more closely. */
const SIGNATURES: readonly Buffer[] = [
  ...['504b0304', 'd0cf11e0a1b11ae1', '377abcaf271c', '526172211a07', '89504e470d0a1a0a'].map((hex) =>
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
  yield* packedStreams(asBuffer(start < 0 ? bytes : bytes.subarray(0, start)));
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
  const starts = [signatureStart(bytes), pdfStart(asBuffer(bytes))].filter((at) => at >= 0);
  return starts.length === 0 ? -1 : Math.min(...starts);
}

/** Where the first signature stands; -1 for none. */
export function signatureStart(bytes: Uint8Array): number {
  const buffer = asBuffer(bytes);
  let first = gzipStart(buffer);
  for (const signature of SIGNATURES) {
    const at = buffer.indexOf(signature);
    if (at >= 0 && (first < 0 || at < first)) first = at;
  }
  return first;
}

const GZIP = Buffer.from('1f8b08', 'hex');

/** Three bytes stand in packed data by chance; the flags and the level behind them tell. RFC 1952 section 2.3. */
function gzipStart(buffer: Buffer): number {
  for (let at = buffer.indexOf(GZIP); at >= 0; at = buffer.indexOf(GZIP, at + 1)) {
    const level = buffer[at + 8];
    if (((buffer[at + 3] ?? 0xff) & 0xe0) === 0 && (level === 0 || level === 2 || level === 4)) return at;
  }
  return -1;
}

/** Whether `joinedFiles` would find a file. */
export function holdsFile(bytes: Uint8Array): boolean {
  return fileStart(bytes) >= 0;
}

const STREAM = Buffer.from('stream');
/** Of all streams together, and of how many; where that does not suffice, the rest is told incomplete. */
const INFLATED = 16 * 1024 ** 2;
const STREAMS = 100;

/**
 * What packed streams of a PDF hold that have lost the object they belong to: no reader shows them, and they can be unpacked. Each
 * as far as its data go.
 */
function* packedStreams(buffer: Buffer): Generator<Piece> {
  let count = 0;
  let left = INFLATED;
  for (let at = buffer.indexOf(STREAM); at >= 0; at = buffer.indexOf(STREAM, at + STREAM.length)) {
    const end = at + STREAM.length;
    const start = end + (buffer[end] === 13 ? 2 : 1);
    // RFC 1950 section 2.2: deflated, and a sum of both bytes that divides.
    if (buffer[start - 1] !== 10 || buffer[start] !== 0x78 || start + 2 > buffer.length) continue;
    if (buffer.readUInt16BE(start) % 31 !== 0) continue;
    const content = inflated(buffer.subarray(start), left);
    if (content === null) continue;
    if (content === 'too-large' || count === STREAMS) {
      yield {
        kind: 'incomplete',
        step: 'packed streams',
        reason: 'too-large',
        detail: 'too much packed text to unpack',
      };
      return;
    }
    count += 1;
    left -= content.length;
    const source = memorySource(content);
    yield { kind: 'part', step: `packed stream ${count}`, name: null, declaredType: null, source };
  }
}

/** Null where the bytes are not packed. */
function inflated(bytes: Buffer, most: number): Buffer | 'too-large' | null {
  if (most === 0) return 'too-large';
  try {
    const content = inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: most });
    return content.length > 0 ? content : null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : null;
  }
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
