import { countOutsideQuotes, type Delimiter, firstLines, sniffDelimiter } from './sniff-delimiter.ts';

/** Lines that may stand before a table, and after it: titles, units, sources, notes. */
const MOST_AROUND = 10;
const DELIMITERS: readonly Delimiter[] = ['\t', '|', ';', ','];

interface Block {
  readonly delimiter: Delimiter;
  readonly start: number;
  readonly end: number;
}

/** The delimiter of a table in text by its first lines, a comma for a single column; null where it is none. */
export function sniffTable(text: string): Delimiter | null {
  const sniffed = sniffDelimiter(text);
  if (sniffed !== null) return sniffed;
  const lines = firstLines(text, 40);
  return sniffTitled(lines) ?? sniffRagged(lines) ?? (isOneColumn(lines) ? ',' : null);
}

/**
 * The delimiter of a small table with titles above it or notes below; null for prose, however many commas it has.
 *
 * Its rows are lines of equally many short cells, with a figure or a code in one of them; no space follows the delimiter, and no
 * line ends as a sentence does. Lines around it are few and short.
 */
function sniffTitled(lines: readonly string[]): Delimiter | null {
  let best: Block | null = null;
  for (const delimiter of DELIMITERS) {
    const block = longestBlock(lines, delimiter);
    if (block === null || (best !== null && block.end - block.start <= best.end - best.start)) continue;
    if (isTable(lines.slice(block.start, block.end), delimiter)) best = block;
  }
  if (best === null) return null;
  const around = [...lines.slice(0, best.start), ...lines.slice(best.end)];
  const isShort = around.every((line) => line.length <= 200 && line.split(/\s+/).length <= 25);
  return best.start <= MOST_AROUND && lines.length - best.end <= MOST_AROUND && isShort ? best.delimiter : null;
}

/** The delimiter of rows of unlike lengths: in every line, between short cells of which many have a figure. */
function sniffRagged(lines: readonly string[]): Delimiter | null {
  const found = DELIMITERS.find((delimiter) => {
    if (!lines.every((line) => line.includes(delimiter)) || lines.length < 4) return false;
    const cells = lines.flatMap((line) => line.split(delimiter));
    const figures = cells.filter((cell) => /\d/.test(cell)).length;
    return figures * 3 > cells.length && isTable(lines, delimiter);
  });
  return found ?? null;
}

/** The longest run of lines with the same number of delimiters. */
function longestBlock(lines: readonly string[], delimiter: Delimiter): Block | null {
  const counts = lines.map((line) => countOutsideQuotes(line, delimiter));
  let best: Block | null = null;
  let start = 0;
  for (let at = 1; at <= counts.length; at += 1) {
    if (counts[at] === counts[start]) continue;
    const isLonger = at - start > (best === null ? 1 : best.end - best.start);
    if ((counts[start] as number) > 0 && isLonger) best = { delimiter, start, end: at };
    start = at;
  }
  return best;
}

function isTable(rows: readonly string[], delimiter: Delimiter): boolean {
  const cells = rows.map((row) => row.split(delimiter));
  const all = cells.flat();
  const spaced = cells.flatMap((row) => row.slice(1)).filter((cell) => /^ \S/.test(cell)).length;
  const isProse =
    all.some((cell) => cell.trim().split(/\s+/).length > 8) || rows.some((row) => /[\p{L})][.!?,;:]\s*$/u.test(row));
  if (isProse || (delimiter !== '|' && spaced * 3 > all.length - rows.length)) return false;
  // A header names its columns, and below it is a figure, a date or a code.
  const [header = [], ...data] = cells;
  const names = header.filter((cell) => /\p{L}/u.test(cell)).length;
  const figures = data.filter((row) => row.some((cell) => /\d/.test(cell))).length;
  return figures * 2 > data.length && (data.length > 1 || names === header.length);
}

/** Shapes of a value that stands alone on its line: a file of one column. */
const VALUES: readonly RegExp[] = [
  /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i,
  /^[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]?$/i,
  /^\d{3}[ -]?\d{3}[ -]?\d{4}$/,
  /^\d{6,16}$/,
  /^\S+@\S+\.[A-Za-z]{2,}$/,
  /^[A-Z]\d{8}$/,
  /^(?:\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}\/\d{4})$/,
];
const CODE = /^(?=.*\d)[A-Z0-9][A-Z0-9/_-]{4,19}$/i;
const FEWEST_VALUES = 4;

/** Whether the lines are one column: postcodes, National Insurance numbers, references, under a header or none. */
function isOneColumn(lines: readonly string[]): boolean {
  const values = lines.map((line) => line.trim().replace(/^"(.*)"$/, '$1'));
  const isOf = (shape: RegExp): boolean => {
    const first = values.findIndex((value) => shape.test(value));
    const rest = values.slice(first);
    return (
      first >= 0 &&
      first <= 2 &&
      rest.length >= FEWEST_VALUES &&
      rest.filter((one) => shape.test(one)).length >= rest.length * 0.9
    );
  };
  if (VALUES.some(isOf)) return true;
  const lengths = new Set(values.slice(2).map((value) => value.length));
  return isOf(CODE) && lengths.size === 1;
}
