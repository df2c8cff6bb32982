import { type Attention, heed, weigh } from '../src/detect/attention.ts';
import type { MarkedWords } from '../src/detect/marked-words.ts';
import { type WordVectors, wordVectors } from '../src/text/word-vectors.ts';
import { AttentionTrainer, type Lesson } from './attention-trainer.ts';
import { type FitOptions, fitAttention } from './fit-attention.ts';
import { seededRandom } from './seeded-random.ts';

/** Six animals near each other, six tools near each other; the rest lie between. */
const NAMES = Array.from({ length: 24 }, (_, at) => `w${at}`);
const random = seededRandom(7);
const VECTORS = wordVectors(
  NAMES,
  Int8Array.from(
    NAMES.flatMap((_, at) => [at < 6 ? 90 : at < 12 ? -90 : 0, random() * 60 - 30, random() * 60 - 30].map(Math.round)),
  ),
  0.02,
);
const OPTIONS: FitOptions = {
  heads: 2,
  hidden: 8,
  rounds: 30,
  dropout: 0.1,
  step: 0.02,
  vectorStep: 0,
  decay: 1e-3,
  seed: 3,
};

function sentence(...rows: readonly number[]): MarkedWords {
  return { rows: Int32Array.from(rows), marks: new Uint16Array(rows.length) };
}

function attend(attention: Attention, vectors: WordVectors, words: MarkedWords, ...before: MarkedWords[]): number {
  return weigh(
    attention,
    heed(attention, vectors, words),
    before.map((one) => heed(attention, vectors, one)),
  );
}

/** Sentences with one animal or one tool among other words; the last of either is never taught. */
const LESSONS: readonly Lesson[] = Array.from({ length: 300 }, (_, at) => {
  const isOne = at % 2 === 0;
  const others = Array.from({ length: 5 }, () => 12 + Math.floor(random() * 12));
  return { words: sentence(...others, (isOne ? 0 : 6) + (at % 5)), isOne, weight: 1 };
});

it('learns what kind of word matters, and knows a word of that kind that it was never taught', () => {
  const { attention: fitted } = fitAttention(LESSONS, VECTORS, OPTIONS);
  const right = LESSONS.filter(({ words, isOne }) => attend(fitted, VECTORS, words) > 0 === isOne);
  expect(right.length).toBeGreaterThan(290);
  expect(attend(fitted, VECTORS, sentence(14, 5, 20, 17))).toBeGreaterThan(1);
  expect(attend(fitted, VECTORS, sentence(14, 11, 20, 17))).toBeLessThan(-1);
});

it('learns what a word is like whose vector says nothing', () => {
  const blank = wordVectors(NAMES, new Int8Array(VECTORS.values.length).fill(1), 0.02);
  const { attention, vectors } = fitAttention(LESSONS, blank, { ...OPTIONS, vectorStep: 1 });
  const learned = wordVectors(
    NAMES,
    Int8Array.from(vectors, (value) => Math.round(value / 0.05)),
    0.05,
  );
  const right = LESSONS.filter(({ words, isOne }) => attend(attention, learned, words) > 0 === isOne);
  expect(right.length).toBeGreaterThan(290);
});

it('learns what the order of two words says, and what the sentence before does', () => {
  const turned = (at: number): Lesson => {
    const isOne = at % 2 === 0;
    const [first, second] = [12 + (at % 6), 18 + (at % 5)];
    return { words: isOne ? sentence(14, first, second) : sentence(14, second, first), isOne, weight: 1 };
  };
  const after = (at: number): Lesson => {
    const isOne = at % 2 === 0;
    return { words: sentence(14, 20 + (at % 3)), before: [sentence(13, (isOne ? 0 : 6) + (at % 5))], isOne, weight: 1 };
  };
  for (const lesson of [turned, after]) {
    const lessons = Array.from({ length: 300 }, (_, at) => lesson(at));
    const { attention, vectors } = fitAttention(lessons, VECTORS, { ...OPTIONS, heads: 4, vectorStep: 1 });
    const learned = wordVectors(
      NAMES,
      Int8Array.from(vectors, (value) => Math.max(-127, Math.min(127, Math.round(value / 0.05)))),
      0.05,
    );
    const right = lessons.filter(
      ({ words, before = [], isOne }) => attend(attention, learned, words, ...before) > 0 === isOne,
    );
    expect(right.length).toBeGreaterThan(285);
  }
});

it('comes to the same from the same lessons and seed, and not from another seed', () => {
  const short = { ...OPTIONS, rounds: 2 };
  const fitted = fitAttention(LESSONS, VECTORS, short);
  expect(fitAttention(LESSONS, VECTORS, short)).toEqual(fitted);
  expect(fitAttention(LESSONS, VECTORS, { ...short, seed: 4 })).not.toEqual(fitted);
});

it('follows the slope of the loss, in every parameter', () => {
  const trainer = new AttentionTrainer(VECTORS, { ...OPTIONS, dropout: 0 }, seededRandom(11));
  const lesson: Lesson = {
    words: { rows: Int32Array.of(0, -1, 8, 15), marks: Uint16Array.of(1, 32, 6, 0) },
    before: [sentence(3, 9), { rows: Int32Array.of(-1, 7, 7), marks: Uint16Array.of(512, 0, 8192) }],
    isOne: true,
    weight: 1.5,
  };
  trainer.take(lesson);
  const slopes = trainer.gradients.slice();
  const SMALL = 1e-5;
  for (let at = 0; at < trainer.parameters.length; at += 1) {
    const before = trainer.parameters[at] as number;
    trainer.parameters[at] = before + SMALL;
    const above = trainer.take(lesson);
    trainer.parameters[at] = before - SMALL;
    const below = trainer.take(lesson);
    trainer.parameters[at] = before;
    expect(Math.abs((above - below) / (2 * SMALL) - (slopes[at] as number))).toBeLessThan(1e-5);
  }
  expect(slopes.some((slope) => Math.abs(slope) > 0.01)).toBe(true);
});

it('follows the slope of the loss, in every number of the vectors', () => {
  const trainer = new AttentionTrainer(VECTORS, { ...OPTIONS, dropout: 0 }, seededRandom(11));
  const lesson: Lesson = {
    words: sentence(0, -1, 8, 8, 15),
    before: [sentence(8, 2, 2), sentence(5)],
    isOne: true,
    weight: 1.5,
  };
  trainer.take(lesson);
  const { values, gradients } = trainer.vectors;
  const slopes = gradients.slice();
  const SMALL = 1e-2;
  for (let at = 0; at < values.length; at += 1) {
    const before = values[at] as number;
    values[at] = before + SMALL;
    const above = trainer.take(lesson);
    values[at] = before - SMALL;
    const below = trainer.take(lesson);
    values[at] = before;
    expect(Math.abs((above - below) / (2 * SMALL) - (slopes[at] as number))).toBeLessThan(1e-3);
  }
  expect(slopes.some((slope) => Math.abs(slope) > 0.01)).toBe(true);
});
