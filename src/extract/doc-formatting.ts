const PAGE = 512;
/** Places of the tables of formatted pages among the pairs of the head: characters, paragraphs ([MS-DOC] 2.5.6). */
export const CHARACTER_PAGES = 0x9a + 8 * 12;
export const PARAGRAPH_PAGES = 0x9a + 8 * 13;
const DELETED = 0x0800;
const ROW_END = 0x2417;
const INNER_ROW_END = 0x244c;
const LIST_USE = 0x460b;
const LIST_LEVEL = 0x260a;
const MAX_PAGES = 100_000;

/** A range of bytes of the document's stream, the end not in it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A paragraph of a list: its bytes, the number of the list's use, its level from 0. */
export interface ListParagraph extends ByteRange {
  readonly use: number;
  readonly level: number;
}

export interface ParagraphMarks {
  /** Paragraphs that end a row of a table. */
  readonly rowEnds: readonly ByteRange[];
  readonly listed: readonly ListParagraph[];
}

/** Ranges whose text was deleted under tracked changes, in order; empty where the pages cannot be read. */
export function deletedRanges(main: Buffer, pages: Buffer): readonly ByteRange[] {
  const found: ByteRange[] = [];
  readPages(main, pages, 1, (page, at, range) => {
    const list = page.subarray(at + 1, at + 1 + (page[at] ?? 0));
    if (findOperand(list, DELETED) === 1) found.push(range);
  });
  return found.sort(byStart);
}

/** What the properties of paragraphs say of rows and lists. */
export function paragraphMarks(main: Buffer, pages: Buffer): ParagraphMarks {
  const rowEnds: ByteRange[] = [];
  const listed: ListParagraph[] = [];
  readPages(main, pages, 13, (page, at, range) => {
    const short = page[at] ?? 0;
    const start = short === 0 ? at + 2 : at + 1;
    const length = short === 0 ? 2 * (page[at + 1] ?? 0) : 2 * short - 1;
    // The style's number comes first.
    const list = page.subarray(start + 2, start + length);
    if (findOperand(list, ROW_END) === 1 || findOperand(list, INNER_ROW_END) === 1) rowEnds.push(range);
    const use = findOperand(list, LIST_USE) ?? 0;
    if (use > 0) listed.push({ ...range, use, level: findOperand(list, LIST_LEVEL) ?? 0 });
  });
  return { rowEnds: rowEnds.sort(byStart), listed: listed.sort(byStart) };
}

function byStart(a: ByteRange, b: ByteRange): number {
  return a.start - b.start;
}

/** Shows the runs of the formatted pages, with where their properties stand in the page ([MS-DOC] 2.9.33, 2.9.175). */
function readPages(
  main: Buffer,
  pages: Buffer,
  entrySize: number,
  look: (page: Buffer, at: number, range: ByteRange) => void,
): void {
  const count = Math.min(MAX_PAGES, Math.floor((pages.length - 4) / 8));
  for (let each = 0; each < count; each += 1) {
    const number = pages.readUInt32LE(4 * (count + 1) + 4 * each) & 0x3fffff;
    const page = main.subarray(number * PAGE, (number + 1) * PAGE);
    if (page.length < PAGE) continue;
    const runs = page[PAGE - 1] as number;
    if ((runs + 1) * 4 + runs * entrySize >= PAGE) continue;
    for (let run = 0; run < runs; run += 1) {
      const at = 2 * (page[(runs + 1) * 4 + run * entrySize] as number);
      if (at > 0) look(page, at, { start: page.readUInt32LE(run * 4), end: page.readUInt32LE(run * 4 + 4) });
    }
  }
}

/** The operand of one modifier in a list of them, of one byte or two; null where it is not set. */
function findOperand(list: Buffer, wanted: number): number | null {
  for (let at = 0; at + 3 <= list.length; ) {
    const code = list.readUInt16LE(at);
    if (code === wanted)
      return code >> 13 >= 2 && at + 4 <= list.length ? list.readUInt16LE(at + 2) : (list[at + 2] as number);
    at += 2 + operandSize(list, at);
  }
  return null;
}

function operandSize(list: Buffer, at: number): number {
  const code = list.readUInt16LE(at);
  switch (code >> 13) {
    case 0:
    case 1:
      return 1;
    case 3:
      return 4;
    case 6:
      // A table's definition counts in two bytes, and one too many.
      return code === 0xd608 && at + 4 <= list.length ? list.readUInt16LE(at + 2) + 1 : 1 + (list[at + 2] ?? 0);
    case 7:
      return 3;
    default:
      return 2;
  }
}
