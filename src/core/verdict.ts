import type { Instant } from './entry.ts';
import type { Finding } from './finding.ts';
import type { Incomplete } from './part.ts';

export type Verdict = 'pass' | 'flag' | 'hold';

export interface Judgement {
  readonly verdict: Verdict;
  /** The lift where every reason for the hold ends at a lift, else null. */
  readonly holdUntil: Instant | null;
  readonly effectiveAt: Instant;
  readonly findings: readonly Finding[];
  readonly incomplete: readonly Incomplete[];
}
