import { inflateSync } from 'node:zlib';
import { memorySource } from '../core/byte-source.ts';
import { base64Files } from './base64-block.ts';
import type { ExtractContext, Piece } from './extractor.ts';
import { signatureStart } from './joined-file.ts';
import type { SaidLines } from './pdf-revisions.ts';
import { printableStrings } from './printable-strings.ts';

const INFLATED = 16 * 1024 ** 2;
/** Of a stream's dictionary, before it. */
const MAX_ENTRIES = 1000;
const MAX_WORDS = 1 << 18;
/** What a PDF is written in: dictionaries, names, strings in brackets, tags of its XML. ISO 32000-2 section 7.3. */
const SYNTAX = /\((?:[^()\\]|\\.)*\)|<<|>>|<[^>]*>|\/[^\s/<>()[\]]*|\d+ \d+ (?:R|obj)\b|[[\]]/g;
/**
 * Strings that one operator shows, in content that is no stream any more; escapes stand as they are. ISO 32000-2 section 9.4.3. A bracket
 * behind a backslash begins none, so that the work is linear.
 */
const SHOWN = /(?<!\\)\(([^()\\]{0,1000}(?:\\.[^()\\]{0,1000}){0,50})\)\s{0,8}(?:Tj|'|")/g;
const SEARCHED = 4 * 1024 ** 2;
const MAX_SHOWN = 10_000;
const WORDS = /(?<![A-Za-z])[A-Za-z]{2,}(?:[ ,.;:'"-]{1,3}[A-Za-z\d.]{2,}){2,}/;

/**
 * What stands in a damaged PDF and is none of it: words, base64, files as they are, put among its objects or into one of them.
 * Streams that unpack whole, pictures and fonts are left out, and so is what the document said already.
 */
export function* betweenObjects(file: Buffer, said: SaidLines, { budget }: ExtractContext): Iterable<Piece> {
  if (file.includes('/Encrypt')) return;
  const pieces: Buffer[] = [];
  for (const piece of outsideStreams(file)) {
    budget.checkTime();
    pieces.push(piece, APART);
  }
  const outside = Buffer.concat(pieces);
  const shown = [...outside.toString('latin1', 0, SEARCHED).matchAll(SHOWN)]
    .slice(0, MAX_SHOWN)
    .map(([, words = '']) => words);
  const words = [
    ...shown,
    ...printableStrings(outside, MAX_WORDS)
      .split('\n')
      .filter((line) => WORDS.test(withoutSyntax(line))),
  ];
  const text = said
    .unsaid(words.map((line) => ({ words: line })))
    .map((one) => one.words)
    .join('\n');
  if (text !== '') yield { kind: 'text', step: 'between its objects', role: 'metadata', text, hidden: true };
  yield* base64Files(outside.toString('latin1'));
  const start = signatureStart(outside);
  if (start < 0) return;
  const source = memorySource(outside.subarray(start));
  yield { kind: 'part', step: 'file between its objects', name: null, declaredType: null, source };
}

/** Strings may have brackets in them. */
function withoutSyntax(line: string): string {
  return line.replace(SYNTAX, '\n').replace(SYNTAX, '\n');
}

const APART = Buffer.from('\n');

/** The bytes of a PDF without the streams that are what they say they are. */
function* outsideStreams(file: Buffer): Iterable<Buffer> {
  let from = 0;
  for (let at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', at + 6)) {
    if (at < from || file.toString('latin1', Math.max(0, at - 3), at) === 'end') continue;
    let start = at + 6;
    while (file[start] === 13 || file[start] === 10) start += 1;
    const end = file.indexOf('endstream', start);
    const before = file.toString('latin1', Math.max(from, at - MAX_ENTRIES), at);
    const dictionary = before.slice(before.lastIndexOf(' obj') + 1);
    const filter = /\/Filter[\s[]*\/(\w+)/.exec(dictionary)?.[1];
    if (end < 0 || filter === undefined) continue;
    // Pixels are large, and no words are looked for in them.
    const isPicture = /\/Subtype\s*\/Image\b/.test(dictionary);
    if (!isPicture && /^(Flate|Fl)/.test(filter) && !isWhole(file.subarray(start, end))) continue;
    yield file.subarray(from, start);
    from = end;
  }
  yield file.subarray(from);
}

function isWhole(packed: Buffer): boolean {
  try {
    inflateSync(packed, { maxOutputLength: INFLATED });
    return true;
  } catch (error) {
    // Longer than is looked at.
    return error instanceof RangeError;
  }
}
