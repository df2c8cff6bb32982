/** Places of the lists and of their uses among the pairs of the head ([MS-DOC] 2.5.6). */
export const LISTS = 0x9a + 8 * 73;
export const LIST_USES = 0x9a + 8 * 74;
const LEVELS = 9;
const LIST_SIZE = 28;
const LEVEL_SIZE = 28;
const USE_SIZE = 16;
const MAX_LISTS = 10_000;

interface Level {
  readonly start: number;
  readonly format: number;
  /** Characters below 9 stand for the number of that level. */
  readonly text: string;
}

/** The numbered lists of a document: by the number of their use, what stands before each paragraph. */
export class DocNumbering {
  private readonly lists = new Map<number, readonly Level[]>();
  private readonly uses: readonly ListUse[];
  /** Uses that have begun: one may begin its levels anew. */
  private readonly begun = new Set<number>();
  /** By list, the number of each level; undefined where it has not begun. */
  private readonly counts = new Map<number, (number | undefined)[]>();

  constructor(table: Buffer, listsAt: number, listsLength: number, uses: Buffer) {
    this.uses = readUses(uses);
    if (listsLength >= 2) this.readLists(table, listsAt, listsLength);
  }

  /** The number of the next paragraph of this use and level, as shown; '' for bullets and what is no list. */
  next(use: number, level: number): string {
    const { list: id, starts } = this.uses[use - 1] ?? { list: undefined, starts: [] };
    const levels = id === undefined ? undefined : this.lists.get(id);
    const shape = levels?.[level];
    if (id === undefined || levels === undefined || shape === undefined) return '';
    const counts = this.counts.get(id) ?? [];
    this.counts.set(id, counts);
    if (!this.begun.has(use)) for (const anew of starts) counts[anew.level] = anew.at - 1;
    this.begun.add(use);
    counts[level] = counts[level] === undefined ? shape.start : counts[level] + 1;
    counts.length = level + 1;
    return [...shape.text]
      .map((letter) => {
        const of = letter.charCodeAt(0);
        if (of >= LEVELS) return letter;
        return showNumber(counts[of] ?? levels[of]?.start ?? 1, levels[of]?.format ?? 0);
      })
      .join('');
  }

  private readLists(table: Buffer, start: number, length: number): void {
    const count = Math.min(MAX_LISTS, table.readUInt16LE(start));
    // The levels of all lists follow the table that announces them.
    let at = start + length;
    for (let each = 0; each < count; each += 1) {
      const list = start + 2 + each * LIST_SIZE;
      if (list + LIST_SIZE > table.length) return;
      const levels: Level[] = [];
      const isSimple = ((table[list + 26] as number) & 1) !== 0;
      for (let level = 0; level < (isSimple ? 1 : LEVELS); level += 1) {
        if (at + LEVEL_SIZE + 2 > table.length) return;
        const textAt = at + LEVEL_SIZE + (table[at + 24] as number) + (table[at + 25] as number);
        const end = levelEnd(table, at);
        levels.push({
          start: table.readInt32LE(at),
          format: table[at + 4] as number,
          text: table.toString('utf16le', textAt + 2, end),
        });
        at = end;
      }
      this.lists.set(table.readInt32LE(list), levels);
    }
  }
}

interface ListUse {
  readonly list: number;
  /** Levels that begin anew with this use. */
  readonly starts: readonly { readonly level: number; readonly at: number }[];
}

/** The uses of lists, and behind them what each changes of its list ([MS-DOC] 2.9.130 to 2.9.133). */
function readUses(uses: Buffer): ListUse[] {
  if (uses.length < 4) return [];
  const count = Math.min(MAX_LISTS, uses.readUInt32LE(0), Math.floor((uses.length - 4) / USE_SIZE));
  let at = 4 + count * USE_SIZE;
  return Array.from({ length: count }, (_, each) => {
    const use = 4 + each * USE_SIZE;
    const starts: { level: number; at: number }[] = [];
    at += 4;
    for (let left = uses[use + 12] as number; left > 0 && at + 8 <= uses.length; left -= 1) {
      const flags = uses.readUInt32LE(at + 4);
      if ((flags & 0x10) !== 0) starts.push({ level: flags & 0xf, at: uses.readInt32LE(at) });
      at += 8;
      if ((flags & 0x20) !== 0) at = levelEnd(uses, at);
    }
    return { list: uses.readInt32LE(use), starts };
  });
}

/** The offset after a level: its head, two lists of properties, its text. Past the end where it is cut off. */
function levelEnd(bytes: Buffer, at: number): number {
  if (at + LEVEL_SIZE > bytes.length) return bytes.length;
  const textAt = at + LEVEL_SIZE + (bytes[at + 24] as number) + (bytes[at + 25] as number);
  return textAt + 2 > bytes.length ? bytes.length : textAt + 2 + 2 * bytes.readUInt16LE(textAt);
}

/** A number in its format ([MS-OSHARED] 2.2.1.3); bullets and pictures show none. */
function showNumber(value: number, format: number): string {
  switch (format) {
    case 0:
      return String(value);
    case 1:
      return roman(value).toUpperCase();
    case 2:
      return roman(value);
    case 3:
      return letters(value).toUpperCase();
    case 4:
      return letters(value);
    case 5:
      return `${value}${ordinalEnd(value)}`;
    case 22:
      return String(value).padStart(2, '0');
    case 23:
    case 255:
      return '';
    default:
      return String(value);
  }
}

function letters(value: number): string {
  // After z come aa, bb, cc.
  if (value < 1 || value > 780) return String(value);
  return String.fromCharCode(97 + ((value - 1) % 26)).repeat(Math.floor((value - 1) / 26) + 1);
}

function ordinalEnd(value: number): string {
  if (value % 100 >= 11 && value % 100 <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][value % 10] ?? 'th';
}

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

function roman(value: number): string {
  if (value < 1 || value > 5000) return String(value);
  let left = value;
  let shown = '';
  for (const [size, letter] of ROMAN) for (; left >= size; left -= size) shown += letter;
  return shown;
}
