import type { Evaluated } from '../scan/evaluate-set.ts';

/** Counts over some cases; null where a share has nothing to be a share of. */
export interface Confusion {
  readonly found: number;
  readonly missed: number;
  readonly falseHolds: number;
  readonly passed: number;
  readonly recall: number | null;
  readonly precision: number | null;
  readonly falseHoldRate: number | null;
}

export function confusionOf(cases: readonly Evaluated[]): Confusion {
  const count = (expected: 'hold' | 'pass', held: boolean): number =>
    cases.filter((one) => one.expected === expected && one.held === held).length;
  const [found, missed, falseHolds, passed] = [
    count('hold', true),
    count('hold', false),
    count('pass', true),
    count('pass', false),
  ];
  return {
    found,
    missed,
    falseHolds,
    passed,
    recall: share(found, found + missed),
    precision: share(found, found + falseHolds),
    falseHoldRate: share(falseHolds, falseHolds + passed),
  };
}

/** The evaluation as text: the confusion table, the same by subject, family and rule, then every miss and false hold. */
export function evaluationText(cases: readonly Evaluated[]): string {
  const whole = confusionOf(cases);
  const lines = [
    `${cases.length} sentences`,
    row('', ['held', 'passed']),
    row('should be held', [String(whole.found), String(whole.missed)]),
    row('should pass', [String(whole.falseHolds), String(whole.passed)]),
    `recall ${percent(whole.recall)}, precision ${percent(whole.precision)}, false holds ${percent(whole.falseHoldRate)}`,
    ...grouped('subject', cases, (one) => [one.subject]),
    ...grouped('family', cases, (one) => [one.family]),
    ...byRule(cases),
    ...listed(
      'missed',
      cases.filter((one) => one.expected === 'hold' && !one.held),
    ),
    ...listed(
      'held by mistake',
      cases.filter((one) => one.expected === 'pass' && one.held),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The evaluation as one JSON object. */
export function evaluationJson(cases: readonly Evaluated[]): string {
  const wrong = cases.filter((one) => one.held !== (one.expected === 'hold'));
  return `${JSON.stringify({ sentences: cases.length, ...confusionOf(cases), wrong })}\n`;
}

function grouped(
  name: string,
  cases: readonly Evaluated[],
  keysOf: (one: Evaluated) => readonly string[],
): readonly string[] {
  const keys = [...new Set(cases.flatMap(keysOf))].toSorted();
  const rows = keys.map((key) => {
    const { found, missed, falseHolds, recall, precision } = confusionOf(
      cases.filter((one) => keysOf(one).includes(key)),
    );
    return row(key, [String(found), String(missed), String(falseHolds), percent(recall), percent(precision)]);
  });
  return ['', row(`by ${name}`, ['found', 'missed', 'false', 'recall', 'precision']), ...rows];
}

/** A rule has no recall of its own: how much of what it held should have been held, and what it alone held. */
function byRule(cases: readonly Evaluated[]): readonly string[] {
  const rules = [...new Set(cases.flatMap((one) => one.rules))].toSorted();
  const rows = rules.map((rule) => {
    const held = cases.filter((one) => one.rules.includes(rule));
    const right = held.filter((one) => one.expected === 'hold').length;
    const alone = held.filter((one) => one.rules.length === 1).length;
    return row(rule, [String(right), String(held.length - right), String(alone), percent(share(right, held.length))]);
  });
  return ['', row('by rule', ['right', 'false', 'alone', 'precision']), ...rows];
}

function listed(title: string, cases: readonly Evaluated[]): readonly string[] {
  if (cases.length === 0) return [];
  return [
    '',
    `${title}:`,
    ...cases.map((one) => `  line ${one.line}  ${one.rules.join(', ')}${one.rules.length > 0 ? ': ' : ''}${one.text}`),
  ];
}

function row(name: string, cells: readonly string[]): string {
  return `${name.padEnd(28)}${cells.map((cell) => cell.padStart(11)).join('')}`;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function percent(value: number | null): string {
  return value === null ? '-' : `${(100 * value).toFixed(1)}%`;
}
