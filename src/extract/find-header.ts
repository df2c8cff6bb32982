/**
 * The likeliest header among the candidate rows; empty where none looks like one.
 *
 * A header names columns: as wide as the rows below it, its cells words rather than numbers, and all different.
 */
export function findHeader(
  candidates: readonly (readonly string[])[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const width = Math.max(0, ...rows.map(filledCells));
  if (width < 2) return oneColumnHeader(rows);
  if (rows.length < 2) return [];
  let best: readonly string[] = [];
  let bestScore = 0;
  for (const row of candidates) {
    const score = headerScore(row, width);
    if (score > bestScore) {
      best = row;
      bestScore = score;
    }
  }
  return best;
}

function filledCells(row: readonly string[]): number {
  let count = 0;
  for (const cell of row) if (cell !== '') count += 1;
  return count;
}

function headerScore(row: readonly string[], width: number): number {
  const filled = row.map((cell) => cell.trim()).filter((cell) => cell !== '');
  if (filled.length < 2 || filled.length < width * 0.5) return 0;
  const words = filled.filter((cell) => /\p{L}/u.test(cell) && cell.length <= 120).length;
  const distinct = new Set(filled.map((cell) => cell.toLowerCase())).size;
  if (words < filled.length * 0.7 || distinct < filled.length * 0.8) return 0;
  return words + distinct - (filled.length - words) * 2;
}

/** The name of a single column: a word without a figure above values that have them. */
function oneColumnHeader(rows: readonly (readonly string[])[]): readonly string[] {
  const [first, ...rest] = rows.flatMap((row) => row.filter((cell) => cell.trim() !== '').slice(0, 1));
  if (first === undefined || rest.length < 2 || !/^\p{L}[^\d]*$/u.test(first.trim())) return [];
  return rest.filter((value) => /\d/.test(value)).length >= rest.length * 0.9 ? [first] : [];
}
