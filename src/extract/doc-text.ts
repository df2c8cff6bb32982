import {
  type ByteRange,
  CHARACTER_PAGES,
  deletedRanges,
  type ListParagraph,
  PARAGRAPH_PAGES,
  type ParagraphMarks,
  paragraphMarks,
} from './doc-formatting.ts';
import { DocNumbering, LIST_USES, LISTS } from './doc-numbering.ts';
import { wordStories } from './doc-old.ts';
import { DOC_STORIES, type DocStory, findPieces, type Insert, splitStories } from './doc-stories.ts';
import { Unreadable } from './unreadable.ts';
import { CELL_END, ROW_END_MARK } from './word-characters.ts';

export interface DocText {
  readonly stories: readonly DocStory[];
  /** What could not be read, where something could not. */
  readonly fault: Unreadable | null;
  /** Where the drawings lie in the tables, for who reads their words; null where there are none. */
  readonly drawings: Uint8Array | null;
}

/** Streams of the document; an absent one is empty. */
export type StreamReader = (name: string) => Buffer;

/** Lists of names in the tables: bookmarks, authors of comments, of changes, of saved versions; by the place of their pointer. */
const NAME_LISTS = [0x9a + 8 * 21, 0x9a + 8 * 51, 0x9a + 8 * 71];
const COMMENT_AUTHORS = 0x9a + 8 * 36;
/** Ranges times pieces. */
const MAX_COMPARED = 20_000_000;
const DRAWINGS = 0x9a + 8 * 50;
/** Bookmarks that Word makes for itself, and authors that are nobody. */
const OWN_NAMES = /^(_Toc|_Ref|_Hlt|_GoBack$|Unknown$|_PictureBullets$|OLE_LINK)/;

/** Windows-1252's letters between 0x80 and 0x9f, as Word 97 writes them in its 8-bit pieces. */
const decoder = new TextDecoder('windows-1252');

/**
 * The text of a Word document: 97 to 2003 by its piece table, Word 2 to 95 by theirs (`doc-old`).
 *
 * Throws `Unreadable`: `encrypted`; `corrupt` where nothing can be told apart. Text deleted under tracked changes is a story of its own.
 */
export function readDocText(stream: StreamReader): DocText {
  const main = stream('WordDocument');
  if (main.length < 0x80) throw new Unreadable('corrupt', 'the document has no text stream');
  const flags = main.readUInt16LE(0x0a);
  if ((flags & 0x0100) !== 0) throw new Unreadable('encrypted', 'the document needs a password');
  try {
    if (main.readUInt16LE(2) < 0x00c0) return { ...wordStories(main, flags), drawings: null };
    let table = stream((flags & 0x0200) !== 0 ? '1Table' : '0Table');
    if (table.length === 0) table = stream((flags & 0x0200) !== 0 ? '0Table' : '1Table');
    return readTables(main, table);
  } catch (error) {
    if (error instanceof RangeError)
      throw new Unreadable('corrupt', 'the tables of the document are damaged', { cause: error });
    throw error;
  }
}

function readTables(main: Buffer, table: Buffer): DocText {
  const marks: Marks = {
    deleted: deletedRanges(main, pointedAt(main, table, CHARACTER_PAGES)),
    ...paragraphMarks(main, pointedAt(main, table, PARAGRAPH_PAGES)),
  };
  const { text, deleted, listed, isDamaged } = readPieces(pointedAt(main, table, 0x1a2), main, marks);
  const numbers = numberParagraphs(listed, main, table);
  const lengths = DOC_STORIES.map((_, index) => main.readUInt32LE(0x4c + 4 * index));
  const stories: DocStory[] = [...splitStories(text, lengths, deleted, numbers)];
  const names = readNames(main, table);
  if (names.length > 0) stories.push({ story: 'people and bookmarks', text: names.join('\n') });
  const drawings = pointedAt(main, table, DRAWINGS);
  const fault = isDamaged ? new Unreadable('corrupt', 'a piece of the document lies outside it') : null;
  return { stories, fault, drawings: drawings.length > 0 ? drawings : null };
}

/** The numbers that paragraphs of lists show, with where they stand. */
function numberParagraphs(listed: readonly ListParagraph[], main: Buffer, table: Buffer): readonly Insert[] {
  if (listed.length === 0 || main.length < LIST_USES + 8) return [];
  const uses = pointedAt(main, table, LIST_USES);
  const numbering = new DocNumbering(table, main.readUInt32LE(LISTS), main.readUInt32LE(LISTS + 4), uses);
  return listed
    .map(({ start, use, level }) => ({ at: start, text: numbering.next(use, level) }))
    .filter(({ text }) => text !== '')
    .map(({ at, text }) => ({ at, text: `${text} ` }));
}

