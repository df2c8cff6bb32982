/** Words of a shingle: shorter ones are common phrases, longer ones break at a changed word. */
export const SHINGLE_WORDS = 6;
/** Every run of this many shingles yields at least one: a passage of `SHINGLE_WORDS + WINDOW - 1` = 9 words is always met. */
const WINDOW = 4;

/**
 * The shingles of a text that winnowing keeps (Schleimer, Wilkerson and Aiken 2003): the same ones of a shared passage wherever it stands.
 *
 * Words are letters and digits in lower case, so that line breaks, marks and quoting do not matter.
 */
export function winnowShingles(text: string): readonly string[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+(?:[.,]\d+)*/gu) ?? [];
  const count = words.length - SHINGLE_WORDS + 1;
  if (count <= 0) return [];
  const hashes = Array.from({ length: count }, (_, at) => hashWords(words, at));
  const kept = new Set<number>();
  for (let from = 0; from + WINDOW <= Math.max(count, WINDOW); from += 1) {
    let least = from;
    for (let at = from; at < Math.min(from + WINDOW, count); at += 1) {
      if ((hashes[at] as number) <= (hashes[least] as number)) least = at;
    }
    kept.add(least);
  }
  return [...kept].map((at) => words.slice(at, at + SHINGLE_WORDS).join(' '));
}

/** FNV-1a: only chooses places, so it needs no key. */
function hashWords(words: readonly string[], from: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < from + SHINGLE_WORDS; at += 1) {
    const word = words[at] as string;
    for (let letter = 0; letter < word.length; letter += 1)
      hash = Math.imul(hash ^ word.charCodeAt(letter), 0x01000193);
    hash = Math.imul(hash ^ 32, 0x01000193);
  }
  return hash >>> 0;
}
