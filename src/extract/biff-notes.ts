import { memorySource } from '../core/byte-source.ts';
import { cachedRow, laterHeaders, linkedName, linkedNames, prompts } from './biff-strings.ts';
import type { Budget } from './budget.ts';
import { readCompoundFile } from './compound-file.ts';
import { decodeText } from './decode-text.ts';
import { readDrawingWords } from './drawing-words.ts';
import type { Piece } from './extractor.ts';
import { charsetOfCodePage } from './mapi-property.ts';
import { readBlips } from './office-blips.ts';
import { plainHeader } from './plain-header.ts';
import { printableStrings } from './printable-strings.ts';
import { Unreadable } from './unreadable.ts';

const CONTINUE = 0x3c;
const DRAWING_GROUP = 0xeb;
const DRAWING = 0xec;
const LATER_HEADERS = 0x89c;
const WRITER = 0x5c;
const BOOK_LINK = 0x1ae;
const LINKED_NAME = 0x23;
const BOOK_CACHE = 0x5a;
const VALIDATION = 0x1be;
const CODE_PAGE = 0x42;
const OBJECT = 0x5d;
/** Bytes of an object before its own data. */
const OBJECT_HEAD = 34;
const HEADER = 0x14;
const FOOTER = 0x15;
const TEXT_OBJECT = 0x1b6;
const FILE_PASS = 0x2f;
const NOTE = 0x1c;
const BOF = 0x809;
const LABEL_SERIES = 0x100d;
const BIFF8 = 0x600;
const MAX_NOTES = 100_000;

interface Notes {
  readonly headers: string[];
  readonly boxes: string[];
  /** Who saved it, prompts of cells, linked workbooks and what was last read from them. */
  readonly others: string[];
  /** The drawings of the sheets, each with its property tables. */
  readonly shapes: Buffer[];
  /** The drawing group, which holds the pictures, without the headers of the records it is cut into. */
  readonly drawings: Buffer[];
}

/** What SheetJS leaves out of an `.xls`: text boxes and comments' text, headers and footers, chart titles. Source: [MS-XLS]. */
export function* readBiffNotes(bytes: Buffer, budget: Budget): Generator<Piece> {
  const notes = collect(workbookStream(bytes));
  for (const [at, picture] of readBlips(Buffer.concat(notes.drawings), budget).entries())
    yield { kind: 'part', step: `picture ${at + 1}`, name: null, declaredType: null, source: memorySource(picture) };
  if (notes.headers.length > 0)
    yield { kind: 'text', step: 'headers and footers', role: 'document', text: notes.headers.join('\n') };
  const words = readDrawingWords(Buffer.concat(notes.shapes));
  if (words.length > 0) yield { kind: 'text', step: 'drawings', role: 'document', text: words.join('\n') };
  const others = [...new Set(notes.others)].filter((text) => text.trim() !== '');
  if (others.length > 0) yield { kind: 'text', step: 'links and prompts', role: 'metadata', text: others.join('\n') };
  if (notes.boxes.length > 0)
    yield { kind: 'text', step: 'text boxes', role: 'document', text: [...new Set(notes.boxes)].join('\n') };
}

/** The record stream: in a compound file, or before Excel 5 the file itself. */
function workbookStream(bytes: Buffer): Buffer {
  if (bytes.readUInt32BE(0) !== 0xd0cf11e0) return bytes;
  try {
    const root = readCompoundFile(bytes);
    const stream = root.children.find((entry) => /^(workbook|book)$/i.test(entry.name) && entry.kind === 'stream');
    return stream === undefined ? Buffer.alloc(0) : Buffer.from(stream.read());
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return Buffer.alloc(0);
    throw error;
  }
}

