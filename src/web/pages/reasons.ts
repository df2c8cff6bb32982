import type { Span } from '../../core/finding.ts';
import type { FindingView } from '../../core/view.ts';

/** Findings that say the same of one part, as one numbered reason with every place it points at. */
export interface Reason {
  /** From 1, in the order of the findings. */
  readonly number: number;
  readonly detector: string;
  readonly rule: string;
  readonly entry: string | null;
  readonly path: string;
  readonly severity: string;
  readonly summary: string;
  readonly insight: string | null;
  readonly spans: readonly Span[];
}

/** One reason for each thing that is said, however often its words occur. */
export function groupReasons(findings: readonly FindingView[]): readonly Reason[] {
  const reasons = new Map<string, Reason>();
  for (const finding of findings) {
    const { detector, rule, entry, path, severity, summary, insight = null, span } = finding;
    const key = JSON.stringify([detector, rule, entry, path, severity, summary, insight]);
    const known = reasons.get(key) ?? {
      number: reasons.size + 1,
      detector,
      rule,
      entry,
      path,
      severity,
      summary,
      insight,
      spans: [],
    };
    reasons.set(key, span === null ? known : { ...known, spans: [...known.spans, span] });
  }
  return [...reasons.values()];
}

/** A place in a text, under the number of the reason that points at it. */
export interface Mark {
  readonly number: number;
  readonly span: Span;
}

/** Every place in one part that a reason points at. */
export function marksOf(reasons: readonly Reason[], path: string): readonly Mark[] {
  return reasons.flatMap((reason) =>
    reason.path === path ? reason.spans.map((span) => ({ number: reason.number, span })) : [],
  );
}
