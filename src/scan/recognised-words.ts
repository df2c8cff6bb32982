/** A line as the reader found it, with how sure it is of each word, 0 to 100. */
export interface RecognisedLine {
  readonly words: readonly { readonly text: string; readonly confidence: number }[];
}

export interface Recognised {
  readonly text: string;
  readonly lines: readonly RecognisedLine[];
  /** Mean over the words, 0 to 100. */
  readonly confidence: number;
}

/** A word read in another size or turn has to be this sure to be taken; the rest of its line less so. */
const SURE = 70;
const LIKELY = 50;

/** Reads the reader's table of words: level, page, block, paragraph, line, word, box, confidence, text. */
export function readWordTable(table: string, text: string): Recognised {
  const lines = new Map<string, { text: string; confidence: number }[]>();
  let sum = 0;
  let count = 0;
  for (const row of table.split('\n')) {
    const cells = row.split('\t');
    const word = (cells[11] ?? '').trim();
    if (cells[0] !== '5' || word === '') continue;
    const confidence = Number(cells[10]);
    const line = cells.slice(1, 5).join();
    const words = lines.get(line) ?? [];
    words.push({ text: word, confidence });
    lines.set(line, words);
    sum += confidence;
    count += 1;
  }
  const found = [...lines.values()].map((words) => ({ words }));
  return { text: text.trim(), lines: found, confidence: count === 0 ? 0 : sum / count };
}

/**
 * The text of several readings of one picture: the first as it is, and from the others the lines with a word that no reading
 * before had.
 */
export function joinReadings(readings: readonly Recognised[]): string {
  const [first, ...others] = readings;
  if (first === undefined) return '';
  const seen = new Set(first.lines.flatMap(({ words }) => words.map(({ text }) => keyOf(text))));
  const added: string[] = [];
  for (const { lines } of others)
    for (const { words } of lines) {
      const fresh = words.filter(
        ({ text, confidence }) => confidence >= SURE && isTelling(text) && !seen.has(keyOf(text)),
      );
      if (fresh.length === 0) continue;
      added.push(
        words
          .filter(({ confidence }) => confidence >= LIKELY)
          .map(({ text }) => text)
          .join(' '),
      );
      for (const { text } of words) seen.add(keyOf(text));
    }
  return [first.text, ...added].filter((line) => line !== '').join('\n');
}

/** Words of the readings that are sure, for telling which way up a picture is. */
export function sureWords({ lines }: Recognised): number {
  return lines.flatMap(({ words }) => words).filter(({ text, confidence }) => confidence >= SURE && isTelling(text))
    .length;
}

function isTelling(word: string): boolean {
  return /\d/.test(word) || (word.match(/\p{L}/gu)?.length ?? 0) >= 3;
}

function keyOf(word: string): string {
  return word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}%]+$/gu, '');
}
