import { constants, inflateSync } from 'node:zlib';
import { memorySource } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import { pdfStart } from './detect-type.ts';
import type { ExtractContext, Piece } from './extractor.ts';
import { betweenObjects } from './pdf-between.ts';
import type { SaidLines } from './pdf-revisions.ts';

/** A literal string of page content, escapes and nested brackets aside. ISO 32000-2 section 7.3.4.2. */
const LITERAL = /\(((?:[^()\\]|\\[\s\S])*)\)/g;
const SHOWS_TEXT = /\bBT\b/;
const WORDS = /[A-Za-z]{3,}[^A-Za-z]{1,3}[A-Za-z]{2,}/;
const SEARCHED = 16 * 1024 ** 2;

/**
 * What a reader of the document passes over: bytes before its first line and after its last, and, where a page came out with
 * nothing on it (`isSilent`), the words of content streams that a damaged object keeps from it, or that are no stream any more.
 */
export function* strayPieces(
  bytes: Uint8Array,
  said: SaidLines,
  isSilent: boolean,
  context: ExtractContext,
): Iterable<Piece> {
  const file = asBuffer(bytes);
  yield* outside(file, 0, Math.max(0, pdfStart(file.subarray(0, 1024))), 'before the document');
  const end = file.lastIndexOf('%%EOF');
  if (end >= 0) yield* outside(file, end + 5, file.length, 'after the document');
  if (!isSilent && hasTable(file) && !isAppended(file) && !hasTwins(file)) return;
  const unsaid = said.unsaid(contentWords(file, context).map((words) => ({ words })));
  const text = unsaid.map(({ words }) => words).join('\n');
  if (text !== '') yield { kind: 'text', step: 'damaged pages', role: 'document', text, hidden: true };
  if (isSilent || !hasTable(file)) yield* betweenObjects(file, said, context);
}

/** Whether the table of objects is where the file says; readers put others together from what they find, and leave some out. */
function hasTable(file: Buffer): boolean {
  const tail = file.toString('latin1', Math.max(0, file.lastIndexOf('startxref')));
  const told = /^startxref\s+(\d+)/.exec(tail)?.[1];
  if (told === undefined) return false;
  const place = Number(told) + Math.max(0, pdfStart(file.subarray(0, 1024)));
  return /^\s*(xref|\d+\s+\d+\s+obj)/.test(file.toString('latin1', place, place + 40));
}

/** Whether another document ends before this one begins, or begins where it ends: readers show one of two joined files. */
function isAppended(file: Buffer): boolean {
  const second = file.indexOf('%PDF-', 1);
  return second > 0 && /%%EOF\s*$/.test(file.toString('latin1', Math.max(0, second - 64), second));
}

/**
 * Whether one state of the document has an object twice, which no program writes: readers show one of the two.
 */
function hasTwins(file: Buffer): boolean {
  const seen = new Set<string>();
  let end = file.indexOf('%%EOF');
  for (let at = file.indexOf(' obj'); at >= 0; at = file.indexOf(' obj', at + 4)) {
    if (end >= 0 && at > end) {
      seen.clear();
      end = file.indexOf('%%EOF', at);
    }
    const name = /(?:^|[\r\n])(\d{1,8} \d{1,5})$/.exec(file.toString('latin1', Math.max(0, at - 16), at))?.[1];
    if (name === undefined) continue;
    if (seen.has(name)) return true;
    seen.add(name);
  }
  return false;
}

function* outside(file: Buffer, start: number, end: number, step: string): Iterable<Piece> {
  const stray = file.subarray(start, end);
  if (!stray.some((byte) => byte > 32)) return;
  yield { kind: 'part', step, name: null, declaredType: null, source: memorySource(stray) };
}

function contentWords(file: Buffer, { budget }: ExtractContext): readonly string[] {
  const found: string[] = [];
  for (let at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', at + 6)) {
    budget.checkTime();
    if (file.toString('latin1', Math.max(0, at - 3), at) === 'end') continue;
    let start = at + 6;
    while (file[start] === 13 || file[start] === 10) start += 1;
    const told = file.indexOf('endstream', start);
    const raw = file.subarray(start, Math.min(told < 0 ? file.length : told, start + SEARCHED));
    const content = (inflated(raw) ?? raw).toString('latin1');
    budget.takeBytes(content.length);
    if (!SHOWS_TEXT.test(content)) continue;
    const strings = [...content.matchAll(LITERAL)].map(([, words = '']) => words.replace(/\\([()\\])/g, '$1'));
    const line = strings.join('');
    if (WORDS.test(line)) found.push(line);
    const broken = brokenStrings(content);
    if (WORDS.test(broken)) found.push(broken);
  }
  return found;
}

/** Strings nested deeper are no content of a page. */
const NESTED = 5;

/** What stands around a string that lost one of its brackets; empty where every string is whole. */
function brokenStrings(content: string): string {
  let rest = content;
  for (let depth = 0; depth < NESTED && /[()]/.test(rest); depth += 1) rest = rest.replace(LITERAL, ' ');
  return /[()]/.test(rest) ? rest.replace(/[^\x20-\x7e\xa0-\xff]+/g, ' ').trim() : '';
}

/** As far as the data go. */
function inflated(raw: Buffer): Buffer | null {
  try {
    return inflateSync(raw, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: SEARCHED });
  } catch {
    return null;
  }
}