/** What a pair of offset and length in the head points at. */
function pointedAt(main: Buffer, table: Buffer, at: number): Buffer {
  if (at + 8 > main.length) return Buffer.alloc(0);
  const start = main.readUInt32LE(at);
  return table.subarray(start, start + main.readUInt32LE(at + 4));
}

/** What the formatting says of the bytes of the text. */
interface Marks extends ParagraphMarks {
  readonly deleted: readonly ByteRange[];
}

interface PieceText {
  readonly text: string;
  /** Where deleted text stands in it. */
  readonly deleted: readonly ByteRange[];
  /** Where paragraphs of lists begin in it. */
  readonly listed: readonly ListParagraph[];
  readonly isDamaged: boolean;
}

function readPieces(clx: Buffer, main: Buffer, marks: Marks): PieceText {
  const pieces = findPieces(clx);
  const count = Math.floor((pieces.length - 4) / 12);
  const deleted: ByteRange[] = [];
  const deletions = fewEnough(marks.deleted, count);
  const rowEnds = fewEnough(marks.rowEnds, count);
  const numbered = fewEnough(marks.listed, count);
  const listed: ListParagraph[] = [];
  let text = '';
  let isDamaged = false;
  for (let each = 0; each < count; each++) {
    const length = pieces.readUInt32LE(4 * each + 4) - pieces.readUInt32LE(4 * each);
    const place = pieces.readUInt32LE(4 * (count + 1) + 8 * each + 2);
    const isNarrow = (place & 0x40000000) !== 0;
    const start = isNarrow ? (place & 0x3fffffff) / 2 : place;
    const bytes = isNarrow ? length : 2 * length;
    if (length < 0 || start + length > main.length) {
      isDamaged = true;
      continue;
    }
    const raw = main.subarray(start, start + bytes);
    const piece = isNarrow ? decoder.decode(raw) : raw.toString('utf16le');
    const width = isNarrow ? 1 : 2;
    for (const cut of within(deletions, start, start + raw.length, width))
      deleted.push({ start: text.length + cut.start, end: text.length + cut.end });
    for (const paragraph of numbered)
      if (paragraph.start >= start && paragraph.start < start + raw.length)
        listed.push({ ...paragraph, start: text.length + Math.floor((paragraph.start - start) / width) });
    text += markRowEnds(piece, within(rowEnds, start, start + raw.length, width));
  }
  return { text, deleted, listed, isDamaged };
}

/** No honest document has so many of both; without its marks the text is shown all the same. */
function fewEnough<Range extends ByteRange>(ranges: readonly Range[], pieces: number): readonly Range[] {
  return ranges.length * pieces <= MAX_COMPARED ? ranges : [];
}

/** The parts of ranges that lie in a piece, counted in its letters. */
function within(ranges: readonly ByteRange[], start: number, end: number, width: number): readonly ByteRange[] {
  return ranges
    .filter((range) => range.start < end && range.end > start)
    .map((range) => ({
      start: Math.floor((Math.max(range.start, start) - start) / width),
      end: Math.floor((Math.min(range.end, end) - start) / width),
    }));
}

function markRowEnds(piece: string, ranges: readonly ByteRange[]): string {
  if (ranges.length === 0) return piece;
  let marked = '';
  let at = 0;
  for (const { start, end } of ranges) {
    if (start < at) continue;
    marked += piece.slice(at, start) + piece.slice(start, end).replaceAll(CELL_END, ROW_END_MARK);
    at = end;
  }
  return marked + piece.slice(at);
}

function readNames(main: Buffer, table: Buffer): string[] {
  const found = NAME_LISTS.flatMap((at) => readStrings(pointedAt(main, table, at)));
  const authors = pointedAt(main, table, COMMENT_AUTHORS);
  for (let at = 0; at + 2 <= authors.length; ) {
    const length = authors.readUInt16LE(at);
    found.push(authors.toString('utf16le', at + 2, at + 2 + 2 * length));
    at += 2 + 2 * length;
  }
  return [...new Set(found.map((name) => name.trim()))].filter((name) => name !== '' && !OWN_NAMES.test(name));
}

/** A table of strings, with its marks of width and extra data ([MS-DOC] 2.2.4). */
function readStrings(table: Buffer): string[] {
  if (table.length < 6) return [];
  const isWide = table.readUInt16LE(0) === 0xffff;
  const start = isWide ? 2 : 0;
  const count = table.readUInt16LE(start);
  const extra = table.readUInt16LE(start + 2);
  const found: string[] = [];
  for (let at = start + 4, each = 0; each < count && at + 2 <= table.length; each++) {
    const length = isWide ? table.readUInt16LE(at) : (table[at] as number);
    const from = at + (isWide ? 2 : 1);
    const end = from + (isWide ? 2 : 1) * length;
    found.push(table.toString(isWide ? 'utf16le' : 'latin1', from, end));
    at = end + extra;
  }
  return found;
}
