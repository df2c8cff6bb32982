import { mayKnow } from '../core/access.ts';
import type { EmbargoEntry } from '../core/entry.ts';
import type { Subject } from '../rules/subject.ts';
import type { DetectContext } from './detector.ts';
import type { Mention } from './mentions.ts';
import type { Sentence } from './passage.ts';

/** Talk of "tomorrow's figures" means a release that lifts within this time. */
const SOON_MS = 8 * 24 * 60 * 60 * 1000;

/** Whether a sentence says when figures come out. */
export function saysWhen(sentence: Sentence | undefined): boolean {
  return sentence?.found.some((match) => match.value.kind === 'due') ?? false;
}

/** Open entries whose content the sender may know: their hints count without a subject. */
export function liveEntries(context: DetectContext): readonly EmbargoEntry[] {
  const { from } = context.parties;
  if (from === null) return [];
  return context.open.filter((entry) => mayKnow(entry, from, context.effectiveAt));
}

/** Open entries that "the figures due" may mean: those that lift soon, else the next ones to lift, else all. */
export function dueEntries(context: DetectContext): readonly EmbargoEntry[] {
  const dated = context.open.filter((entry) => entry.status === 'scheduled' && entry.until > context.effectiveAt);
  const soon = dated.filter((entry) => entry.until - context.effectiveAt <= SOON_MS);
  if (soon.length > 0) return soon;
  const next = Math.min(...dated.map((entry) => entry.until));
  return dated.length > 0 ? dated.filter((entry) => entry.until === next) : context.open;
}

/** The open entries that a mention speaks of; "the figures" are those spoken of before, else those due, else those the sender may know. */
export function entriesOf(
  mention: Mention,
  inMind: readonly Mention[],
  when: boolean,
  context: DetectContext,
): readonly EmbargoEntry[] {
  if (mention.subject !== null) return subjectEntries(mention.subject, context);
  const named = inMind.filter((other) => other.subject !== null);
  if (named.length > 0) return named.flatMap((other) => subjectEntries(other.subject, context));
  return when ? dueEntries(context) : liveEntries(context);
}

/** The open entries of a subject. */
export function subjectEntries(subject: Subject | null, context: DetectContext): readonly EmbargoEntry[] {
  return subject === null ? [] : context.open.filter((entry) => entry.subjects.includes(subject.id));
}
