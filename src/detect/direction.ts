import type { EmbargoEntry } from '../core/entry.ts';
import type { FindingWeight } from '../core/finding.ts';
import type { Claim } from '../rules/direction.ts';
import type { Subject } from '../rules/subject.ts';
import { findClaims, isAttributed, type Reading } from './claims.ts';
import { findComparisons } from './comparisons.ts';
import type { DetectContext, Detector } from './detector.ts';
import { isDoubted } from './doubt.ts';
import { FindingList } from './finding-list.ts';
import { type Heard, hearMessage } from './hear-message.ts';
import { findStatements } from './learned.ts';
import type { Mention } from './mentions.ts';
import type { Passage } from './passage.ts';
import type { Range } from './relations.ts';
import { dueEntries, entriesOf, liveEntries, subjectEntries } from './release-talk.ts';
import { vocabularyOf } from './vocabulary.ts';

/** Rule of a phrase that says subject and direction at once; its words are the `claims` of a subject. */
const OUTRIGHT = { id: 'said-outright', summary: 'Says what a release under embargo shows.' };

/** What a rule found, about which entries. */
interface Located {
  readonly rule: string;
  readonly summary: string;
  readonly range: Range;
  /** The sentence, where words in it may attribute it to an earlier release. */
  readonly reading: Reading | null;
  readonly entries: readonly EmbargoEntry[];
}

/** Finds words that indicate which way the figures of an embargoed release point, without any figure in them. */
export const direction: Detector = {
  name: 'direction',
  detect(message, context) {
    if (context.open.length === 0) return [];
    const vocabulary = vocabularyOf(context.rules);
    const list = new FindingList(message, context);
    for (const heard of hearMessage(message, vocabulary)) {
      const { figuresDue } = vocabulary;
      const located = [
        ...claims(heard, context, list),
        ...outrightOrCompared(heard, context),
        ...(figuresDue === null ? [] : hints(heard, context, figuresDue)),
      ];
      for (const one of located) report(one, heard.passage, context, list);
      // A rule that says which words they were says more than that the whole sentence reads so.
      const known = new Set(located.flatMap(({ entries }) => entries));
      for (const { entries, ...found } of findStatements(heard, context)) {
        const others = entries.filter((entry) => !known.has(entry));
        report({ ...found, reading: heard.reading, entries: others }, heard.passage, context, list);
      }
    }
    return list.findings;
  },
};

function claims(heard: Heard, context: DetectContext, list: FindingList): readonly Located[] {
  const { passage, reading, inMind, when } = heard;
  // Asked once a sentence for each rule and subject: a run of cues and subjects would ask for every pair of them.
  const wanted = new Map<Claim, Map<Subject | null, boolean>>();
  const wants = (claim: Claim, mention: Mention): boolean => {
    let bySubject = wanted.get(claim);
    if (bySubject === undefined) {
      bySubject = new Map();
      wanted.set(claim, bySubject);
    }
    let answer = bySubject.get(mention.subject);
    if (answer === undefined) {
      answer = entriesOf(mention, inMind, when, context).some((entry) =>
        list.wants(claim.id, entry.id, passage.path, weightOf(reading, entry, context)),
      );
      bySubject.set(mention.subject, answer);
    }
    return answer;
  };
  return findClaims(passage.tokens, reading, inMind, when, wants)
    .filter(({ range, mention }) => !isDoubted(heard, 'words', range, mention))
    .map((claim) => ({ ...claim, reading, entries: entriesOf(claim.mention, inMind, when, context) }));
}

function outrightOrCompared(heard: Heard, context: DetectContext): readonly Located[] {
  const { reading } = heard;
  const compared = findComparisons(heard).map(({ subject, ...found }) => ({
    ...found,
    reading,
    entries: subjectEntries(subject, context),
  }));
  const outright = reading.sentence.found.flatMap((match): readonly Located[] => {
    if (match.value.kind !== 'outright' || !reading.counts('predicate', match.from)) return [];
    const entries = subjectEntries(match.value.subject, context);
    return [{ rule: OUTRIGHT.id, summary: OUTRIGHT.summary, range: match, reading, entries }];
  });
  return [...outright, ...compared].filter(({ range }) => !isDoubted(heard, 'words', range));
}

/** Hints that name no figures at all: they count beside a release time, or from somebody who may know. */
function hints(
  heard: Heard,
  context: DetectContext,
  rule: { readonly id: string; readonly summary: string },
): readonly Located[] {
  return heard.reading.sentence.found.flatMap((match): readonly Located[] => {
    const { kind } = match.value;
    if (kind !== 'hint' && kind !== 'due-hint' && kind !== 'soon-hint') return [];
    const entries = hintedEntries(kind, heard, context);
    return entries.length === 0 || isDoubted(heard, 'words', match)
      ? []
      : [{ rule: rule.id, summary: rule.summary, range: match, reading: null, entries }];
  });
}

function hintedEntries(
  kind: 'hint' | 'due-hint' | 'soon-hint',
  { reading, inMind, when }: Heard,
  context: DetectContext,
): readonly EmbargoEntry[] {
  const live = liveEntries(context);
  if (live.length > 0) return live;
  if (kind === 'hint') return [];
  if (when === null && kind === 'due-hint') return [];
  const here = reading.mentions.filter((mention) => mention.subject !== null);
  const clear = here.filter((mention) => mention.clear);
  if (clear.length > 0) return clear.flatMap(({ subject }) => subjectEntries(subject, context));
  if (here.length > 0 && kind !== 'soon-hint') return [];
  if (inMind.length > 0) return inMind.flatMap(({ subject }) => subjectEntries(subject, context));
  return when === 'release' || (when === 'soon' && kind === 'soon-hint') ? dueEntries(context) : [];
}

function weightOf(reading: Reading | null, entry: EmbargoEntry, { effectiveAt }: DetectContext): FindingWeight {
  return reading !== null && isAttributed(reading, entry, effectiveAt) ? 'attributed' : 'embargoed';
}

function report(located: Located, { path, tokens }: Passage, context: DetectContext, list: FindingList): void {
  const start = tokens[located.range.from]?.start ?? 0;
  const end = tokens[located.range.to - 1]?.end ?? start;
  const { rule, summary, reading } = located;
  for (const entry of new Set(located.entries))
    list.add({
      detector: 'direction',
      rule,
      entry: entry.id,
      path,
      span: { start, end },
      severity: 'high',
      summary,
      weight: weightOf(reading, entry, context),
    });
}
