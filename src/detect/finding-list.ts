import type { Finding, FindingWeight } from '../core/finding.ts';

/** Findings of one rule about one entry in one part, of one weight; more would tell the reader nothing new. */
const MOST_FINDINGS = 5;

type Place = { readonly start: number; readonly end: number };

/**
 * Collects the findings of a detector, a few for each rule, entry, part and weight.
 *
 * What is kept depends on places alone, never on an embargoed value (promise 4).
 */
export class FindingList {
  readonly findings: Finding[] = [];
  private readonly places = new Map<string, Place[]>();

  /** Whether another finding of the rule about the entry in the part would still be kept. */
  wants(rule: string, entry: string, path: string, weight: FindingWeight): boolean {
    return (this.places.get(keyOf(rule, entry, path, weight))?.length ?? 0) < MOST_FINDINGS;
  }

  /** Keeps a finding unless there are enough, or one of its kind lies over the same place. */
  add(finding: Finding & { readonly entry: string; readonly span: Place; readonly weight: FindingWeight }): void {
    const key = keyOf(finding.rule, finding.entry, finding.path, finding.weight);
    const places = this.places.get(key) ?? [];
    if (
      places.length >= MOST_FINDINGS ||
      places.some((place) => place.start < finding.span.end && finding.span.start < place.end)
    )
      return;
    this.places.set(key, [...places, finding.span]);
    this.findings.push(finding);
  }
}

function keyOf(rule: string, entry: string, path: string, weight: FindingWeight): string {
  return `${rule}\0${entry}\0${path}\0${weight}`;
}
