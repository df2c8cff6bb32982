/** Vectors of words that say what a word is like: words of one kind lie near each other. */
export interface WordVectors {
  /** Numbers in each vector. */
  readonly dims: number;
  /** All vectors, one after another, in signed bytes. */
  readonly values: Int8Array;
  /** What one of a byte is worth. */
  readonly scale: number;
  /** The row of a folded word, its possessive left out; -1 for a word without a vector. */
  readonly rowOf: (word: string) => number;
}

/** A table of vectors over `words` in their order. */
export function wordVectors(words: readonly string[], values: Int8Array, scale: number): WordVectors {
  const rows = new Map(words.map((word, row) => [word, row]));
  return {
    dims: values.length / words.length,
    values,
    scale,
    rowOf: (word) => rows.get(word) ?? (word.endsWith("'s") ? rows.get(word.slice(0, -2)) : undefined) ?? -1,
  };
}
