import {
  attentionWidth,
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
  /** `heads` by the width of a word (`attentionWidth`): what each head looks for. */
  readonly queries: Float32Array;
  /** `hidden` by heads by that width: what is made of what they found. */
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

/** What each head finds in the words of a sentence: sums of shares, in powers of e below `most`, and of vectors and marks by share. */
export interface Heeded {
  readonly most: Float32Array;
  readonly sums: Float32Array;
  /** `heads` by the width of a word. */
  readonly found: Float32Array;
}

/** Where shares of words are worked out: sentences have at most a hundred. */
const SHARES = new Float32Array(128);

/** Room for what attention finds in a sentence. */
export function emptyHeeded({ heads, queries }: Attention): Heeded {
  return {
    most: new Float32Array(heads),
    sums: new Float32Array(heads),
    found: new Float32Array(queries.length),
  };
}

/** What attention finds in a sentence alone; put in the place of something else, since a long text has many sentences. */
export function heed(
  attention: Attention,
  vectors: WordVectors,
  { rows, marks }: MarkedWords,
  heeded: Heeded = emptyHeeded(attention),
): Heeded {
  const { heads, queries } = attention;
  const { dims } = vectors;
  const width = attentionWidth(dims);
  const block = dims + WORD_MARKS;
  const count = rows.length;
  heeded.found.fill(0);
  const shares = count <= SHARES.length ? SHARES : new Float32Array(count);
  for (let head = 0; head < heads; head += 1) {
    const query = head * width;
    let most = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < count; at += 1) {
      let score = scoreOf(queries, query, vectors, rows[at] as number, marks[at] as number);
      if (at > 0) score += scoreOf(queries, query + block, vectors, rows[at - 1] as number, marks[at - 1] as number);
      shares[at] = score;
      if (score > most) most = score;
    }
    let sum = 0;
    for (let at = 0; at < count; at += 1) {
      const share = Math.exp((shares[at] as number) - most);
      sum += share;
      addWord(heeded.found, query, vectors, rows[at] as number, marks[at] as number, share);
      if (at > 0) addWord(heeded.found, query + block, vectors, rows[at - 1] as number, marks[at - 1] as number, share);
    }
    heeded.most[head] = most;
    heeded.sums[head] = sum;
  }
  return heeded;
}

function scoreOf(queries: Float32Array, query: number, vectors: WordVectors, row: number, marks: number): number {
  const { dims, values, scale } = vectors;
  let score = 0;
  if (row >= 0) {
    const start = row * dims;
    for (let dim = 0; dim < dims; dim += 1) score += (values[start + dim] as number) * (queries[query + dim] as number);
    score *= scale;
  }
  for (let bits = marks; bits !== 0; bits &= bits - 1)
    score += queries[query + dims + (31 - Math.clz32(bits & -bits))] as number;
  return score;
}

function addWord(
  found: Float32Array,
  at: number,
  vectors: WordVectors,
  row: number,
  marks: number,
  share: number,
): void {
  const { dims, values, scale } = vectors;
  if (row >= 0) {
    const start = row * dims;
    const worth = share * scale;
    for (let dim = 0; dim < dims; dim += 1)
      found[at + dim] = (found[at + dim] as number) + worth * (values[start + dim] as number);
  }
  for (let bits = marks; bits !== 0; bits &= bits - 1) {
    const mark = at + dims + (31 - Math.clz32(bits & -bits));
    found[mark] = (found[mark] as number) + share;
  }
}

/**
 * How a sentence reads after those before it, in log-odds: each head weighs the words by how much they are what it looks for, and what they
 * amount to together decides. Lin et al., 2017, "A structured self-attentive sentence embedding", with each word seen beside the one before
 * it, and one layer over what the heads found. Words of the sentences before are weighed as such. `found` is room to work in.
 */
export function weigh(
  attention: Attention,
  own: Heeded,
  before: readonly Heeded[] = [],
  found = new Float32Array(own.found.length),
): number {
  const { heads, hidden, queries, layer, layerBias, out, bias } = attention;
  const size = own.found.length;
  const width = size / heads;
  found.fill(0);
  for (let head = 0; head < heads; head += 1) {
    const query = head * width;
    const earlier = queries[query + width - 1] as number;
    let most = own.most[head] as number;
    for (const one of before) most = Math.max(most, (one.most[head] as number) + earlier);
    let sum = 0;
    let sumBefore = 0;
    const take = (one: Heeded, offset: number): number => {
      const power = Math.exp((one.most[head] as number) + offset - most);
      for (let at = query; at < query + width - 1; at += 1)
        found[at] = (found[at] as number) + power * (one.found[at] as number);
      return power * (one.sums[head] as number);
    };
    sum += take(own, 0);
    for (const one of before) sumBefore += take(one, earlier);
    sum += sumBefore;
    found[query + width - 1] = sumBefore;
    for (let at = query; at < query + width; at += 1) found[at] = (found[at] as number) / sum;
  }
  let odds = bias;
  for (let unit = 0; unit < hidden; unit += 1) {
    let sum = layerBias[unit] as number;
    const start = unit * size;
    for (let at = 0; at < size; at += 1) sum += (layer[start + at] as number) * (found[at] as number);
    if (sum > 0) odds += sum * (out[unit] as number);
  }
  return odds;
}
