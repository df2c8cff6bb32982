import type { EmbargoEntry } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import { carriedFrom, findClaims, type Indication, type Reading, readSentence, span } from './claims.ts';
import type { DetectContext, Detector } from './detector.ts';
import type { Mention } from './mentions.ts';
import type { Passage } from './passage.ts';
import { readMessage } from './read-message.ts';
import { dueEntries, liveEntries, saysWhen } from './release-talk.ts';
import { type Vocabulary, vocabularyOf } from './vocabulary.ts';

/** Findings of one rule about one entry in one part; more would tell the reader nothing new. */
export const MOST_FINDINGS = 5;

/** A subject stays in mind for this many sentences. */
const CARRY = 3;

/** Rule of a phrase that says subject and direction at once; its words are the `claims` of a subject. */
const OUTRIGHT = { id: 'said-outright', summary: 'Says what a release under embargo shows.' };

/** Finds words that indicate which way the figures of an embargoed release point, without any figure in them. */
export const direction: Detector = {
  name: 'direction',
  detect(message, context) {
    if (context.open.length === 0) return [];
    const vocabulary = vocabularyOf(context.rules);
    const findings: Finding[] = [];
    let topic: readonly Mention[] = [];
    for (const passage of readMessage(message, vocabulary)) {
      const last = readDirection(passage, vocabulary, context, topic, findings);
      if (passage.role === 'subject') topic = last;
    }
    return findings;
  },
};

/** What a walk over the sentences of a passage remembers. */
interface Memory {
  readonly mentions: readonly Mention[];
  readonly age: number;
}

function readDirection(
  passage: Passage,
  vocabulary: Vocabulary,
  context: DetectContext,
  topic: readonly Mention[],
  findings: Finding[],
): readonly Mention[] {
  let memory: Memory = { mentions: topic, age: 0 };
  let seen: readonly Mention[] = [];
  passage.sentences.forEach((sentence, index) => {
    if (sentence.found.length === 0) {
      memory = { mentions: memory.mentions, age: memory.age + 1 };
      return;
    }
    const reading = readSentence(passage.tokens, sentence);
    const inMind = memory.age < CARRY ? memory.mentions : topic;
    const when = saysWhen(sentence) || saysWhen(passage.sentences[index - 1]) || saysWhen(passage.sentences[index + 1]);
    for (const indication of indications(passage, reading, inMind, when, vocabulary, context))
      report(indication, passage, findings);
    const handed = carriedFrom(passage, reading);
    if (handed.length > 0) {
      memory = { mentions: handed, age: 0 };
      seen = handed;
    } else memory = { mentions: memory.mentions, age: memory.age + 1 };
  });
  return seen;
}

type Located = Omit<Indication, 'mention'> & { readonly entries: readonly EmbargoEntry[] };

function indications(
  passage: Passage,
  reading: Reading,
  inMind: readonly Mention[],
  when: boolean,
  vocabulary: Vocabulary,
  context: DetectContext,
): readonly Located[] {
  const claims = findClaims(passage.tokens, reading, inMind);
  const located: Located[] = claims.map((claim) => ({
    ...claim,
    entries: entriesOf(claim.mention, inMind, when, context),
  }));
  for (const match of reading.sentence.found) {
    if (match.value.kind === 'outright' && reading.counts('predicate', match.from)) {
      const { subject } = match.value;
      const entries = context.open.filter((entry) => entry.subjects.includes(subject.id));
      located.push({
        rule: OUTRIGHT.id,
        summary: OUTRIGHT.summary,
        range: match,
        attributed: reading.attributed,
        entries,
      });
    }
  }
  return [...located, ...hints(reading, inMind, when, vocabulary, context)];
}

/** Hints that name no figures at all: they count beside a release time, or from somebody who may know. */
function hints(
  reading: Reading,
  inMind: readonly Mention[],
  when: boolean,
  vocabulary: Vocabulary,
  context: DetectContext,
): readonly Located[] {
  const rule = vocabulary.figuresDue;
  if (rule === null) return [];
  return reading.sentence.found.flatMap((match): readonly Located[] => {
    const { kind } = match.value;
    if (kind !== 'hint' && kind !== 'due-hint') return [];
    const live = liveEntries(context);
    const here = reading.mentions.filter((mention) => mention.subject !== null);
    const spoken = (here.length > 0 ? here : inMind).flatMap((mention) => subjectEntries(mention, context));
    const entries =
      live.length > 0
        ? live
        : kind === 'due-hint'
          ? here.length > 0 || spoken.length > 0
            ? here.some((mention) => mention.clear) || inMind.length > 0
              ? spoken
              : []
            : when
              ? dueEntries(context)
              : []
          : [];
    if (entries.length === 0) return [];
    return [{ rule: rule.id, summary: rule.summary, range: span(match, match), attributed: false, entries }];
  });
}

/** The open entries that a mention speaks of. */
export function entriesOf(
  mention: Mention,
  inMind: readonly Mention[],
  when: boolean,
  context: DetectContext,
): readonly EmbargoEntry[] {
  if (mention.subject !== null) return subjectEntries(mention, context);
  const named = inMind.filter((other) => other.subject !== null);
  if (named.length > 0) return named.flatMap((other) => subjectEntries(other, context));
  if (when) return dueEntries(context);
  return liveEntries(context);
}

function subjectEntries(mention: Mention, context: DetectContext): readonly EmbargoEntry[] {
  const { subject } = mention;
  return subject === null ? [] : context.open.filter((entry) => entry.subjects.includes(subject.id));
}

function report(indication: Located, passage: Passage, findings: Finding[]): void {
  for (const entry of new Set(indication.entries)) {
    const same = findings.filter(
      (one) => one.entry === entry.id && one.rule === indication.rule && one.path === passage.path,
    );
    const start = passage.tokens[indication.range.from]?.start ?? 0;
    const end = passage.tokens[indication.range.to - 1]?.end ?? start;
    if (
      same.length >= MOST_FINDINGS ||
      same.some((one) => one.span !== null && one.span.start < end && start < one.span.end)
    )
      continue;
    findings.push({
      detector: 'direction',
      rule: indication.rule,
      entry: entry.id,
      path: passage.path,
      span: { start, end },
      severity: 'high',
      summary: indication.summary,
      weight: indication.attributed ? 'attributed' : 'embargoed',
    });
  }
}
