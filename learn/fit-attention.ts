import type { Attention } from '../src/detect/attention.ts';
import type { WordVectors } from '../src/text/word-vectors.ts';
import { AttentionTrainer, type Lesson, type TrainerOptions } from './attention-trainer.ts';
import { seededRandom } from './seeded-random.ts';

export interface FitOptions extends TrainerOptions {
  readonly rounds: number;
  /** First step; it falls to a twentieth in equal parts. */
  readonly step: number;
  readonly seed: number;
}

const BATCH = 64;

/** Attention, and for each vector given the one that it became; in single numbers, a row a word. */
export interface FittedAttention {
  readonly attention: Attention;
  readonly vectors: Float32Array;
}

/**
 * Fits attention and the vectors it goes by, from those given, by gradients (Adam with decoupled decay: Loshchilov and Hutter, 2019).
 * The same lessons and the same seed give the same parameters.
 */
export function fitAttention(lessons: readonly Lesson[], vectors: WordVectors, options: FitOptions): FittedAttention {
  const random = seededRandom(options.seed);
  const trainer = new AttentionTrainer(vectors, options, random);
  const order = lessons.map((_, index) => index);
  const batches = Math.ceil(order.length / BATCH) * options.rounds;
  let done = 0;
  for (let round = 0; round < options.rounds; round += 1) {
    shuffle(order, random);
    for (let at = 0; at < order.length; at += BATCH) {
      for (const index of order.slice(at, at + BATCH)) trainer.take(lessons[index] as Lesson);
      trainer.learn(options.step * Math.max(0.05, 1 - done / batches));
      done += 1;
    }
  }
  return { attention: trainer.attention(), vectors: trainer.vectors.values };
}

function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
}
