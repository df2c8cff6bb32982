import { asBuffer, utf16WithoutMark } from './decode-text.ts';
import { printableStrings } from './printable-strings.ts';

/** Of text in another encoding, and what looking for its lines may cost. */
const MAX_OTHER = 1 << 20;
const MAX_SEARCH = 1 << 28;

/**
 * Words in a text's bytes that `content`, as they were decoded, does not show: another text was joined to one in UTF-16 or one in
 * UTF-16 to another, or a byte is missing in between. Only one in UTF-16 or with zero bytes can have any.
 */
export function otherReading(bytes: Uint8Array, content: string): string {
  const isMarked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (!isMarked && utf16WithoutMark(asBuffer(bytes)) === null && !content.includes('\0')) return '';
  const known = new Set(content.split(/[\r\n]+/).map((line) => line.trim()));
  const lines = printableStrings(bytes, MAX_OTHER).split('\n');
  const few = content.length * lines.length < MAX_SEARCH;
  return lines.filter((line) => !known.has(line) && !(few && content.includes(line))).join('\n');
}
