import { inflateWeights, type Learned, type LearnedWeights } from '../rules/learned.ts';
import type { Subject } from '../rules/subject.ts';
import type { Token } from '../text/tokenise.ts';
import { emptyHeeded, type Heeded, heed, inflateAttention, inflateVectors, weigh } from './attention.ts';
import { markWords } from './marked-words.ts';
import type { Sentence } from './passage.ts';
import type { Said } from './said-before.ts';
import { sentenceFeatures } from './sentence-features.ts';

/** A longer sentence has more words to add up, and no more to say: its odds are taken back. */
const PLAIN_LENGTH = 25;

/** How a sentence reads, in log-odds. */
export interface Impression {
  readonly rule: Learned;
  /** That it states what a statistic shows. */
  readonly indicates: number;
  /** That it is about a subject, if it is about any; worked out only when asked. */
  readonly about: (subject: Subject) => number;
}

/** A learned rule with its weights inflated. */
export interface LearnedReader {
  readonly rule: Learned;
  /** How a sentence reads after what was said before it. */
  readonly read: (tokens: readonly Token[], sentence: Sentence, before: readonly Said[]) => Impression;
}

/** Inflates the weights of a rule; subjects that it was not taught are about nothing to it. */
export function compileReader(rule: Learned, subjects: readonly Subject[]): LearnedReader {
  const mask = rule.buckets - 1;
  const indicates = scorer(rule.indicates, rule.buckets);
  const about = new Map(
    subjects.flatMap((subject) => {
      const weights = rule.subjects[subject.id];
      return weights === undefined ? [] : [[subject, scorer(weights, rule.buckets)] as const];
    }),
  );
  const byLikeness = attentiveScorer(rule);
  return {
    rule,
    read(tokens, sentence, before) {
      const buckets = sentenceFeatures(tokens, sentence, mask);
      const byWords = indicates(buckets) * Math.min(1, Math.sqrt(PLAIN_LENGTH / (sentence.to - sentence.from)));
      return {
        rule,
        indicates: byWords + byLikeness({ tokens, sentence }, before),
        about: (subject) => about.get(subject)?.(buckets) ?? Number.NEGATIVE_INFINITY,
      };
    },
  };
}

/** What was found in so many sentences is kept for those after them. */
const KEPT = 32;

function attentiveScorer(rule: Learned): (said: Said, before: readonly Said[]) => number {
  if (rule.attention === undefined || rule.vectors === undefined) return () => 0;
  const attention = inflateAttention(rule.attention);
  const vectors = inflateVectors(rule.vectors);
  const kept = new Map<Sentence, Heeded>();
  const room = new Float32Array(attention.queries.length);
  const heedOnce = ({ tokens, sentence }: Said): Heeded => {
    const known = kept.get(sentence);
    if (known !== undefined) {
      // The next sentence wants it too.
      kept.delete(sentence);
      kept.set(sentence, known);
      return known;
    }
    // Room is used again: a text of a megabyte has ten thousand sentences.
    const [oldest, spare] = kept.size < KEPT ? [] : (kept.entries().next().value ?? []);
    if (oldest !== undefined) kept.delete(oldest);
    const heeded = heed(attention, vectors, markWords(tokens, sentence, vectors), spare ?? emptyHeeded(attention));
    kept.set(sentence, heeded);
    return heeded;
  };
  return (said, before) => weigh(attention, heedOnce(said), before.map(heedOnce), room);
}

function scorer({ weights, scale, bias }: LearnedWeights, most: number): (buckets: ReadonlySet<number>) => number {
  const table = inflateWeights(weights, most);
  if (table === null)
    throw new Error('weights of a learned rule do not inflate, and were found to when the rule was read');
  return (buckets) => {
    let sum = 0;
    for (const bucket of buckets) sum += table[bucket] as number;
    return bias + sum * scale;
  };
}
