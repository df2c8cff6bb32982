import type { OpenedMessage } from '../core/part.ts';
import type { Subject } from '../rules/subject.ts';
import { carriedFrom, isHeading, type Reading, readSentence } from './claims.ts';
import { ForeignText } from './foreign-text.ts';
import type { Impression, LearnedReader } from './learned-reader.ts';
import type { Mention } from './mentions.ts';
import type { Passage, Sentence } from './passage.ts';
import { readMessage } from './read-message.ts';
import { saysWhen, type When } from './release-talk.ts';
import { type Said, saidBefore } from './said-before.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A sentence worth judging, with what was spoken of before it. */
export interface Heard {
  readonly passage: Passage;
  readonly reading: Reading;
  /** What the sentences before it, or the mail's subject line, spoke of. */
  readonly inMind: readonly Mention[];
  /** What the whole message speaks of clearly, wherever in it. */
  readonly spokenOf: ReadonlySet<Subject>;
  /** How it, or a sentence beside it, says when figures come out. */
  readonly when: When;
  /** Tokens of the whole message. */
  readonly size: number;
  /** Whether the whole message is a tweet or a note. */
  readonly short: boolean;
  /** How it reads to each learned reader, worked out when first asked; none where it is too short to tell. */
  readonly impressions: () => readonly Impression[];
  readonly readers: readonly LearnedReader[];
  /** What was said before it that may tell what it is about. */
  readonly before: () => readonly Said[];
}

/** Fewer words are a heading, or an answer that what stands before it gives its meaning. */
const LEAST_TOKENS = 4;

/** A message of so few tokens is a tweet or a note, whose everyday words are all there is to go by. */
export const SHORT_MESSAGE = 80;

/** From this many tokens on, honest sentences are so many that only those count that name a subject or carry one on. */
export const LONG_MESSAGE = 2.5 * SHORT_MESSAGE;

/** The subject line is what the first so many sentences of the body speak of. */
const TOPIC_REACH = 5;

/** A subject stays in mind for this many sentences of its paragraph, or under its heading. */
const CARRY = 2;

const heard = new WeakMap<OpenedMessage, { readonly vocabulary: Vocabulary; readonly sentences: readonly Heard[] }>();

/** The sentences of a message that may speak of a release, in order; worked out once for all detectors. */
export function hearMessage(message: OpenedMessage, vocabulary: Vocabulary): readonly Heard[] {
  const before = heard.get(message);
  if (before?.vocabulary === vocabulary) return before.sentences;
  const sentences: Heard[] = [];
  let topic: readonly Mention[] = [];
  const passages = readMessage(message, vocabulary);
  const size = passages.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const foreign = new ForeignText(passages);
  const spokenOf = new Set<Subject>();
  const subjectLine = passages.find(({ role }) => role === 'subject') ?? null;
  for (const passage of passages) {
    const last = hearPassage(passage, topic, { size, foreign, spokenOf, subjectLine }, sentences, vocabulary.learned);
    if (passage.role === 'subject') topic = last;
  }
  heard.set(message, { vocabulary, sentences });
  return sentences;
}

function hearPassage(
  passage: Passage,
  topic: readonly Mention[],
  whole: {
    readonly size: number;
    readonly foreign: ForeignText;
    readonly spokenOf: Set<Subject>;
    readonly subjectLine: Passage | null;
  },
  heardSoFar: Heard[],
  readers: readonly LearnedReader[],
): readonly Mention[] {
  const { tokens, sentences } = passage;
  const { size, foreign, spokenOf, subjectLine } = whole;
  const short = size <= SHORT_MESSAGE;
  let memory: readonly Mention[] = [];
  let age = 0;
  let underHeading = false;
  let last: readonly Mention[] = [];
  sentences.forEach((sentence, index) => {
    if (tokens[sentence.from - 1]?.kind === 'paragraph' && !underHeading) memory = [];
    const recalled = age < CARRY ? memory : [];
    const inMind = recalled.length > 0 || index >= TOPIC_REACH ? recalled : topic;
    age += 1;
    const inTable = passage.role === 'table' && (sentence.speaks || holdsNumber(passage, sentence));
    const speaks = sentence.speaks || (inMind.length > 0 && (sentence.cued || holdsNumber(passage, sentence)));
    // Where it is not long every sentence counts: learned readers go by more than the vocabulary.
    if (!speaks && !inTable && !(size < LONG_MESSAGE && passage.role !== 'table')) return;
    if (passage.role !== 'table' && foreign.has(passage, sentence, index)) return;
    const when = saysWhen(sentence, neighbour(passage, index, -1), neighbour(passage, index, 1));
    const isRead = passage.role !== 'table' && sentence.to - sentence.from >= LEAST_TOKENS;
    // Not kept: a long text has many sentences, and each would keep a dozen.
    const before = () => saidBefore(passage, index, passage === subjectLine ? null : subjectLine);
    const impressions = once(() => (isRead ? readers.map(({ read }) => read(tokens, sentence, before())) : []));
    const readsAsStatement = () => impressions().length === 0 || impressions().some(({ indicates }) => indicates > 0);
    const reading = readSentence(tokens, sentence, short, readsAsStatement);
    for (const { subject, clear } of reading.mentions) if (clear && subject !== null) spokenOf.add(subject);
    heardSoFar.push({ passage, reading, inMind, spokenOf, when, size, short, impressions, readers, before });
    const handed = carriedFrom(passage, reading, when);
    if (handed.length > 0) {
      memory = handed;
      last = handed;
      age = 0;
      underHeading = isHeading(passage, sentence);
    }
  });
  return last;
}

/** The sentence before or after, in the same paragraph. */
function neighbour({ tokens, sentences }: Passage, index: number, step: -1 | 1): Sentence | undefined {
  const later = sentences[step === 1 ? index + 1 : index];
  return later === undefined || tokens[later.from - 1]?.kind === 'paragraph' ? undefined : sentences[index + step];
}

function holdsNumber({ tokens }: Passage, { from, to }: Sentence): boolean {
  for (let at = from; at < to; at += 1) if (tokens[at]?.kind === 'number') return true;
  return false;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
