import type { Attention } from '../src/detect/attention.ts';
import type { MarkedWords } from '../src/detect/marked-words.ts';
import { WORD_MARKS } from '../src/rules/learned.ts';
import type { WordVectors } from '../src/text/word-vectors.ts';
import { LearningVectors } from './learning-vectors.ts';

/** A sentence and whether it is one of those looked for. */
export interface Lesson {
  readonly words: MarkedWords;
  readonly isOne: boolean;
  readonly weight: number;
}

export interface FitOptions {
  readonly heads: number;
  readonly hidden: number;
  readonly rounds: number;
  /** Share of the numbers of a vector, and of the layer, that are left out at random while it learns. */
  readonly dropout: number;
  /** First step; it falls to a twentieth in equal parts. */
  readonly step: number;
  /** How many times as far the vectors of words go at each step: most of them are met seldom. */
  readonly vectorStep: number;
  readonly decay: number;
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

type TrainerOptions = Pick<FitOptions, 'heads' | 'hidden' | 'dropout' | 'decay' | 'vectorStep'>;

/** Parameters in one array, their gradients in another: queries, layer, its bias, out, bias. */
export class AttentionTrainer {
  readonly parameters: Float64Array;
  readonly gradients: Float64Array;
  readonly vectors: LearningVectors;
  private readonly options: TrainerOptions;
  private readonly random: () => number;
  private readonly width: number;
  private readonly at: {
    readonly layer: number;
    readonly layerBias: number;
    readonly out: number;
    readonly bias: number;
  };
  private readonly means: Float64Array;
  private readonly squares: Float64Array;
  private taken = 0;
  private steps = 0;

  constructor(vectors: WordVectors, options: TrainerOptions, random: () => number) {
    const { heads, hidden } = options;
    this.vectors = new LearningVectors(vectors);
    this.options = options;
    this.random = random;
    this.width = vectors.dims + WORD_MARKS;
    const queries = heads * this.width;
    const layer = hidden * queries;
    this.at = {
      layer: queries,
      layerBias: queries + layer,
      out: queries + layer + hidden,
      bias: queries + layer + 2 * hidden,
    };
    this.parameters = new Float64Array(this.at.bias + 1);
    for (let at = 0; at < this.at.bias; at += 1) {
      const span =
        at < this.at.layer
          ? 1 / Math.sqrt(this.width)
          : at < this.at.out
            ? 1 / Math.sqrt(queries)
            : 1 / Math.sqrt(hidden);
      this.parameters[at] = (2 * random() - 1) * span;
    }
    this.gradients = new Float64Array(this.parameters.length);
    this.means = new Float64Array(this.parameters.length);
    this.squares = new Float64Array(this.parameters.length);
  }

  /** Adds the gradient of a lesson's loss; returns the loss. */
  take({ words, isOne, weight }: Lesson): number {
    const { heads, hidden, dropout } = this.options;
    const { parameters: p, gradients: g, width, at } = this;
    const count = words.rows.length;
    const { seen, kept: keptNumbers } = this.embed(words);
    const pulled = new Float64Array(count * width);
    const size = heads * width;
    const found = new Float64Array(size);
    const shares = new Float64Array(heads * count);
    for (let head = 0; head < heads; head += 1) {
      let most = Number.NEGATIVE_INFINITY;
      for (let word = 0; word < count; word += 1) {
        let score = 0;
        for (let dim = 0; dim < width; dim += 1)
          score += (p[head * width + dim] as number) * (seen[word * width + dim] as number);
        shares[head * count + word] = score;
        most = Math.max(most, score);
      }
      let sum = 0;
      for (let word = 0; word < count; word += 1) {
        const share = Math.exp((shares[head * count + word] as number) - most);
        shares[head * count + word] = share;
        sum += share;
      }
      for (let word = 0; word < count; word += 1) {
        const share = (shares[head * count + word] as number) / sum;
        shares[head * count + word] = share;
        for (let dim = 0; dim < width; dim += 1)
          found[head * width + dim] =
            (found[head * width + dim] as number) + share * (seen[word * width + dim] as number);
      }
    }
    const active = new Float64Array(hidden);
    const kept = 1 - dropout;
    let odds = p[at.bias] as number;
    for (let unit = 0; unit < hidden; unit += 1) {
      let sum = p[at.layerBias + unit] as number;
      const start = at.layer + unit * size;
      for (let one = 0; one < size; one += 1) sum += (p[start + one] as number) * (found[one] as number);
      if (sum <= 0 || (dropout > 0 && this.random() < dropout)) continue;
      active[unit] = sum / kept;
      odds += (active[unit] as number) * (p[at.out + unit] as number);
    }
    const error = weight * (1 / (1 + Math.exp(-odds)) - (isOne ? 1 : 0));
    const back = new Float64Array(size);
    g[at.bias] = (g[at.bias] as number) + error;
    for (let unit = 0; unit < hidden; unit += 1) {
      const value = active[unit] as number;
      if (value === 0) continue;
      g[at.out + unit] = (g[at.out + unit] as number) + error * value;
      const slope = (error * (p[at.out + unit] as number)) / kept;
      g[at.layerBias + unit] = (g[at.layerBias + unit] as number) + slope;
      const start = at.layer + unit * size;
      for (let one = 0; one < size; one += 1) {
        g[start + one] = (g[start + one] as number) + slope * (found[one] as number);
        back[one] = (back[one] as number) + slope * (p[start + one] as number);
      }
    }
    const pulls = new Float64Array(count);
    for (let head = 0; head < heads; head += 1) {
      let mean = 0;
      for (let word = 0; word < count; word += 1) {
        let pull = 0;
        for (let dim = 0; dim < width; dim += 1)
          pull += (back[head * width + dim] as number) * (seen[word * width + dim] as number);
        pulls[word] = pull;
        mean += pull * (shares[head * count + word] as number);
      }
      for (let word = 0; word < count; word += 1) {
        const share = shares[head * count + word] as number;
        const slope = share * ((pulls[word] as number) - mean);
        if (share < 1e-12) continue;
        for (let dim = 0; dim < width; dim += 1) {
          const [weight, place] = [head * width + dim, word * width + dim];
          g[weight] = (g[weight] as number) + slope * (seen[place] as number);
          pulled[place] = (pulled[place] as number) + slope * (p[weight] as number) + share * (back[weight] as number);
        }
      }
    }
    for (let word = 0; word < count; word += 1)
      this.vectors.pull(words.rows[word] as number, pulled, word * width, keptNumbers, word * this.vectors.dims);
    this.taken += 1;
    return weight * Math.log1p(Math.exp(isOne ? -odds : odds));
  }

