import { memorySource, readAll } from '../core/byte-source.ts';
import { asBuffer, decodeText } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { printableStrings } from './printable-strings.ts';
import { Unreadable } from './unreadable.ts';

const DATA_FORK = 1;
const RESOURCE_FORK = 2;
const REAL_NAME = 3;
const COMMENT = 4;

/**
 * What Macs put beside files: AppleDouble (`._name`), AppleSingle and folder views (`.DS_Store`).
 *
 * Every archive made on a Mac has them. Attributes and settings are read as the words in them; a data fork is a part.
 * RFC 1740, appendices A and B.
 */
export const appleFile: Extractor = {
  name: 'apple-file',
  types: ['application/applefile', 'application/x-apple-folder-view'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const bytes = asBuffer(await readAll(part.source));
    if (part.type === 'application/x-apple-folder-view') {
      yield { kind: 'text', step: null, role: 'metadata', text: wideStrings(bytes) };
      return;
    }
    const words: string[] = [];
    for (const { id, data } of readEntries(bytes)) {
      if (id === DATA_FORK && data.length > 0)
        yield { kind: 'part', step: 'data', name: part.name, declaredType: null, source: memorySource(data) };
      else if (id === REAL_NAME || id === COMMENT) words.push(decodeText(data));
      else if (id === RESOURCE_FORK || data.length > 32) words.push(printableStrings(data));
    }
    yield { kind: 'text', step: null, role: 'metadata', text: words.filter((word) => word !== '').join('\n') };
  },
};

function readEntries(bytes: Buffer): readonly { readonly id: number; readonly data: Buffer }[] {
  if (bytes.length < 26) throw new Unreadable('corrupt', 'the AppleDouble file is cut off');
  const count = bytes.readUInt16BE(24);
  const entries: { id: number; data: Buffer }[] = [];
  for (let each = 0; each < count && 26 + (each + 1) * 12 <= bytes.length; each += 1) {
    const at = 26 + each * 12;
    const start = bytes.readUInt32BE(at + 4);
    entries.push({ id: bytes.readUInt32BE(at), data: bytes.subarray(start, start + bytes.readUInt32BE(at + 8)) });
  }
  return entries;
}

/** Names in a folder view are UTF-16, big end first. */
function wideStrings(bytes: Buffer): string {
  const found = bytes.toString('latin1').match(/(?:\0[\x20-\x7e]){3,}/g) ?? [];
  return [...new Set(found.map((run) => run.replaceAll('\0', '')))].join('\n');
}
