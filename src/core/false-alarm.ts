import { matchesAny } from './address.ts';
import type { Instant } from './entry.ts';
import type { DetectorName, Finding, FindingWeight } from './finding.ts';
import type { OpenedMessage, OpenedPart } from './part.ts';

/** What two people took for a false alarm: this rule, from these senders, on exactly this passage. */
export interface FalseAlarm {
  readonly id: string;
  readonly detector: DetectorName;
  readonly rule: string;
  /** Null: findings that name no entry. */
  readonly entry: string | null;
  /** Whatever release or dataset it is, `entry` aside. */
  readonly anyEntry: boolean;
  /** An address, or `*@organisation`. */
  readonly sender: string;
  /** Keyed digest of the passage. */
  readonly passage: string;
  readonly until: Instant;
}

export interface FalseAlarms {
  readonly list: readonly FalseAlarm[];
  readonly matches: (passage: string, digest: string) => boolean;
}

const EXCUSABLE_DETECTORS: readonly DetectorName[] = ['direction', 'figure', 'marking', 'record-level'];
const EXCUSABLE_WEIGHTS: readonly (FindingWeight | undefined)[] = [
  'embargoed',
  'attributed',
  'unregistered',
  'unregistered-plain',
  undefined,
];

/** A longer paragraph, row or header is no line that comes every week, and would be compared for each of its findings. */
const LONGEST = 10_000;

/**
 * What exactly a finding is about, as it is compared: the paragraph of its words, the row of its cell, the header of its table.
 *
 * Null where no false alarm may be made of it: registered datasets, copies of them, recipients and batches are decided on one by one.
 */
export function passageOf(finding: Finding, { parts }: OpenedMessage): string | null {
  if (!EXCUSABLE_DETECTORS.includes(finding.detector) || !EXCUSABLE_WEIGHTS.includes(finding.weight)) return null;
  const part = parts.find(({ path }) => path === finding.path);
  const passage = part === undefined ? null : rawPassage(finding, part);
  if (passage !== null && passage.length > LONGEST) return null;
  const folded = passage?.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().toLowerCase() ?? '';
  return folded === '' ? null : folded;
}

/** As much of it as may be compared, and a little more where there is more. */
function rawPassage({ span }: Finding, { content }: OpenedPart): string | null {
  if (content.kind === 'table' && span === null) return content.table.header.join('\t');
  if (span === null || (content.kind !== 'text' && content.kind !== 'table')) return null;
  const { text } = content;
  const border = content.kind === 'table' ? '\n' : /\n[^\S\n]*\n/;
  const before =
    text
      .slice(Math.max(0, span.start - LONGEST - 1), span.start)
      .split(border)
      .at(-1) ?? '';
  const after = text.slice(span.end, span.end + LONGEST + 1).split(border)[0] ?? '';
  return before + text.slice(span.start, span.end) + after;
}

/** The id of the false alarm that a finding in a message is; null where it is none. */
export type FalseAlarmOf = (finding: Finding, message: OpenedMessage) => string | null;

/**
 * Tells the false alarms in what a sender sends now; null where there is none to tell. Findings that are one stay in the list, and the
 * policy lets them go with a record.
 */
export function falseAlarmsOf(
  sender: string | null,
  now: Instant,
  { list, matches }: FalseAlarms,
): FalseAlarmOf | null {
  const mine = list.filter((alarm) => alarm.until > now && sender !== null && matchesAny([alarm.sender], sender));
  if (mine.length === 0) return null;
  return (finding, message) => {
    const like = mine.filter(
      ({ detector, rule, entry, anyEntry }) =>
        detector === finding.detector && rule === finding.rule && (anyEntry || entry === finding.entry),
    );
    const passage = like.length === 0 ? null : passageOf(finding, message);
    return passage === null ? null : (like.find((one) => matches(passage, one.passage))?.id ?? null);
  };
}
