import { decodeText } from './decode-text.ts';

const MARKS_OF_UTF_16: ReadonlySet<string> = new Set(['fffe', 'feff']);
const BLANK = Buffer.from(' ');

/**
 * A run of letters of rich text, which has one or two bytes for each and no mark of its own: two letters that look like the mark of
 * UTF-16 are read as letters, from behind a blank.
 */
export function decodeRun(bytes: Buffer, charset: string): string {
  if (!MARKS_OF_UTF_16.has(bytes.subarray(0, 2).toString('hex'))) return decodeText(bytes, charset);
  return decodeText(Buffer.concat([BLANK, bytes]), charset).slice(1);
}
