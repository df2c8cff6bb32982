import type { CompoundEntry } from './compound-file.ts';
import { Unreadable } from './unreadable.ts';

/** The stories of a document, in the order their text stands in it ([MS-DOC] 2.4.1). */
const STORIES = [
  'text',
  'footnotes',
  'headers',
  'macros',
  'comments',
  'endnotes',
  'text boxes',
  'header text boxes',
] as const;

export interface DocStory {
  readonly story: (typeof STORIES)[number];
  readonly text: string;
}

/** Windows-1252's letters between 0x80 and 0x9f, as Word 97 writes them in its 8-bit pieces. */
const decoder = new TextDecoder('windows-1252');

/**
 * The text of a Word 97 to 2003 document by its piece table, with Word 6 and 95 by their plain ranges.
 *
 * Throws `Unreadable`: `encrypted`; `corrupt` where the tables point outside the file. Deleted text under tracked changes stands in it.
 */
export function readDocText(storage: CompoundEntry): readonly DocStory[] {
  const stream = (name: string): Buffer => {
    const entry = storage.children.find((one) => one.name === name && one.kind === 'stream');
    return entry === undefined ? Buffer.alloc(0) : Buffer.from(entry.read());
  };
  const main = stream('WordDocument');
  if (main.length < 0x80) throw new Unreadable('corrupt', 'the document has no text stream');
  const flags = main.readUInt16LE(0x0a);
  if ((flags & 0x0100) !== 0) throw new Unreadable('encrypted', 'the document needs a password');
  const version = main.readUInt16LE(2);
  try {
    if (version < 0x00c0) return [{ story: 'text', text: plain(readOldText(main, flags)) }];
    const table = stream((flags & 0x0200) !== 0 ? '1Table' : '0Table');
    const whole = readPieces(
      main,
      table.subarray(main.readUInt32LE(0x1a2), main.readUInt32LE(0x1a2) + main.readUInt32LE(0x1a6)),
    );
    return splitStories(whole, main);
  } catch (error) {
    if (error instanceof RangeError)
      throw new Unreadable('corrupt', 'the tables of the document are damaged', { cause: error });
    throw error;
  }
}

/** Word 6 and 95: text in one range, or in pieces where the file was saved quickly. */
function readOldText(main: Buffer, flags: number): string {
  const start = main.readUInt32LE(0x18);
  const end = main.readUInt32LE(0x1c);
  if ((flags & 0x0004) === 0) return decoder.decode(main.subarray(start, end));
  const at = main.readUInt32LE(0x160);
  return readPieces(main, main.subarray(at, at + main.readUInt32LE(0x164)), true);
}

function readPieces(main: Buffer, clx: Buffer, isOld = false): string {
  let at = 0;
  while (at < clx.length && clx[at] === 1) at += 3 + clx.readUInt16LE(at + 1);
  if (clx[at] !== 2) throw new Unreadable('corrupt', 'the document has no piece table');
  const size = clx.readUInt32LE(at + 1);
  const pieces = clx.subarray(at + 5, at + 5 + size);
  const count = Math.floor((pieces.length - 4) / 12);
  let text = '';
  for (let each = 0; each < count; each++) {
    const length = pieces.readUInt32LE(4 * each + 4) - pieces.readUInt32LE(4 * each);
    const place = pieces.readUInt32LE(4 * (count + 1) + 8 * each + 2);
    const isNarrow = isOld || (place & 0x40000000) !== 0;
    const start = isOld ? place : isNarrow ? (place & 0x3fffffff) / 2 : place;
    if (length < 0 || start + length > main.length)
      throw new Unreadable('corrupt', 'a piece of the document lies outside it');
    text += isNarrow
      ? decoder.decode(main.subarray(start, start + length))
      : main.toString('utf16le', start, start + 2 * length);
  }
  return text;
}

function splitStories(whole: string, main: Buffer): DocStory[] {
  const found: DocStory[] = [];
  let at = 0;
  for (const [index, story] of STORIES.entries()) {
    const length = main.readUInt32LE(0x4c + 4 * index);
    const text = plain(whole.slice(at, at + length));
    at += length;
    if (text.trim() !== '') found.push({ story, text });
  }
  const rest = plain(whole.slice(at));
  if (rest.trim() !== '') found.push({ story: 'text', text: rest });
  return found;
}

/** Word's marks ([MS-DOC] 2.4.1): the patterns are built, since one must not hide control characters. */
const char = (code: number): string => String.fromCharCode(code);
const CELL_END = char(7);
const ROW_END = CELL_END + CELL_END;
const LINE_ENDS = new RegExp(`[\r\v\f${char(14)}]`, 'g');
const FIELD_CODE = new RegExp(`${char(19)}([^${char(19)}-${char(21)}]*)${char(20)}`, 'g');
const MARKS = new RegExp(`[${char(0)}-${char(8)}${char(15)}-${char(29)}]`, 'g');

/** Text without the marks: cells by tabs, paragraphs by lines; a field shows its result, a link its address too. */
function plain(text: string): string {
  return text
    .replaceAll(`\r${ROW_END}`, '\n')
    .replaceAll(ROW_END, '\n')
    .replaceAll(CELL_END, '\t')
    .replace(LINE_ENDS, '\n')
    .replace(FIELD_CODE, (_, code: string) => (/HYPERLINK|INCLUDE|LINK/.test(code) ? `${code.trim()} ` : ''))
    .replace(MARKS, '')
    .replaceAll('\x1e', '\u2011')
    .replaceAll('\x1f', '');
}
