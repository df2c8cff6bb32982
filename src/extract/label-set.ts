/** Labels of values, by column or by the name of the set. */
export interface LabelSet {
  readonly of: string;
  readonly labels: readonly (readonly [string, string])[];
}

/** For each column the labels of its values; null for none. A set names the columns it is for, parted by commas. */
export function labelColumns(
  columns: readonly string[],
  sets: readonly LabelSet[],
): readonly (ReadonlyMap<string, string> | null)[] {
  const byColumn = new Map<string, ReadonlyMap<string, string>>();
  for (const { of, labels } of sets) for (const name of of.split(', ')) byColumn.set(name, new Map(labels));
  return columns.map((name) => byColumn.get(name) ?? null);
}
