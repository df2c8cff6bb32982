import { decodeText } from './decode-text.ts';

/** Tags of other directories: EXIF, GPS, interoperability. */
const DIRECTORIES = new Set([0x8769, 0x8825, 0xa005]);
const USER_COMMENT = 0x9286;
/** Windows' title, comment, author, keywords, subject: UTF-16 in bytes. */
const WINDOWS_FIRST = 0x9c9b;
const WINDOWS_LAST = 0x9c9f;
const ASCII = 2;
/** More directories than this is a loop. */
const MAX_DIRECTORIES = 32;

/** The texts in EXIF or TIFF directories. TIFF 6.0 section 2; CIPA DC-008. */
export function exifWords(data: Buffer): readonly string[] {
  if (data.length < 8) return [];
  const little = data.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number): number =>
    at + 2 > data.length ? 0 : little ? data.readUInt16LE(at) : data.readUInt16BE(at);
  const u32 = (at: number): number =>
    at + 4 > data.length ? 0 : little ? data.readUInt32LE(at) : data.readUInt32BE(at);
  const words: string[] = [];
  const waiting = [u32(4)];
  for (let seen = 0; waiting.length > 0 && seen < MAX_DIRECTORIES; seen += 1) {
    const start = waiting.pop() as number;
    if (start === 0 || start + 2 > data.length) continue;
    const count = u16(start);
    for (let each = 0; each < count; each += 1) {
      const at = start + 2 + each * 12;
      if (at + 12 > data.length) break;
      const tag = u16(at);
      const type = u16(at + 2);
      const length = u32(at + 4);
      if (DIRECTORIES.has(tag)) waiting.push(u32(at + 8));
      const from = length > 4 ? u32(at + 8) : at + 8;
      if (from + length > data.length || length < 2) continue;
      const value = data.subarray(from, from + length);
      if (type === ASCII) words.push(decodeText(value).replace(/\0+/g, ' ').trim());
      else if (tag >= WINDOWS_FIRST && tag <= WINDOWS_LAST) words.push(value.toString('utf16le').replace(/\0+$/, ''));
      else if (tag === USER_COMMENT) words.push(userComment(value));
    }
    const next = u32(start + 2 + count * 12);
    if (next !== 0) waiting.push(next);
  }
  return words.filter((word) => /[\p{L}\p{N}]/u.test(word));
}

function userComment(value: Buffer): string {
  const code = value.toString('latin1', 0, 8);
  const text = value.subarray(8);
  return (code.startsWith('UNICODE') ? text.toString('utf16le') : decodeText(text)).replace(/\0+/g, ' ').trim();
}
