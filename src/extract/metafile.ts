import { memorySource, readAll } from '../core/byte-source.ts';
import { asBuffer, decodeText } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';

const EMF_TEXT_WIDE = 84;
const EMF_TEXT_NARROW = 83;
const EMF_SMALL_TEXT = 108;
/** Records that carry a bitmap, with the place of its header offset in the record. [MS-EMF] 2.3.1. */
const EMF_BITMAPS: Readonly<Record<number, number>> = { 76: 84, 77: 84, 80: 48, 81: 48, 114: 84 };
const WMF_TEXT = 0x0521;
const WMF_EXTENDED_TEXT = 0x0a32;
/** Records that carry a bitmap, with its place in the record. [MS-WMF] 2.3.1. */
const WMF_BITMAPS: Readonly<Record<number, number>> = { 2881: 26, 3907: 28, 2368: 22 };

/** Actions of a StarView metafile that draw text: with positions, stretched, within a rectangle. LibreOffice, `metaact.hxx`. */
const SVM_TEXTS: ReadonlySet<number> = new Set([112, 113, 114, 115]);

/** Windows and StarView metafiles: the texts they draw, and the bitmaps inside as pictures. [MS-EMF], [MS-WMF]. */
export const metafile: Extractor = {
  name: 'metafile',
  types: ['image/emf', 'image/wmf', 'image/x-svm'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const bytes = asBuffer(await readAll(part.source));
    const { texts, bitmaps } = (READERS[part.type] ?? readWmf)(bytes);
    yield { kind: 'text', step: null, role: 'document', text: texts.join('\n') };
    for (const [at, bitmap] of bitmaps.entries())
      yield { kind: 'part', step: `bitmap ${at + 1}`, name: null, declaredType: null, source: memorySource(bitmap) };
  },
};

interface Drawn {
  readonly texts: string[];
  readonly bitmaps: Buffer[];
}

const READERS: Readonly<Record<string, (bytes: Buffer) => Drawn>> = { 'image/emf': readEmf, 'image/x-svm': readSvm };

function readEmf(bytes: Buffer): Drawn {
  const drawn: Drawn = { texts: [], bitmaps: [] };
  let last: Run | null = null;
  for (let at = 0; at + 8 <= bytes.length; ) {
    const kind = bytes.readUInt32LE(at);
    const size = bytes.readUInt32LE(at + 4);
    if (size < 8) break;
    const record = bytes.subarray(at, Math.min(bytes.length, at + size));
    at += size;
    if ((kind === EMF_TEXT_WIDE || kind === EMF_TEXT_NARROW) && record.length >= 52) {
      const length = record.readUInt32LE(44) * (kind === EMF_TEXT_WIDE ? 2 : 1);
      const start = record.readUInt32LE(48);
      const raw = record.subarray(start, start + length);
      last = addRun(drawn, last, record, kind === EMF_TEXT_WIDE ? raw.toString('utf16le') : decodeText(raw));
    } else if (kind === EMF_SMALL_TEXT && record.length >= 36) {
      const options = record.readUInt32LE(20);
      const narrow = (options & 0x200) !== 0;
      const start = (options & 0x100) !== 0 ? 36 : 52;
      const raw = record.subarray(start, start + record.readUInt32LE(16) * (narrow ? 1 : 2));
      addText(drawn, narrow ? decodeText(raw) : raw.toString('utf16le'));
    } else if (EMF_BITMAPS[kind] !== undefined && record.length >= EMF_BITMAPS[kind] + 16) {
      const place = EMF_BITMAPS[kind];
      const header = record.readUInt32LE(place);
      const headerSize = record.readUInt32LE(place + 4);
      const bits = record.readUInt32LE(place + 8);
      const bitsSize = record.readUInt32LE(place + 12);
      if (headerSize >= 40)
        addBitmap(drawn, record.subarray(header, header + headerSize), record.subarray(bits, bits + bitsSize));
    }
  }
  return drawn;
}

