export type Delimiter = ',' | '\t' | ';' | '|' | '\x1f';

const CANDIDATES: readonly Delimiter[] = ['\t', ',', ';', '|', '\x1f'];

/**
 * The delimiter of a table in text by its first lines; null for prose.
 *
 * At least two lines must split into the same number of fields; commas in prose never agree over lines, and a line of prose
 * has long fields.
 */
export function sniffDelimiter(text: string): Delimiter | null {
  const told = /^sep=([,;|\t])\r?\n/i.exec(text);
  if (told !== null) return told[1] as Delimiter;
  const lines = firstLines(text, 30);
  if (lines.length < 2) return null;
  let best: Delimiter | null = null;
  let bestScore = 0;
  for (const delimiter of CANDIDATES) {
    const counts = lines.map((line) => countOutsideQuotes(line, delimiter));
    const common = mostCommon(counts.filter((count) => count > 0));
    if (common === 0) continue;
    const agreeing = counts.filter((count) => count === common).length;
    const near = counts.filter((count) => count > 0 && Math.abs(count - common) <= 1).length;
    const share = Math.max(agreeing, common >= 5 ? near : 0) / lines.length;
    if (agreeing < 2 || share < (common === 1 ? 0.9 : 0.6)) continue;
    if (delimiter !== '\t' && looksLikeProse(lines, delimiter, common)) continue;
    const score = share * Math.log2(common + 1) * (delimiter === '\t' ? 1.2 : 1);
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

function looksLikeProse(lines: readonly string[], delimiter: Delimiter, common: number): boolean {
  if (common >= 8) return false;
  const fields = lines.flatMap((line) => line.split(delimiter));
  // After a comma in prose comes a space; in a table it hardly ever does.
  const spaced = fields.filter((field) => /^ \S/.test(field)).length;
  const long = fields.filter((field) => field.split(' ').length > 8).length;
  if (delimiter === ',' && spaced > (fields.length - lines.length) * 0.7 && long * 4 > fields.length) return true;
  return common <= 2 && long * 2 > fields.length;
}

export function firstLines(text: string, count: number): readonly string[] {
  const lines: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at <= text.length && lines.length < count && at < 200_000; at += 1) {
    const code = at === text.length ? 10 : text.charCodeAt(at);
    if (code === 34) quoted = !quoted;
    else if ((code === 10 || code === 13) && !(quoted && at - start < 10_000)) {
      // The last line may be cut by the end of what was read.
      const line = text.slice(start, at);
      if (line.trim() !== '' && (at < text.length || lines.length < 3)) lines.push(line);
      start = at + 1;
      quoted = false;
    }
  }
  return lines;
}

export function countOutsideQuotes(line: string, delimiter: string): number {
  if (!line.includes(delimiter)) return 0;
  if (!line.includes('"')) return line.split(delimiter).length - 1;
  let count = 0;
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === delimiter) count += 1;
  }
  return count;
}

function mostCommon(counts: readonly number[]): number {
  const tally = new Map<number, number>();
  for (const count of counts) tally.set(count, (tally.get(count) ?? 0) + 1);
  let best = 0;
  let bestTimes = 0;
  for (const [count, times] of tally)
    if (times > bestTimes || (times === bestTimes && count > best)) {
      best = count;
      bestTimes = times;
    }
  return best;
}
