/** A number from `rules/policy.yaml`; a name that is not there is a defect, never a silent default. */
export function threshold(thresholds: Readonly<Record<string, number>>, name: string): number {
  const value = thresholds[name];
  if (value === undefined) throw new Error(`rules/policy.yaml has no threshold "${name}"`);
  return value;
}