function readWmf(bytes: Buffer): Drawn {
  const drawn: Drawn = { texts: [], bitmaps: [] };
  const start = bytes.readUInt32LE(0) === 0x9ac6cdd7 ? 22 : 0;
  for (let at = start + 18; at + 6 <= bytes.length; ) {
    const size = bytes.readUInt32LE(at) * 2;
    const kind = bytes.readUInt16LE(at + 4);
    if (size < 6) break;
    const record = bytes.subarray(at, Math.min(bytes.length, at + size));
    at += size;
    if (kind === WMF_TEXT && record.length >= 8)
      addText(drawn, decodeText(record.subarray(8, 8 + record.readUInt16LE(6))));
    else if (kind === WMF_EXTENDED_TEXT && record.length >= 14) {
      const from = (record.readUInt16LE(12) & 6) !== 0 ? 22 : 14;
      addText(drawn, decodeText(record.subarray(from, from + record.readUInt16LE(10))));
    } else if (WMF_BITMAPS[kind] !== undefined && record.length > WMF_BITMAPS[kind] + 40)
      addBitmap(drawn, record.subarray(WMF_BITMAPS[kind]), null);
  }
  return drawn;
}

function readSvm(bytes: Buffer): Drawn {
  const drawn: Drawn = { texts: [], bitmaps: [] };
  // Each action says its version and its length; the head of the file is written in the same way.
  for (let at = 12 + (bytes.length > 12 ? bytes.readUInt32LE(8) : 0); at + 8 <= bytes.length; ) {
    const kind = bytes.readUInt16LE(at);
    const size = bytes.readUInt32LE(at + 4);
    const data = bytes.subarray(at + 8, at + 8 + size);
    at += 8 + size;
    if (SVM_TEXTS.has(kind)) addText(drawn, svmText(data));
    const bitmap = data.indexOf('BM');
    if (bitmap >= 0 && bitmap + 54 < data.length && data.readUInt32LE(bitmap + 14) === 40)
      drawn.bitmaps.push(data.subarray(bitmap));
  }
  return drawn;
}

/** The text of an action in Unicode, which ends it; in old files a byte string after the position. */
function svmText(data: Buffer): string {
  for (let at = 8; at + 2 <= data.length; at += 1) {
    const count = data.readUInt16LE(at);
    if (count > 0 && at + 2 + 2 * count === data.length) return data.toString('utf16le', at + 2);
  }
  return data.length < 10 ? '' : decodeText(data.subarray(10, 10 + data.readUInt16LE(8)));
}

interface Run {
  readonly y: number;
  readonly end: number;
  /** Width of one of its letters, about. */
  readonly letter: number;
}

/**
 * Programs draw a text in runs, often in the middle of a word. A run on the line of the last one is added to it, after a space where
 * there is a gap between the two ([MS-EMF] 2.2.5: where a run stands, and how wide its letters are).
 */
function addRun(drawn: Drawn, last: Run | null, record: Buffer, text: string): Run | null {
  const count = record.readUInt32LE(44);
  const widths = record.length >= 76 ? record.readUInt32LE(72) : 0;
  if (widths === 0 || widths + 4 * count > record.length || count === 0) {
    addText(drawn, text);
    return null;
  }
  const x = record.readInt32LE(36);
  const y = record.readInt32LE(40);
  let width = 0;
  for (let at = 0; at < count; at++) width += record.readUInt32LE(widths + 4 * at);
  const run = { y, end: x + width, letter: width / count };
  const gap = last === null ? 0 : x - last.end;
  const before = drawn.texts.length - 1;
  if (last === null || last.y !== y || before < 0 || gap < -2 * run.letter) addText(drawn, text);
  else drawn.texts[before] += (gap > run.letter / 4 && gap > 1 ? ' ' : '') + text.replaceAll('\0', '');
  return run;
}

/** Texts without a known place are a line each. */
function addText({ texts }: Drawn, text: string): void {
  const clean = text.replaceAll('\0', '');
  if (clean.trim() !== '') texts.push(clean);
}

/** A device-independent bitmap as a BMP file: the file header goes before it. */
function addBitmap({ bitmaps }: Drawn, header: Buffer, bits: Buffer | null): void {
  if (header.length < 40 || header.readUInt32LE(0) < 40) return;
  const depth = header.readUInt16LE(14);
  const used = header.readUInt32LE(32);
  const palette = depth <= 8 ? (used || 1 << depth) * 4 : header.readUInt32LE(16) === 3 ? 12 : 0;
  const file = Buffer.alloc(14);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(14 + header.length + (bits?.length ?? 0), 2);
  file.writeUInt32LE(14 + (bits === null ? header.readUInt32LE(0) + palette : header.length), 10);
  bitmaps.push(Buffer.concat(bits === null ? [file, header] : [file, header, bits]));
}
