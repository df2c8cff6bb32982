import { isUtf8 } from 'node:buffer';
import { memorySource } from '../core/byte-source.ts';
import { sniffType } from './detect-type.ts';
import type { Piece } from './extractor.ts';
import { holdsFile } from './joined-file.ts';
import { printableStrings } from './printable-strings.ts';

/** A line of base64 has so many letters at least; a shorter one may begin or end a block. */
const LINE = 60;
/** Shorter blocks of nothing known are keys and digests, as are those in an armour. */
const LONG_BLOCK = 1000;
const ARMOUR = /-----BEGIN [A-Z0-9 ]+-----[\s\S]{0,150}$/;
const BREAK = /[ \t]*\r?\n[ \t]*/y;
const LETTERS = /[A-Za-z0-9+/]+/y;
const HEAD = /(?:^|[^A-Za-z0-9+/])([A-Za-z0-9+/]{1,76})[ \t]*\r?\n[ \t]*$/;
/** Fewer different letters are a rule of crosses or a pattern, no file. */
const ALPHABET = 20;
/** JPEG, GIF, WebP, TIFF, gzip, TNEF, rich text. */
const STARTS = /^(ffd8ff|47494638|52494646|49492a00|4d4d002a|1f8b08|789f3e22|7b5c7274)/;

/**
 * What base64 in a text holds, keys and digests aside: the source of a message that was pasted in, the field of a program, what is
 * left of either after damage. A text without base64 costs one look at every sixtieth letter.
 */
export function* base64Files(text: string): Iterable<Piece> {
  let at = 0;
  for (const { start, lines } of blocksOf(text)) {
    if (new Set(lines.join('')).size < ALPHABET) continue;
    const isBlock = lines.filter(({ length }) => length >= LINE).length > 1;
    const bytes = isBlock ? openedBlock(text, start, lines) : openedLine(lines.join(''));
    if (bytes === null) continue;
    at += 1;
    yield { kind: 'part', step: `encoded file ${at}`, name: null, declaredType: null, source: memorySource(bytes) };
  }
}

function openedBlock(text: string, start: number, lines: readonly string[]): Buffer | null {
  const bytes = decodeLines(lines);
  const letters = lines.reduce((sum, line) => sum + line.length, 0);
  const isKey =
    letters < LONG_BLOCK || ARMOUR.test(text.slice(Math.max(0, start - 200), start)) || isCertificate(bytes);
  return isKey && sniffType(bytes) === 'application/octet-stream' && !holdsFile(bytes) ? null : bytes;
}

/** A field of a program, or a short file; of either the beginning may be lost, and with it where its groups of four begin. */
function openedLine(line: string): Buffer | null {
  // A picture or a key in hexadecimal digits.
  if (/^[0-9a-f]+$/i.test(line)) return null;
  for (let lost = 0; lost < 4; lost += 1) {
    const bytes = Buffer.from(line.slice(lost), 'base64');
    if (isKnown(bytes)) return bytes;
  }
  return null;
}

function isKnown(bytes: Buffer): boolean {
  if (STARTS.test(bytes.toString('hex', 0, 4)) || holdsFile(bytes)) return true;
  return isUtf8(bytes) && printableStrings(bytes).length * 2 > bytes.length;
}

/** X.509 in DER: a sequence that begins with a sequence. */
function isCertificate(bytes: Buffer): boolean {
  return bytes[0] === 0x30 && bytes[1] === 0x82 && bytes[4] === 0x30 && bytes[5] === 0x82;
}

/** A line that lost a letter costs its own letters; those after it begin anew, as all do where lines are whole groups of four. */
function decodeLines(told: readonly string[]): Buffer {
  const [first = '', second = ''] = told;
  // Letters of something else before the first line.
  const lines =
    first.length > second.length && told.length > 2 ? [first.slice(-second.length), ...told.slice(1)] : told;
  const grouped = lines.filter((line) => line.length % 4 === 0).length;
  if (grouped * 2 <= lines.length) return Buffer.from(lines.join(''), 'base64');
  return Buffer.concat(lines.map((line) => Buffer.from(line, 'base64')));
}

interface Block {
  readonly start: number;
  readonly lines: readonly string[];
}

/** Lines of base64 that follow each other, with what stands before and after them on shorter ones. */
function* blocksOf(text: string): Iterable<Block> {
  let from = 0;
  for (let probe = LINE - 1; probe < text.length; probe = Math.max(probe + LINE, from + LINE - 1)) {
    if (!isLetter(text.charCodeAt(probe))) continue;
    let start = probe;
    while (start > from && isLetter(text.charCodeAt(start - 1))) start -= 1;
    const first = lettersAt(text, start);
    from = start + first.length;
    if (first.length < LINE) continue;
    const lines = [first];
    for (let next = afterBreak(text, from); next >= 0; next = afterBreak(text, from)) {
      const line = lettersAt(text, next);
      if (line === '') break;
      lines.push(line);
      from = next + line.length;
      if (line.length < LINE) break;
    }
    const whole = lines.filter((line) => line.length >= LINE).length;
    const head = whole < 2 ? undefined : HEAD.exec(text.slice(Math.max(0, start - 100), start))?.[1];
    if (head !== undefined) lines.unshift(head);
    yield { start: start - (head?.length ?? 0), lines };
  }
}

/** Where the next line's letters begin; -1 where something else ends the line. */
function afterBreak(text: string, at: number): number {
  BREAK.lastIndex = at;
  return BREAK.test(text) ? BREAK.lastIndex : -1;
}

function lettersAt(text: string, at: number): string {
  LETTERS.lastIndex = at;
  return LETTERS.exec(text)?.[0] ?? '';
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 47 && code <= 57) || code === 43;
}
