/** Half-open range of UTF-16 offsets into the text of the part it belongs to. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Severity = 'low' | 'medium' | 'high';

export type DetectorName = 'direction' | 'figure' | 'record-level' | 'fingerprint' | 'marking' | 'recipients' | 'batch';

/** Longest insight, in characters that JSON writes in one byte: what is kept must not grow with what is known. */
export const MOST_INSIGHT = 480;

/** One reason not to let a message go. It says where and why, and never carries the text it found (promise 5). */
export interface Finding {
  readonly detector: DetectorName;
  /** Id of the rule, or of the detector's own test, that fired. */
  readonly rule: string;
  /** Register entry concerned; null where none is. */
  readonly entry: string | null;
  readonly path: string;
  readonly span: Span | null;
  readonly severity: Severity;
  /** One plain sentence without any content of the message and without any embargoed value. */
  readonly summary: string;
  /**
   * What only a reviewer with access to the entry may see, such as "equals the embargoed figure".
   * Empty where there is nothing to tell, dropped from every other view (promise 4); the verdict never depends on it.
   */
  readonly insight?: string;
  /** What the policy needs to weigh the finding. Absent: the detector's default outcome in `rules/policy.yaml`. */
  readonly weight?: FindingWeight;
  /** Id of what two people decided: that exactly this is a false alarm. It goes, and is recorded. */
  readonly falseAlarm?: string;
}

/**
 * - `embargoed`: an indication of a release; the policy looks at windows and access.
 * - `attributed`: the same, with explicit attribution to an earlier, published period.
 * - `protected`: a dataset of the sensitivity register; the policy looks at its recipients.
 * - `unregistered`: microdata that no entry names and that has direct identifiers or sensitive fields.
 * - `unregistered-plain`: microdata that no entry names, with neither.
 * - `notable`: worth a record, never worth a hold.
 */
export type FindingWeight =
  | 'embargoed'
  | 'attributed'
  | 'protected'
  | 'unregistered'
  | 'unregistered-plain'
  | 'notable';
