import { mayKnow } from '../core/access.ts';
import type { EmbargoEntry } from '../core/entry.ts';
import type { Subject } from '../rules/subject.ts';
import type { DetectContext } from './detector.ts';
import type { Mention } from './mentions.ts';
import type { Sentence } from './passage.ts';

/** Talk of "tomorrow's figures" means a release that lifts within this time. */
const SOON_MS = 8 * 24 * 60 * 60 * 1000;

/**
 * How a sentence says when figures come out: `release` in words of publication ("embargoed", "at 9.30"), which may stand in the sentence
 * before or after; `soon` in words that office mail is full of ("tomorrow"), which must stand in the sentence itself.
 */
export type When = 'release' | 'soon' | null;

export function saysWhen(sentence: Sentence, before: Sentence | undefined, after: Sentence | undefined): When {
  const says = (one: Sentence | undefined, kind: 'due' | 'soon'): boolean =>
    one?.found.some((match) => match.value.kind === kind) ?? false;
  if (says(sentence, 'due') || says(before, 'due') || says(after, 'due')) return 'release';
  return says(sentence, 'soon') ? 'soon' : null;
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
  when: When,
  context: DetectContext,
): readonly EmbargoEntry[] {
  if (mention.subject !== null) return subjectEntries(mention.subject, context);
  const named = inMind.filter((other) => other.subject !== null);
  if (named.length > 0) return named.flatMap((other) => subjectEntries(other.subject, context));
  return when !== null ? dueEntries(context) : liveEntries(context);
}

/** The open entries of a subject. */
export function subjectEntries(subject: Subject | null, context: DetectContext): readonly EmbargoEntry[] {
  return subject === null ? [] : context.open.filter((entry) => entry.subjects.includes(subject.id));
}
