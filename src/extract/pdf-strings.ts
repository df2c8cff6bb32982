import { inflateSync, constants as zlib } from 'node:zlib';
import type { Budget } from './budget.ts';
import { decodeText } from './decode-text.ts';
import { XmlReader } from './xml-reader.ts';
import { XmlText } from './xml-text.ts';

/** Entries whose strings are names of fonts and colours, keys, digests, dates: nobody wrote them. */
const TECHNICAL: ReadonlySet<string> = new Set([
  ...['ID', 'O', 'U', 'OE', 'UE', 'Perms', 'CharSet', 'Registry', 'Ordering', 'Panose', 'Cert', 'Filter', 'FontFamily'],
  ...[
    'DA',
    'DS',
    'Lang',
    'CheckSum',
    'LastModified',
    'M',
    'CreationDate',
    'ModDate',
    'Lookup',
    'OutputConditionIdentifier',
  ],
  ...[
    'RegistryName',
    'NM',
    'Style',
    'Panose',
    'FontName',
    'BaseFont',
    'Dest',
    'D',
    'IDTree',
    'Names',
    'Limits',
    'XFA',
    'NS',
    'Subj',
    'PTEX.Fullbanner',
  ],
]);
/** Numbers that programs give to documents and their states, addresses of schemas, pictures as text. */
const IDENTIFIER = /^(?:uuid:|xmp\.[di]id:|adobe:|https?:\/\/(?:ns\.adobe|www\.w3|purl)\S*|\S{80,}|\S+\/\S+$)/;
/** Lines kept; a document of more is a data file in strings, and its pages show them. */
const MAX_LINES = 20_000;
/** Bytes of a compressed stream looked at to tell XML from the rest. */
const PEEK = 256;

export interface LooseString {
  /** The name it has in its dictionary: `Contents`, `Alt`; empty for text of an XML stream. */
  readonly entry: string;
  readonly words: string;
}

/**
 * Strings that lie in a document's objects, whether or not anything refers to them, and the words of its XML streams: forms (XFA),
 * properties of pictures. Encrypted documents give none.
 *
 * ISO 32000-2 sections 7.3 (objects) and 7.5.7 (object streams); streams are read where they are plain or deflated.
 */
export function looseStrings(bytes: Uint8Array, budget: Budget): readonly LooseString[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (file.includes('/Encrypt')) return [];
  const lines: LooseString[] = [];
  for (const { dictionary, stream } of objectsOf(file)) {
    if (lines.length >= MAX_LINES) break;
    lines.push(...stringsOf(dictionary));
    if (stream !== null) lines.push(...streamLines(stream, dictionary, budget));
  }
  return lines.slice(0, MAX_LINES);
}

export interface PdfObject {
  /** What stands before its stream, or all of it. */
  readonly dictionary: string;
  /** As it lies in the file. */
  readonly stream: Buffer | null;
}

/** The objects of a file one after the other, whatever refers to them; those inside object streams are not among them. */
export function* objectsOf(file: Buffer): Iterable<PdfObject> {
  for (let at = file.indexOf(' obj'); at >= 0; ) {
    const end = endOfObject(file, at + 4);
    const stream = end.stream === null ? null : file.subarray(end.stream.from, end.stream.to);
    yield { dictionary: file.toString('latin1', at + 4, end.body), stream };
    at = file.indexOf(' obj', end.next);
  }
}

/** What a stream says, where it is plain or deflated; null for every other filter. */
export function streamContent(stream: Buffer, dictionary: string): Buffer | null {
  if (/\/(?:FlateDecode|Fl)\b/.test(dictionary)) return inflateSome(stream);
  return /\/Filter/.test(dictionary) ? null : stream;
}

interface ObjectEnd {
  readonly body: number;
  /** Its stream's bytes; null where it has none. */
  readonly stream: { readonly from: number; readonly to: number } | null;
  readonly next: number;
}

/** A dictionary is short: one whose end is this far is damaged, and the next object is looked for behind it. */
const MAX_DICTIONARY = 1 << 20;

function endOfObject(file: Buffer, start: number): ObjectEnd {
  const window = file.subarray(start, start + MAX_DICTIONARY);
  const end = window.indexOf('endobj');
  const stream = streamStart(window, end);
  if (stream >= 0) {
    const after = file[start + stream + 6] === 13 ? 8 : 7;
    const close = file.indexOf('endstream', start + stream + 6);
    const last = close < 0 ? file.length : close;
    return { body: start + stream, stream: { from: start + stream + after, to: last }, next: last + 9 };
  }
  const body = end < 0 ? Math.min(file.length, start + MAX_DICTIONARY) : start + end;
  return { body, stream: null, next: end < 0 ? start + 1 : body + 6 };
}