  /** One step of Adam along the mean gradient of what was taken since the last. */
  learn(step: number): void {
    const { parameters: p, gradients: g, means, squares } = this;
    this.steps += 1;
    const [meanShare, squareShare] = [1 - 0.9 ** this.steps, 1 - 0.999 ** this.steps];
    this.vectors.learn(step * this.options.vectorStep, this.taken, { meanShare, squareShare });
    for (let at = 0; at < p.length; at += 1) {
      const gradient = (g[at] as number) / this.taken;
      const mean = 0.9 * (means[at] as number) + 0.1 * gradient;
      const square = 0.999 * (squares[at] as number) + 0.001 * gradient * gradient;
      means[at] = mean;
      squares[at] = square;
      p[at] =
        (p[at] as number) * (1 - step * this.options.decay) -
        (step * (mean / meanShare)) / (Math.sqrt(square / squareShare) + 1e-8);
    }
    g.fill(0);
    this.taken = 0;
  }

  attention(): Attention {
    const { parameters: p, at, options } = this;
    return {
      heads: options.heads,
      hidden: options.hidden,
      queries: Float32Array.from(p.subarray(0, at.layer)),
      layer: Float32Array.from(p.subarray(at.layer, at.layerBias)),
      layerBias: Float32Array.from(p.subarray(at.layerBias, at.out)),
      out: Float32Array.from(p.subarray(at.out, at.bias)),
      bias: p[at.bias] as number,
    };
  }

  /** Vector and marks of each word, some numbers of the vectors left out; and how much of each number was kept. */
  private embed({ rows, marks }: MarkedWords): { readonly seen: Float64Array; readonly kept: Float32Array } {
    const { dims, values } = this.vectors;
    const { dropout } = this.options;
    const seen = new Float64Array(rows.length * this.width);
    const kept = new Float32Array(rows.length * dims);
    for (let word = 0; word < rows.length; word += 1) {
      const row = rows[word] as number;
      const start = word * this.width;
      if (row >= 0)
        for (let dim = 0; dim < dims; dim += 1) {
          if (dropout > 0 && this.random() < dropout) continue;
          kept[word * dims + dim] = 1 / (1 - dropout);
          seen[start + dim] = (values[row * dims + dim] as number) / (1 - dropout);
        }
      for (let mark = 0; mark < WORD_MARKS; mark += 1)
        if (((marks[word] as number) >> mark) & 1) seen[start + dims + mark] = 1;
    }
    return { seen, kept };
  }
}

/** Numbers from 0 to 1 that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let hash = Math.imul(state ^ (state >>> 15), state | 1);
    hash ^= hash + Math.imul(hash ^ (hash >>> 7), hash | 61);
    return ((hash ^ (hash >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
}
