/** How far records stand alone in a combination of columns. */
export interface Uniqueness {
  /** Records looked at. */
  readonly sample: number;
  /** Share of them whose combination occurs once. */
  readonly alone: number;
  /** Records in the smallest group: the k of k-anonymity on this sample. */
  readonly k: number;
}

/** Groups records by the cells of some columns (Samarati and Sweeney 1998); a record with fewer than two of them filled is left out. */
export function measureUniqueness(records: readonly (readonly string[])[], columns: readonly number[]): Uniqueness {
  const groups = new Map<string, number>();
  for (const record of records) {
    const cells = columns.map((at) => record[at] ?? '');
    if (cells.filter((cell) => cell !== '').length < 2) continue;
    const key = cells.join('\u0000').toLowerCase();
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  let sample = 0;
  let alone = 0;
  let k = Number.POSITIVE_INFINITY;
  for (const size of groups.values()) {
    sample += size;
    if (size === 1) alone += 1;
    k = Math.min(k, size);
  }
  return sample === 0 ? { sample: 0, alone: 0, k: 0 } : { sample, alone: alone / sample, k };
}
