/** Fewer lines of one shape are a list or an address, no table. */
const MIN_ROWS = 5;
/** Delimiters, and how many a line has at least: commas and semicolons are in every sentence. */
const DELIMITERS: readonly (readonly [string, number])[] = [
  ['\t', 2],
  ['|', 2],
  [',', 3],
  [';', 3],
];

/** Tables that somebody pasted into running text: at least five lines after one another with the same number of one delimiter. */
export function pastedTables(text: string): readonly (readonly (readonly string[])[])[] {
  const tables: string[][][] = [];
  for (const [delimiter, least] of DELIMITERS) {
    if (!text.includes(delimiter)) continue;
    let block: string[][] = [];
    let width = 0;
    const close = (): void => {
      if (block.length >= MIN_ROWS) tables.push(block);
      block = [];
    };
    for (const line of text.split(/\r\n|\n|\r/)) {
      const cells = cellsOf(line, delimiter);
      if (cells.length <= least) {
        // A blank line between rows is how some clients paste.
        if (line.trim() !== '') close();
        continue;
      }
      if (cells.length !== width) close();
      width = cells.length;
      // The rule under the head of a Markdown table.
      if (!cells.every((cell) => /^:?-+:?$/.test(cell))) block.push(cells);
    }
    close();
  }
  return tables;
}

function cellsOf(line: string, delimiter: string): string[] {
  const bare = delimiter === '|' ? line.trim().replace(/^\||\|$/g, '') : line;
  return bare.split(delimiter).map((cell) => cell.trim());
}
