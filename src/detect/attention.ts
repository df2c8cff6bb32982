import {
  inflateWeights,
  inflateWords,
  type LearnedAttention,
  type LearnedMatrix,
  type LearnedVectors,
  WORD_MARKS,
} from '../rules/learned.ts';
import { type WordVectors, wordVectors } from '../text/word-vectors.ts';
import type { MarkedWords } from './marked-words.ts';

/** The parameters of a reader by attention; matrices lie in rows. */
export interface Attention {
  readonly heads: number;
  readonly hidden: number;
  /** `heads` by vector and marks: what each head looks for. */
  readonly queries: Float32Array;
  /** `hidden` by heads by vector and marks: what is made of what they found. */
  readonly layer: Float32Array;
  readonly layerBias: Float32Array;
  readonly out: Float32Array;
  readonly bias: number;
}

/** The parameters of a learned rule, inflated. */
export function inflateAttention(learned: LearnedAttention): Attention {
  const { heads, hidden, queries, layer, layerBias, out, bias } = learned;
  return {
    heads,
    hidden,
    queries: floats(queries),
    layer: floats(layer),
    layerBias: Float32Array.from(layerBias),
    out: Float32Array.from(out),
    bias,
  };
}

/** The vectors of a learned rule, inflated. */
export function inflateVectors({ words, values, scale }: LearnedVectors): WordVectors {
  const list = inflateWords(words);
  const bytes = inflateWeights(values);
  if (list === null || bytes === null) throw new Error(UNSOUND);
  return wordVectors(list, bytes, scale);
}

const UNSOUND = 'numbers of a learned rule do not inflate, and were found to when the rule was read';

function floats({ scale, weights }: LearnedMatrix): Float32Array {
  const bytes = inflateWeights(weights);
  if (bytes === null) throw new Error(UNSOUND);
  return Float32Array.from(bytes, (byte) => byte * scale);
}

/**
 * How a sentence reads, in log-odds: each head weighs the words by how much they are what it looks for, and what they amount to together
 * decides. Lin et al., 2017, "A structured self-attentive sentence embedding", with one layer over fixed vectors.
 */
export function attend(attention: Attention, vectors: WordVectors, words: MarkedWords): number {
  const { heads, hidden, queries, layer, layerBias, out, bias } = attention;
  const { dims, values, scale } = vectors;
  const width = dims + WORD_MARKS;
  const { rows, marks } = words;
  const count = rows.length;
  const found = new Float32Array(heads * width);
  const scores = new Float32Array(count);
  for (let head = 0; head < heads; head += 1) {
    const query = head * width;
    let most = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < count; at += 1) {
      const row = rows[at] as number;
      let score = 0;
      if (row >= 0) {
        const start = row * dims;
        for (let dim = 0; dim < dims; dim += 1)
          score += (values[start + dim] as number) * (queries[query + dim] as number);
        score *= scale;
      }
      for (let bits = marks[at] as number; bits !== 0; bits &= bits - 1)
        score += queries[query + dims + (31 - Math.clz32(bits & -bits))] as number;
      scores[at] = score;
      if (score > most) most = score;
    }
    let sum = 0;
    for (let at = 0; at < count; at += 1) {
      const share = Math.exp((scores[at] as number) - most);
      scores[at] = share;
      sum += share;
    }
    for (let at = 0; at < count; at += 1) {
      const share = (scores[at] as number) / sum;
      const row = rows[at] as number;
      if (row >= 0) {
        const start = row * dims;
        const worth = share * scale;
        for (let dim = 0; dim < dims; dim += 1)
          found[query + dim] = (found[query + dim] as number) + worth * (values[start + dim] as number);
      }
      for (let bits = marks[at] as number; bits !== 0; bits &= bits - 1) {
        const mark = query + dims + (31 - Math.clz32(bits & -bits));
        found[mark] = (found[mark] as number) + share;
      }
    }
  }
  const size = found.length;
  let odds = bias;
  for (let unit = 0; unit < hidden; unit += 1) {
    let sum = layerBias[unit] as number;
    const start = unit * size;
    for (let at = 0; at < size; at += 1) sum += (layer[start + at] as number) * (found[at] as number);
    if (sum > 0) odds += sum * (out[unit] as number);
  }
  return odds;
}
