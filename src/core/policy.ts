import { amongAllowed, datasetAccess, embargoAccess, type Parties } from './access.ts';
import type { EmbargoEntry, Instant, Registers } from './entry.ts';
import type { DetectorName, Finding, FindingWeight } from './finding.ts';
import type { Incomplete } from './part.ts';
import type { Judgement, Verdict } from './verdict.ts';
import { liftOf, windowState } from './window.ts';

/** What `rules/policy.yaml` decides; every name here is a key there. */
export interface Policy {
  /** What a comment in the quiet period after the lift comes to. */
  readonly quietPeriod: 'hold' | 'flag';
  /** What a part that could not be looked at comes to. */
  readonly incomplete: 'hold' | 'flag';
  /** What microdata that no entry names comes to, with direct identifiers or sensitive fields, and without. */
  readonly unregisteredSensitive: 'hold' | 'flag';
  readonly unregisteredPlain: 'hold' | 'flag';
  /** What an indication with explicit attribution to an earlier, published period comes to inside a window. */
  readonly attributed: 'hold' | 'flag';
  /** Outcome of findings without a weight of their own, by detector. */
  readonly detectors: Readonly<Partial<Record<DetectorName, Verdict>>>;
}

/** What was found in a message, and between whom and when it would pass. */
export interface Evidence {
  readonly findings: readonly Finding[];
  readonly incomplete: readonly Incomplete[];
  readonly parties: Parties;
  readonly effectiveAt: Instant;
}

interface Outcome {
  readonly verdict: Verdict;
  readonly lift: Instant | null;
  /** Goes because everybody on it has pre-release access. */
  readonly isPrivileged?: true;
  /** Would be held, had two people not taken it for a false alarm. */
  readonly isExcused?: true;
}

/** What people with pre-release access are reminded of whenever they pass something on. */
export const REMINDER =
  'Everybody on it has pre-release access: you are reminded that any wrongful release, a hint such as "favourable" included, must be reported at once.';

/**
 * The verdict on a message: the gravest outcome of its findings and incomplete parts.
 *
 * Never depends on an embargoed value: `insight` is not read (promise 4).
 */
export function decide(evidence: Evidence, registers: Registers, policy: Policy): Judgement {
  const weighed = evidence.findings.map((finding) => weigh(finding, evidence, registers, policy));
  const outcomes = [
    ...weighed,
    ...evidence.incomplete.map((part) => weighIncomplete(part, evidence, registers, policy)),
  ];
  const holds = outcomes.filter((outcome) => outcome.verdict === 'hold');
  const lifts = holds.map((outcome) => outcome.lift);
  const liftable = holds.length > 0 && lifts.every((lift) => lift !== null);
  return {
    verdict: holds.length > 0 ? 'hold' : outcomes.some((outcome) => outcome.verdict === 'flag') ? 'flag' : 'pass',
    holdUntil: liftable ? Math.max(...lifts.filter((lift) => lift !== null)) : null,
    effectiveAt: evidence.effectiveAt,
    findings: evidence.findings.map((finding, index) => note(finding, weighed[index])),
    incomplete: evidence.incomplete,
  };
}

/** What a finding that two people took for a false alarm is told with. */
const EXCUSED = 'Two people took exactly this for a false alarm, so it is recorded and does not hold.';

/** Each sentence once, however often the findings are weighed. */
function note(finding: Finding, outcome: Outcome | undefined): Finding {
  const sentence = outcome?.isPrivileged ? REMINDER : outcome?.isExcused ? EXCUSED : null;
  return sentence === null || finding.summary.endsWith(sentence)
    ? finding
    : { ...finding, summary: `${finding.summary} ${sentence}` };
}

function weigh(finding: Finding, evidence: Evidence, registers: Registers, policy: Policy): Outcome {
  const outcome = weighAlone(finding, evidence, registers, policy);
  return finding.falseAlarm !== undefined && outcome.verdict === 'hold'
    ? { verdict: 'flag', lift: null, isExcused: true }
    : outcome;
}

function weighAlone(finding: Finding, evidence: Evidence, registers: Registers, policy: Policy): Outcome {
  const weight: FindingWeight | undefined = finding.weight;
  switch (weight) {
    case 'embargoed':
    case 'attributed': {
      const entry = registers.embargoes.find((one) => one.id === finding.entry);
      if (entry === undefined) return { verdict: 'flag', lift: null };
      const outcome = weighEmbargo(entry, evidence, policy);
      return weight === 'attributed' && policy.attributed === 'flag' && outcome.verdict === 'hold'
        ? { verdict: 'flag', lift: null }
        : outcome;
    }
    case 'protected':
      return weighDataset(finding, evidence, registers, policy);
    case 'unregistered':
      return { verdict: policy.unregisteredSensitive, lift: null };
    case 'unregistered-plain':
      return { verdict: policy.unregisteredPlain, lift: null };
    case 'notable':
      return { verdict: 'flag', lift: null };
    case undefined:
      return { verdict: policy.detectors[finding.detector] ?? 'flag', lift: null };
  }
}

function weighEmbargo(entry: EmbargoEntry, { parties, effectiveAt }: Evidence, policy: Policy): Outcome {
  switch (windowState(entry, effectiveAt)) {
    case 'before':
    case 'lifted':
      return { verdict: 'pass', lift: null };
    case 'quiet':
      return { verdict: policy.quietPeriod, lift: liftOf(entry, effectiveAt) };
    case 'embargoed': {
      const access = embargoAccess(entry, parties, effectiveAt);
      if (access === 'eligible') return { verdict: 'flag', lift: null, isPrivileged: true };
      return access === 'custodians'
        ? { verdict: 'flag', lift: null }
        : { verdict: 'hold', lift: liftOf(entry, effectiveAt) };
    }
  }
}

function weighDataset(finding: Finding, evidence: Evidence, registers: Registers, policy: Policy): Outcome {
  const dataset = registers.sensitivity.find((one) => one.id === finding.entry);
  if (dataset === undefined) return { verdict: policy.unregisteredSensitive, lift: null };
  // Protected records never lift by themselves, so no lift even where the release it feeds has one (promise 6).
  if (!datasetAccess(dataset, evidence.parties)) return { verdict: 'hold', lift: null };
  const release = registers.embargoes.find((one) => one.id === dataset.embargo);
  // A quiet period forbids comment on what is out; it sets no condition on who may receive the records behind it.
  if (release === undefined || windowState(release, evidence.effectiveAt) !== 'embargoed')
    return { verdict: 'flag', lift: null };
  return { verdict: weighEmbargo(release, evidence, policy).verdict, lift: null };
}

function weighIncomplete(part: Incomplete, evidence: Evidence, registers: Registers, policy: Policy): Outcome {
  const { parties, effectiveAt } = evidence;
  const cleared =
    part.reason === 'encrypted' &&
    (registers.embargoes.some(
      (entry) =>
        windowState(entry, effectiveAt) === 'embargoed' &&
        entry.preRelease !== null &&
        effectiveAt >= entry.preRelease.opens &&
        ['eligible', 'custodians'].includes(embargoAccess(entry, parties, effectiveAt)),
    ) ||
      registers.sensitivity.some((entry) => amongAllowed(entry, parties)));
  return { verdict: cleared ? 'flag' : policy.incomplete, lift: null };
}
