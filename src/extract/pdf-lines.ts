/** A stretch of letters in the order of the content stream, placed on its page in the page's own units. */
export interface PdfRun {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Unit vector in which the letters follow each other. */
  readonly along: readonly [x: number, y: number];
  readonly width: number;
  /** Of a letter. */
  readonly height: number;
  /** A line ends after it, whatever follows. */
  readonly ends: boolean;
}

/** Whether the reader knows where a run is: after an operator whose numbers are missing it does not. */
export function isPlaced({ x, y, width }: PdfRun): boolean {
  return Number.isFinite(x + y + width);
}

/** A gap wider than this share of a letter's height is a space; the usual space is a quarter. */
const SPACE = 0.1;
/** A step back or away from the line by more than this share begins a new one; raised letters stay. */
const BREAK = 0.55;

/** Runs as lines of text: words that lie next to each other stay whole, those apart get a space or a line of their own. */
export function joinRuns(runs: readonly PdfRun[]): string {
  let text = '';
  let before: PdfRun | null = null;
  for (const run of runs) {
    if (before !== null) text += between(before, run, text);
    text += run.text;
    if (run.ends) text += '\n';
    if (run.text !== '' || run.ends) before = run.ends ? null : run;
  }
  return text.replace(/[ \t]+\n/g, '\n').trim();
}

function between(before: PdfRun, run: PdfRun, text: string): string {
  if (run.text === '' || /\s$/.test(text)) return '';
  const size = Math.max(before.height, run.height) || 1;
  const [alongX, alongY] = before.along;
  const [stepX, stepY] = [run.x - before.x, run.y - before.y];
  const ahead = stepX * alongX + stepY * alongY - before.width;
  const aside = Math.abs(stepY * alongX - stepX * alongY);
  const turned = alongX * run.along[0] + alongY * run.along[1] < 0.7;
  if (aside > size * BREAK || turned) return '\n';
  // Letters that go back over the line, as some programs embolden, are told from a new column by how far back they go.
  if (ahead < -before.width - size * BREAK) return '\n';
  return ahead > size * SPACE || ahead < -size * BREAK ? ' ' : '';
}

/** Runs on one line apart by more than this share of a letter's height are two texts: columns, cells. */
const APART = 1.2;
const FIGURE = /^[\s£$€(+\-\u2212]*\d[\d.,\s%)*\-\u2013]*$/u;

/** Their runs follow each other from the right, and the reader has put them in order. */
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}]/u;

/**
 * The lines as they lie on the page, where the content stream has them in pieces: cells of a row that were written column by
 * column, labels filled in later. A row with a figure of its own is given whole, tabs between its cells.
 */
export function rowLines(runs: readonly PdfRun[]): readonly string[] {
  const level = runs.filter((run) => run.text.trim() !== '' && run.along[0] > 0.99 && !RIGHT_TO_LEFT.test(run.text));
  const rows: PdfRun[][] = [];
  for (const run of level.toSorted((a, b) => b.y - a.y || a.x - b.x)) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row !== undefined && first !== undefined && first.y - run.y <= Math.min(first.height, run.height) * 0.3)
      row.push(run);
    else rows.push([run]);
  }
  return rows.flatMap((row) => {
    const cells: PdfRun[][] = [];
    for (const run of row.toSorted((a, b) => a.x - b.x)) {
      const before = cells.at(-1)?.at(-1);
      const gap = before === undefined ? Number.POSITIVE_INFINITY : run.x - before.x - before.width;
      if (gap > Math.max(run.height, before?.height ?? 0) * APART) cells.push([run]);
      else cells.at(-1)?.push(run);
    }
    const texts = cells.map((cell) => joinRuns(cell.map((run) => ({ ...run, ends: false }))));
    return texts.length > 1 && texts.some((text) => FIGURE.test(text)) ? [texts.join('\t')] : texts;
  });
}

/** Letters of fonts that give them codes of their own. Adobe Glyph List for New Fonts, corporate use; Microsoft's symbol page. */
export function knownLetters(text: string): string {
  return text.replace(/[\uf020-\uf07e\uf730-\uf739\uf761-\uf77a]/g, (letter) => {
    const code = letter.charCodeAt(0);
    // Old-style figures and small capitals keep the letter in their low byte; so do symbol fonts.
    return String.fromCharCode(code < 0xf100 ? code - 0xf000 : code - 0xf700);
  });
}

/** Lines whose last word goes on in the next, once more with those words whole: "unemploy-" and "ment". */
export function mendedLines(text: string): readonly string[] {
  const mended: string[] = [];
  const lines = text.split('\n');
  for (let at = 0; at + 1 < lines.length; at += 1) {
    const parts: string[] = [lines[at] as string];
    while (at + 1 < lines.length && /[\p{L}][-\u2010\u00ad]$/u.test(parts.at(-1) ?? '')) {
      const next = lines[at + 1] as string;
      if (!/^\p{L}/u.test(next)) break;
      parts.push(next);
      at += 1;
    }
    if (parts.length > 1) mended.push(parts.map((part) => part.replace(/[-\u2010\u00ad]$/u, '')).join(''));
  }
  return mended;
}

/** The lines that a text does not say already, each once; spaces do not count. */
export function unsaidLines(text: string, lines: readonly string[]): readonly string[] {
  const said = text.replace(/\s+/g, '');
  return [...new Set(lines)].filter((line) => !said.includes(line.replace(/\s+/g, '')));
}
