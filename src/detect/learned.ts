import type { EmbargoEntry } from '../core/entry.ts';
import type { Learned } from '../rules/learned.ts';
import type { Subject } from '../rules/subject.ts';
import type { DetectContext } from './detector.ts';
import { type Heard, LONG_MESSAGE, SHORT_MESSAGE } from './hear-message.ts';
import type { Impression } from './learned-reader.ts';
import type { Range } from './relations.ts';
import { dueEntries, liveEntries, subjectEntries } from './release-talk.ts';

/** A sentence that reads like a statement of what embargoed statistics show. */
export interface FoundStatement {
  readonly rule: string;
  readonly summary: string;
  readonly range: Range;
  readonly entries: readonly EmbargoEntry[];
}

/** Finds the sentences that learned readers take for statements of statistics, each whole: what made them so is spread over it. */
export function findStatements(heard: Heard, context: DetectContext): readonly FoundStatement[] {
  const { reading, size, passage } = heard;
  // A long text speaks of many things in passing, and headers and properties are no prose: there the name itself is wanted.
  if (
    (size >= LONG_MESSAGE || passage.role === 'metadata') &&
    reading.mentions.every(({ subject }) => subject === null)
  )
    return [];
  if (reading.silent) return [];
  return heard.impressions().flatMap((impression): readonly FoundStatement[] => {
    const { rule, indicates } = impression;
    if (indicates < leastOf(rule, size)) return [];
    const entries = entriesMeant(heard, impression, rule.least.subject, context);
    const { from, to } = reading.sentence;
    return entries.length === 0 ? [] : [{ rule: rule.id, summary: rule.summary, range: { from, to }, entries }];
  });
}

/** Log-odds wanted in a message of so many tokens; between a note and a long text they rise with its logarithm, as chances to err do. */
function leastOf({ least }: Learned, size: number): number {
  const share = Math.log(size / SHORT_MESSAGE) / Math.log(LONG_MESSAGE / SHORT_MESSAGE);
  return least.note + (least.text - least.note) * Math.max(0, Math.min(1, share));
}

/**
 * What it speaks of by name or by its words; else what was spoken of before, or anywhere in the message; else the figures that are due, or
 * those that the sender may know; else what it is faintly about.
 */
function entriesMeant(
  { reading, inMind, spokenOf, when, size }: Heard,
  { about }: Impression,
  least: number,
  context: DetectContext,
): readonly EmbargoEntry[] {
  const entriesAbout = (subjects: Iterable<Subject>): readonly EmbargoEntry[] =>
    [...subjects].flatMap((subject) => subjectEntries(subject, context));
  const guess = (odds: number): Subject | null =>
    size < LONG_MESSAGE ? likeliestSubject(context.rules.subjects, about, odds) : null;
  const named = new Set<Subject>();
  for (const { subject } of reading.mentions) if (subject !== null) named.add(subject);
  const likeliest = guess(least);
  const meant = context.rules.subjects.filter((subject) => named.has(subject) || subject === likeliest);
  if (meant.length > 0) {
    const entries = entriesAbout(meant);
    // What is more unlikely than not hides nothing from those that the sender may know.
    const isUnsure = named.size === 0 && likeliest !== null && about(likeliest) < 0;
    return entries.length === 0 && isUnsure ? liveEntries(context) : entries;
  }
  const before = inMind.flatMap(({ subject }) => subjectEntries(subject, context));
  if (before.length > 0) return before;
  if (when === 'release') return dueEntries(context);
  const spoken = size < LONG_MESSAGE ? entriesAbout(spokenOf) : [];
  if (spoken.length > 0) return spoken;
  const live = liveEntries(context);
  const known = live.length === 0 && when === 'soon' ? dueEntries(context) : live;
  if (known.length > 0) return known;
  const faint = guess(FAINT * least);
  return faint === null ? [] : entriesAbout([faint]);
}

/** How many times as far below a guess at the subject may be where nothing else tells it. */
const FAINT = 2;

function likeliestSubject(subjects: readonly Subject[], about: Impression['about'], least: number): Subject | null {
  let likeliest: Subject | null = null;
  let most = least;
  for (const subject of subjects) {
    const odds = about(subject);
    if (odds < most) continue;
    most = odds;
    likeliest = subject;
  }
  return likeliest;
}
