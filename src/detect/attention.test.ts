import fc from 'fast-check';
import { attentionWidth, WORD_MARKS } from '../rules/learned.ts';
import { wordVectors } from '../text/word-vectors.ts';
import { type Attention, type Heeded, heed, weigh } from './attention.ts';
import type { MarkedWords } from './marked-words.ts';

const DIMS = 3;
const WIDTH = attentionWidth(DIMS);
const BLOCK = DIMS + WORD_MARKS;
const VECTORS = wordVectors(
  ['a', 'b', 'c', 'd'],
  Int8Array.from({ length: 4 * DIMS }, (_, at) => (at * 29) % 127),
  0.02,
);

const number = fc.float({ min: -2, max: 2, noNaN: true });
const numbers = (length: number) =>
  fc.array(number, { minLength: length, maxLength: length }).map((list) => Float32Array.from(list));

const attention: fc.Arbitrary<Attention> = fc
  .record({ heads: fc.integer({ min: 1, max: 3 }), hidden: fc.integer({ min: 1, max: 4 }) })
  .chain(({ heads, hidden }) =>
    fc.record({
      heads: fc.constant(heads),
      hidden: fc.constant(hidden),
      queries: numbers(heads * WIDTH),
      layer: numbers(hidden * heads * WIDTH),
      layerBias: numbers(hidden),
      out: numbers(hidden),
      bias: number,
    }),
  );

const words: fc.Arbitrary<MarkedWords> = fc
  .array(fc.record({ row: fc.integer({ min: -1, max: 3 }), marks: fc.integer({ min: 0, max: 2 ** WORD_MARKS - 1 }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((list) => ({
    rows: Int32Array.from(list, ({ row }) => row),
    marks: Uint16Array.from(list, ({ marks }) => marks),
  }));

const sentences = fc.array(words, { minLength: 1, maxLength: 4 });

/** How the first of some sentences reads after the others. */
function attend(parameters: Attention, [own, ...before]: readonly MarkedWords[]): number {
  if (own === undefined) throw new Error('no sentence');
  const [first, ...others] = [own, ...before].map((one) => heed(parameters, VECTORS, one));
  return weigh(parameters, first as Heeded, others);
}

/** The same by the book: a whole vector for each word of all sentences, softmax, sums. */
function byTheBook(
  { heads, hidden, queries, layer, layerBias, out, bias }: Attention,
  said: readonly MarkedWords[],
): number {
  const seen = said.flatMap(({ rows, marks }, sentence) => {
    const alone = Array.from(rows, (row, at) =>
      Array.from({ length: BLOCK }, (_, dim) =>
        dim >= DIMS
          ? ((marks[at] as number) >> (dim - DIMS)) & 1
          : row < 0
            ? 0
            : (VECTORS.values[row * DIMS + dim] as number) * 0.02,
      ),
    );
    const none = new Array<number>(BLOCK).fill(0);
    return alone.map((word, at) => [...word, ...(alone[at - 1] ?? none), sentence > 0 ? 1 : 0]);
  });
  const found = Array.from({ length: heads }, (_, head) => {
    const powers = seen.map((word) =>
      Math.exp(word.reduce((sum, one, dim) => sum + one * (queries[head * WIDTH + dim] as number), 0)),
    );
    const all = powers.reduce((sum, power) => sum + power, 0);
    return Array.from({ length: WIDTH }, (_one, dim) =>
      seen.reduce((sum, word, at) => sum + ((powers[at] as number) / all) * (word[dim] as number), 0),
    );
  }).flat();
  return Array.from({ length: hidden }, (_, unit) => {
    const sum = found.reduce(
      (total, one, at) => total + one * (layer[unit * found.length + at] as number),
      layerBias[unit] as number,
    );
    return Math.max(0, sum) * (out[unit] as number);
  }).reduce((sum, one) => sum + one, bias);
}

it('comes to what the formula says, for a sentence and those before it', () => {
  fc.assert(
    fc.property(attention, sentences, (parameters, said) => {
      expect(attend(parameters, said)).toBeCloseTo(byTheBook(parameters, said), 2);
    }),
  );
});

it('goes by what was said before and not by its order', () => {
  fc.assert(
    fc.property(attention, words, sentences, (parameters, own, before) => {
      expect(attend(parameters, [own, ...before.toReversed()])).toBeCloseTo(attend(parameters, [own, ...before]), 2);
    }),
  );
});

it('is a finite number for a sentence of any length', () => {
  const parameters: Attention = {
    heads: 1,
    hidden: 1,
    queries: new Float32Array(WIDTH).fill(50),
    layer: new Float32Array(WIDTH).fill(50),
    layerBias: Float32Array.of(0),
    out: Float32Array.of(1),
    bias: 0,
  };
  const sentence = { rows: new Int32Array(100).fill(3), marks: new Uint16Array(100).fill(1023) };
  expect(Number.isFinite(attend(parameters, [sentence, sentence]))).toBe(true);
});