/** Where the keyword stands before `end`, and no string that says it: after a dictionary, at a line's end. */
function streamStart(window: Buffer, end: number): number {
  for (let at = window.indexOf('stream'); at >= 0 && (end < 0 || at < end); at = window.indexOf('stream', at + 6)) {
    const after = window[at + 6];
    if ((after === 10 || after === 13) && />>\s*$/.test(window.toString('latin1', Math.max(0, at - 8), at))) return at;
  }
  return -1;
}

function* streamLines(raw: Buffer, dictionary: string, budget: Budget): Iterable<LooseString> {
  if (/\/Subtype\s*\/Image|\/FontFile|\/Length1|\/Type1C|\/CIDFontType0C|\/OpenType/.test(dictionary)) return;
  const deflated = /\/(?:FlateDecode|Fl)\b/.test(dictionary);
  if (!deflated && /\/Filter/.test(dictionary)) return;
  const holdsObjects = /\/ObjStm/.test(dictionary);
  if (!holdsObjects && !startsAsXml(deflated ? inflateSome(raw.subarray(0, PEEK)) : raw.subarray(0, PEEK))) return;
  const content = deflated ? inflateSome(raw) : raw;
  budget.takeBytes(content.length);
  budget.checkRatio(raw.length, content.length);
  if (holdsObjects) yield* stringsOf(content.toString('latin1'));
  else yield* xmlLines(content).map((words) => ({ entry: '', words }));
}

/** What can be inflated of a stream that may be cut or damaged; nothing where nothing can. */
function inflateSome(bytes: Buffer): Buffer {
  try {
    return inflateSync(bytes, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 1 << 26 });
  } catch {
    return Buffer.alloc(0);
  }
}

function startsAsXml(head: Buffer): boolean {
  return /^\s*(?:\xef\xbb\xbf)?\s*<[?!\w]/.test(head.toString('latin1', 0, 64));
}

function xmlLines(content: Buffer): readonly string[] {
  const text = new XmlText('words');
  const reader = new XmlReader(text);
  try {
    reader.write(decodeText(content));
    reader.end();
  } catch {
    // Packets of a form are cut between streams, so that each alone need not be whole.
  }
  return text
    .result()
    .split('\n')
    .filter((line) => isWords(line) && !IDENTIFIER.test(line));
}

/** The strings of objects as text. */
function stringsOf(objects: string): readonly LooseString[] {
  if (!objects.includes('(') && !/<[\da-f]/i.test(objects)) return [];
  const lines: LooseString[] = [];
  let key = '';
  const token = /\/([^\s/<>()[\]{}%]*)|\(|<([\da-fA-F\s]+)>/g;
  for (let match = token.exec(objects); match !== null; match = token.exec(objects)) {
    if (match[1] !== undefined) {
      key = match[1];
      continue;
    }
    let value: Buffer;
    if (match[2] === undefined) {
      const literal = readLiteral(objects, token.lastIndex);
      token.lastIndex = literal.end;
      value = literal.value;
    } else value = Buffer.from(match[2].replace(/\s+/g, ''), 'hex');
    if (TECHNICAL.has(key)) continue;
    const text = textString(value).trim();
    if (isWords(text)) lines.push({ entry: key, words: text });
  }
  return lines;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** A literal string from after its bracket. Section 7.3.4.2. */
function readLiteral(source: string, start: number): { readonly value: Buffer; readonly end: number } {
  let out = '';
  let depth = 1;
  let at = start;
  for (; at < source.length; at += 1) {
    const letter = source[at] as string;
    if (letter === '\\') {
      const octal = /^[0-7]{1,3}/.exec(source.slice(at + 1, at + 4))?.[0];
      const next = source[at + 1] ?? '';
      if (octal !== undefined) out += String.fromCharCode(Number.parseInt(octal, 8) & 255);
      else if (next === '\r' && source[at + 2] === '\n') at += 1;
      else if (next !== '\n' && next !== '\r') out += ESCAPES[next] ?? next;
      at += octal?.length ?? 1;
      continue;
    }
    if (letter === '(') depth += 1;
    else if (letter === ')') {
      depth -= 1;
      if (depth === 0) break;
    }
    out += letter;
  }
  return { value: Buffer.from(out, 'latin1'), end: at + 1 };
}

/** A text string: UTF-16 or UTF-8 with their marks, else PDFDocEncoding, of which Windows-1252 has the letters. Section 7.9.2.2. */
function textString(value: Buffer): string {
  if (value[0] === 0xfe && value[1] === 0xff) {
    const even = Buffer.from(value.subarray(2, value.length - (value.length % 2)));
    return even.swap16().toString('utf16le');
  }
  if (value[0] === 0xff && value[1] === 0xfe) return value.toString('utf16le', 2);
  if (value[0] === 0xef && value[1] === 0xbb && value[2] === 0xbf) return value.toString('utf8', 3);
  return value.toString('latin1');
}

/** Somebody's words and figures, and no bytes: three letters or digits, hardly a control. */
function isWords(text: string): boolean {
  const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  return letters >= 3 && letters * 2 > text.length && !/[^\P{Cc}\s]/u.test(text);
}
