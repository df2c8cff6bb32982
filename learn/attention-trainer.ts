import type { Attention } from '../src/detect/attention.ts';
import type { MarkedWords } from '../src/detect/marked-words.ts';
import { attentionWidth, WORD_MARKS } from '../src/rules/learned.ts';
import type { WordVectors } from '../src/text/word-vectors.ts';
import { LearningVectors } from './learning-vectors.ts';

/** A sentence and whether it is one of those looked for. */
export interface Lesson {
  readonly words: MarkedWords;
  /** The sentences before it, if any. */
  readonly before?: readonly MarkedWords[];
  readonly isOne: boolean;
  readonly weight: number;
}

export interface TrainerOptions {
  readonly heads: number;
  readonly hidden: number;
  /** Share of the numbers of a vector, and of the layer, that are left out at random while it learns. */
  readonly dropout: number;
  /** How many times as far the vectors of words go at each step: most of them are met seldom. */
  readonly vectorStep: number;
  readonly decay: number;
}

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
    this.width = attentionWidth(vectors.dims);
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
  take(lesson: Lesson): number {
    const { isOne, weight } = lesson;
    const embedded = this.embed(lesson.before === undefined ? [lesson.words] : [lesson.words, ...lesson.before]);
    const { shares, found } = this.look(embedded);
    const { active, odds } = this.decide(found);
    const error = weight * (1 / (1 + Math.exp(-odds)) - (isOne ? 1 : 0));
    const back = this.returnError(error, active, found);
    this.pullVectors(embedded, this.returnToWords(embedded, shares, back));
    this.taken += 1;
    return weight * Math.log1p(Math.exp(isOne ? -odds : odds));
  }

  /** The share of each word in what each head finds, and what it finds. */
  private look({ seen, rows }: Embedded): { readonly shares: Float64Array; readonly found: Float64Array } {
    const { parameters: p, width } = this;
    const { heads } = this.options;
    const count = rows.length;
    const found = new Float64Array(heads * width);
    const shares = new Float64Array(heads * count);
    for (let head = 0; head < heads; head += 1) {
      const query = head * width;
      let most = Number.NEGATIVE_INFINITY;
      for (let word = 0; word < count; word += 1) {
        const start = word * width;
        let score = 0;
        for (let dim = 0; dim < width; dim += 1) score += (p[query + dim] as number) * (seen[start + dim] as number);
        shares[head * count + word] = score;
        if (score > most) most = score;
      }
      let sum = 0;
      for (let word = head * count; word < (head + 1) * count; word += 1) {
        const share = Math.exp((shares[word] as number) - most);
        shares[word] = share;
        sum += share;
      }
      for (let word = 0; word < count; word += 1) {
        const start = word * width;
        const share = (shares[head * count + word] as number) / sum;
        shares[head * count + word] = share;
        for (let dim = 0; dim < width; dim += 1)
          found[query + dim] = (found[query + dim] as number) + share * (seen[start + dim] as number);
      }
    }
    return { shares, found };
  }

  /** What the layer makes of what the heads found, some of it left out, and the log-odds. */
  private decide(found: Float64Array): { readonly active: Float64Array; readonly odds: number } {
    const { parameters: p, at } = this;
    const { hidden, dropout } = this.options;
    const size = found.length;
    const active = new Float64Array(hidden);
    let odds = p[at.bias] as number;
    for (let unit = 0; unit < hidden; unit += 1) {
      const start = at.layer + unit * size;
      let sum = p[at.layerBias + unit] as number;
      for (let one = 0; one < size; one += 1) sum += (p[start + one] as number) * (found[one] as number);
      if (sum <= 0 || (dropout > 0 && this.random() < dropout)) continue;
      active[unit] = sum / (1 - dropout);
      odds += (active[unit] as number) * (p[at.out + unit] as number);
    }
    return { active, odds };
  }

  /** Adds the gradient of the layer; returns that of what the heads found. */
  private returnError(error: number, active: Float64Array, found: Float64Array): Float64Array {
    const { parameters: p, gradients: g, at } = this;
    const size = found.length;
    const back = new Float64Array(size);
    g[at.bias] = (g[at.bias] as number) + error;
    for (let unit = 0; unit < active.length; unit += 1) {
      const value = active[unit] as number;
      if (value === 0) continue;
      g[at.out + unit] = (g[at.out + unit] as number) + error * value;
      const slope = (error * (p[at.out + unit] as number)) / (1 - this.options.dropout);
      g[at.layerBias + unit] = (g[at.layerBias + unit] as number) + slope;
      const start = at.layer + unit * size;
      for (let one = 0; one < size; one += 1) {
        g[start + one] = (g[start + one] as number) + slope * (found[one] as number);
        back[one] = (back[one] as number) + slope * (p[start + one] as number);
      }
    }
    return back;
  }

  /** Adds the gradient of the queries; returns that of the words as they were seen. */
  private returnToWords({ seen, rows }: Embedded, shares: Float64Array, back: Float64Array): Float64Array {
    const { parameters: p, gradients: g, width } = this;
    const count = rows.length;
    const pulled = new Float64Array(count * width);
    const pulls = new Float64Array(count);
    for (let head = 0; head < this.options.heads; head += 1) {
      const query = head * width;
      let mean = 0;
      for (let word = 0; word < count; word += 1) {
        const start = word * width;
        let pull = 0;
        for (let dim = 0; dim < width; dim += 1) pull += (back[query + dim] as number) * (seen[start + dim] as number);
        pulls[word] = pull;
        mean += pull * (shares[head * count + word] as number);
      }
      for (let word = 0; word < count; word += 1) {
        const share = shares[head * count + word] as number;
        if (share < 1e-12) continue;
        const start = word * width;
        const slope = share * ((pulls[word] as number) - mean);
        for (let dim = 0; dim < width; dim += 1) {
          g[query + dim] = (g[query + dim] as number) + slope * (seen[start + dim] as number);
          pulled[start + dim] =
            (pulled[start + dim] as number) +
            slope * (p[query + dim] as number) +
            share * (back[query + dim] as number);
        }
      }
    }
    return pulled;
  }

  private pullVectors({ rows, kept, follows }: Embedded, pulled: Float64Array): void {
    const { dims } = this.vectors;
    for (let word = 0; word < rows.length; word += 1) {
      const row = rows[word] as number;
      const own = word * this.width;
      this.vectors.pull(row, pulled, own, kept, word * dims);
      // The next word saw it as the one before.
      if (follows[word + 1] === 1)
        this.vectors.pull(row, pulled, own + this.width + dims + WORD_MARKS, kept, word * dims);
    }
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

  /** Each word as attention sees it, some numbers of the vectors left out, and how much of each was kept; the sentence itself, then those before it. */
  private embed(sentences: readonly MarkedWords[]): Embedded {
    const { width } = this;
    const { dims, values } = this.vectors;
    const { dropout } = this.options;
    const block = dims + WORD_MARKS;
    const count = sentences.reduce((sum, { rows }) => sum + rows.length, 0);
    const [rows, follows] = [new Int32Array(count), new Uint8Array(count + 1)];
    const seen = new Float64Array(count * width);
    const kept = new Float32Array(count * dims);
    let word = 0;
    sentences.forEach((sentence, index) => {
      for (let at = 0; at < sentence.rows.length; at += 1, word += 1) {
        const row = sentence.rows[at] as number;
        const start = word * width;
        rows[word] = row;
        if (row >= 0)
          for (let dim = 0; dim < dims; dim += 1) {
            if (dropout > 0 && this.random() < dropout) continue;
            kept[word * dims + dim] = 1 / (1 - dropout);
            seen[start + dim] = (values[row * dims + dim] as number) / (1 - dropout);
          }
        for (let mark = 0; mark < WORD_MARKS; mark += 1)
          if (((sentence.marks[at] as number) >> mark) & 1) seen[start + dims + mark] = 1;
        if (at > 0) {
          follows[word] = 1;
          seen.copyWithin(start + block, start - width, start - width + block);
        }
        if (index > 0) seen[start + width - 1] = 1;
      }
    });
    return { seen, kept, rows, follows };
  }
}

interface Embedded {
  readonly seen: Float64Array;
  readonly kept: Float32Array;
  readonly rows: Int32Array;
  /** Whether a word stands right after the one before it in the list, in one sentence. */
  readonly follows: Uint8Array;
}
