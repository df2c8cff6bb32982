import { type Finding, type FindingWeight, MOST_INSIGHT, type Span } from '../core/finding.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { DetectContext } from './detector.ts';

/** Figures beyond those kept whose insight is still worked out, so that a match deep in a table is told. */
const MOST_LOOKED_AT = 200;

/** Findings of one rule about one entry in one part, of one weight and one false alarm or none; more would tell the reader nothing new. */
const MOST_FINDINGS = 5;

/**
 * Collects the findings of a detector, a few for each rule, entry, part and weight. Those that are a false alarm take no place from others.
 *
 * What is kept depends on places alone, never on an embargoed value (promise 4).
 */
export class FindingList {
  readonly findings: Finding[] = [];
  /** By kind, where in `findings` those kept are. */
  private readonly kept = new Map<string, number[]>();
  private readonly lookedAt = new Map<string, number>();
  private readonly falseAlarmOf: (finding: Finding) => string | null;

  constructor(message: OpenedMessage, { falseAlarm }: Pick<DetectContext, 'falseAlarm'>) {
    this.falseAlarmOf = (finding) => falseAlarm?.(finding, message) ?? null;
  }

  /** Whether another finding of the rule about the entry in the part would still be kept. */
  wants(rule: string, entry: string, path: string, weight: FindingWeight): boolean {
    return (this.kept.get(keyOf(rule, entry, path, weight))?.length ?? 0) < MOST_FINDINGS;
  }

  /** Whether the insight of another is worth working out, though it may not be kept; counts it. */
  looksAt(finding: KeptFinding): boolean {
    const key = this.kindOf(finding);
    const count = (this.lookedAt.get(key) ?? 0) + 1;
    this.lookedAt.set(key, count);
    return count <= MOST_LOOKED_AT;
  }

  /** Keeps a finding unless there are enough, or one of its kind lies over the same place; that one, or the last, then has its insight. */
  add(finding: KeptFinding): void {
    const key = this.kindOf(finding);
    const kept = this.kept.get(key) ?? [];
    const over = kept.find((index) => overlaps(this.findings[index]?.span ?? null, finding.span));
    if (over === undefined && kept.length < MOST_FINDINGS) {
      this.kept.set(key, [...kept, this.findings.length]);
      this.findings.push(finding);
    } else if (finding.insight !== undefined) this.tell(over ?? kept.at(-1) ?? 0, finding.insight);
  }

  private kindOf(finding: KeptFinding): string {
    return keyOf(finding.rule, finding.entry, finding.path, finding.weight, this.falseAlarmOf(finding));
  }

  private tell(index: number, insight: string): void {
    const finding = this.findings[index] as Finding;
    const before = finding.insight ?? '';
    const both = before.includes(insight) ? before : `${before} ${insight}`.trim().slice(0, MOST_INSIGHT);
    this.findings[index] = { ...finding, insight: both };
  }
}

type KeptFinding = Finding & { readonly entry: string; readonly span: Span; readonly weight: FindingWeight };

function overlaps(one: Span | null, other: Span): boolean {
  return one !== null && one.start < other.end && other.start < one.end;
}

function keyOf(
  rule: string,
  entry: string,
  path: string,
  weight: FindingWeight,
  falseAlarm: string | null = null,
): string {
  return `${rule}\0${entry}\0${path}\0${weight}\0${falseAlarm ?? ''}`;
}
