import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

const MOST = 8 * 1024 ** 2;
const DEPTH = 4;

/**
 * Whether words can be read in a file by the simplest means: in its bytes, and in what its containers inflate to.
 *
 * Shares nothing with the extractors: signatures are looked for anywhere, directories and lengths are not believed.
 */
export function holdsWords(bytes: Buffer, words: string, depth = 0): boolean {
  if (includesWords(bytes, words) || bytes.includes(Buffer.from(words, 'utf16le'))) return true;
  if (depth >= DEPTH) return false;
  return inside(bytes).some((inner) => holdsWords(inner, words, depth + 1));
}

/**
 * In rich text a backslash takes the letters that follow it for the name of a control word: what begins so is no word of the text,
 * and LibreOffice and Word leave out names that they do not know.
 */
function includesWords(bytes: Buffer, words: string): boolean {
  const rich = bytes.indexOf('{\\rtf');
  for (let at = bytes.indexOf(words); at >= 0; at = bytes.indexOf(words, at + 1)) {
    const before = bytes.toString('latin1', Math.max(0, at - 32), at);
    if (rich < 0 || at < rich || !/\\[a-zA-Z]*$/.test(before)) return true;
  }
  return false;
}

function inside(bytes: Buffer): readonly Buffer[] {
  return [...zipEntries(bytes), ...gzipMembers(bytes), ...base64Blocks(bytes), ...deflatedStreams(bytes)];
}

function tried(make: () => Buffer): readonly Buffer[] {
  try {
    return [make()];
  } catch {
    return [];
  }
}

function zipEntries(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  const signature = Buffer.from('PK\x03\x04', 'latin1');
  for (let at = bytes.indexOf(signature); at >= 0 && at + 30 < bytes.length; at = bytes.indexOf(signature, at + 4)) {
    // Stored data are seen as plain bytes already.
    if (bytes.readUInt16LE(at + 8) !== 8) continue;
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    found.push(...tried(() => inflateRawSync(bytes.subarray(start), { maxOutputLength: MOST })));
  }
  return found;
}

function gzipMembers(bytes: Buffer): readonly Buffer[] {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? tried(() => gunzipSync(bytes, { maxOutputLength: MOST })) : [];
}

function base64Blocks(bytes: Buffer): readonly Buffer[] {
  const found = bytes.toString('latin1').match(/(?:[A-Za-z0-9+/]{60,76}\r?\n){2,}[A-Za-z0-9+/]*={0,2}/g) ?? [];
  return found.map((block) => Buffer.from(block, 'base64'));
}

function deflatedStreams(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf('stream\n'); at >= 0; at = bytes.indexOf('stream\n', at + 7))
    found.push(...tried(() => inflateSync(bytes.subarray(at + 7), { maxOutputLength: MOST })));
  return found;
}
