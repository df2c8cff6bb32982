// What a test of paired response times says, and how small a difference it would have seen.

/**
 * Two-sided p of Wilcoxon's signed-rank test on the differences of pairs, normal approximation (Wilcoxon 1945); for 20 pairs and more.
 * Pairs taken within a millisecond of each other share the machine's mood, so that this sees less than an unpaired test would miss.
 */
export function signedRank(differences: readonly number[]): number {
  const ordered = differences.filter((one) => one !== 0).toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const n = ordered.length;
  if (n === 0) return 1;
  const above = ordered.reduce((sum, one, index) => sum + (one > 0 ? index + 1 : 0), 0);
  const variance = (n * (n + 1) * (2 * n + 1)) / 24;
  const z = Math.max(0, Math.abs(above - (n * (n + 1)) / 4) - 0.5) / Math.sqrt(variance);
  return 2 * (1 - normal(z));
}

/** Abramowitz and Stegun 26.2.17; absolute error below 7.5e-8. */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const tail = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153].reduce((sum, b) => (sum + b) * t, 0);
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * Smallest shift of `ladder` that the test sees at `alpha` with a power of at least 0.95, in the unit of the samples: as many pairs are
 * drawn anew from the measured differences, each with a sign by lot, and shifted, forty times a shift. Null where it sees none.
 */
export function smallestSeen(differences: readonly number[], alpha: number, ladder: readonly number[]): number | null {
  let seed = 1;
  const lot = (below: number): number => {
    seed = (seed * 48271) % 2147483647;
    return Math.floor((seed / 2147483647) * below);
  };
  const drawn = (shift: number): readonly number[] =>
    differences.map(() => (differences[lot(differences.length)] ?? 0) * (lot(2) === 0 ? 1 : -1) + shift);
  const turns = Array.from({ length: 40 }, (_, turn) => turn);
  return (
    ladder.find((shift) => turns.filter(() => signedRank(drawn(shift)) < alpha).length >= 0.95 * turns.length) ?? null
  );
}