function collect(stream: Buffer): Notes {
  const headers: string[] = [];
  const boxes: string[] = [];
  const drawings: Buffer[] = [];
  const others: string[] = [];
  const shapes: Buffer[] = [];
  const notes: Notes = { headers, boxes, others, shapes, drawings };
  let inDrawings = false;
  let isWide = true;
  let charset = 'windows-1252';
  const narrow = (raw: Buffer): string => decodeText(raw, charset);
  for (let at = 0; at + 4 <= stream.length && boxes.length < MAX_NOTES; ) {
    const type = stream.readUInt16LE(at);
    const length = stream.readUInt16LE(at + 2);
    const body = stream.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    // A record too long for its format goes on in the next ones.
    inDrawings = type === DRAWING_GROUP || (inDrawings && type === CONTINUE);
    if (inDrawings) drawings.push(body);
    switch (type) {
      case FILE_PASS:
        // Encrypted from here on.
        return notes;
      case BOF:
        if (body.length >= 2) isWide = body.readUInt16LE(0) >= BIFF8;
        break;
      case 0x009:
      case 0x209:
      case 0x409:
        isWide = false;
        break;
      case CODE_PAGE:
        if (body.length >= 2) charset = charsetOfCodePage(body.readUInt16LE(0)) ?? charset;
        break;
      case OBJECT:
        // Before Excel 97 the text of a box stands in its object.
        if (!isWide && body.length > OBJECT_HEAD)
          boxes.push(...printableStrings(body.subarray(OBJECT_HEAD)).split('\n'));
        break;
      case HEADER:
      case FOOTER: {
        const text = isWide ? wideString(body, 2) : narrow(narrowString(body));
        if (text.trim() !== '') headers.push(plainHeader(text));
        break;
      }
      case LATER_HEADERS:
        headers.push(...laterHeaders(body));
        break;
      case DRAWING:
        shapes.push(body);
        break;
      case WRITER:
        others.push((isWide ? wideString(body, 2) : narrow(narrowString(body))).trim());
        break;
      case BOOK_LINK:
        if (isWide) others.push(...linkedNames(body));
        break;
      case LINKED_NAME:
        if (isWide) others.push(linkedName(body));
        break;
      case BOOK_CACHE:
        if (isWide) others.push(cachedRow(body));
        break;
      case VALIDATION:
        if (isWide) others.push(...prompts(body));
        break;
      case TEXT_OBJECT:
        if (body.length >= 12 && body.readUInt16LE(10) > 0) {
          const text = continuedText(stream, at, body.readUInt16LE(10));
          if (text.trim() !== '') boxes.push(text);
        }
        break;
      case NOTE:
        if (!isWide && body.length > 6) boxes.push(narrow(body.subarray(6)));
        break;
      case LABEL_SERIES: {
        const text = isWide ? shortWideString(body, 2) : narrow(body.subarray(3, 3 + (body[2] ?? 0)));
        if (text.trim() !== '') boxes.push(text);
        break;
      }
    }
  }
  return notes;
}

/** The text of an object stands in the records after it; each begins with a byte that says how wide its characters are. */
function continuedText(stream: Buffer, from: number, count: number): string {
  let text = '';
  for (let at = from; at + 4 <= stream.length && text.length < count; ) {
    if (stream.readUInt16LE(at) !== CONTINUE) break;
    const length = stream.readUInt16LE(at + 2);
    const body = stream.subarray(at + 4, at + 4 + length);
    text += (body[0] ?? 0) & 1 ? body.toString('utf16le', 1) : body.toString('latin1', 1);
    at += 4 + length;
  }
  return text.slice(0, count);
}

function wideString(body: Buffer, lengthBytes: 1 | 2): string {
  if (body.length < lengthBytes + 1) return '';
  const count = lengthBytes === 1 ? (body[0] as number) : body.readUInt16LE(0);
  const start = lengthBytes + 1;
  return (body[lengthBytes] as number) & 1
    ? body.toString('utf16le', start, start + 2 * count)
    : body.toString('latin1', start, start + count);
}

function shortWideString(body: Buffer, at: number): string {
  return body.length > at + 2 ? wideString(body.subarray(at), 1) : '';
}

function narrowString(body: Buffer): Buffer {
  return body.length < 1 ? body : body.subarray(1, 1 + (body[0] as number));
}
