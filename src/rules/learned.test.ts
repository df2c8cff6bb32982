import { gzipSync } from 'node:zlib';
import { attentionWidth, inflateWeights, learnedSchema } from './learned.ts';

const pack = (bytes: number) => gzipSync(Buffer.alloc(bytes, 3)).toString('base64');
const weights = (bytes = 1024) => ({ scale: 0.01, bias: -1, weights: pack(bytes) });
const RULE = {
  kind: 'learned',
  id: 'reads-so',
  summary: 'Reads so.',
  least: { note: 1, text: 3, subject: 0 },
  doubt: { words: -1, figures: -2 },
  examples: { match: ['one', 'two'], clean: ['three', 'four'] },
  buckets: 1024,
  indicates: weights(),
  subjects: { trade: weights() },
};

it('takes as many weights as it says', () => {
  expect(learnedSchema.safeParse(RULE).success).toBe(true);
  expect(inflateWeights(pack(1024), 1024)).toHaveLength(1024);
});

it.each([
  ['fewer', { indicates: weights(1000) }, ['indicates', 'weights']],
  ['more, however many', { indicates: weights(50_000_000) }, ['indicates', 'weights']],
  [
    'those of a subject cut short',
    { subjects: { trade: { ...weights(), weights: 'H4sI' } } },
    ['subjects', 'trade', 'weights'],
  ],
])('says where the weights are %s', (_what, change, path) => {
  const { error } = learnedSchema.safeParse({ ...RULE, ...change });
  expect(error?.issues.map((issue) => issue.path)).toEqual([path]);
  expect(error?.issues[0]?.message).toMatch(/take the shipped file/);
});

const VECTORS = {
  dims: 2,
  scale: 0.1,
  words: gzipSync('one\ntwo\nthree').toString('base64'),
  values: pack(6),
};
const WIDTH = attentionWidth(2);
const ATTENTION = {
  heads: 2,
  hidden: 3,
  queries: { scale: 0.1, weights: pack(2 * WIDTH) },
  layer: { scale: 0.1, weights: pack(3 * 2 * WIDTH) },
  layerBias: [0, 0, 0],
  out: [1, 1, 1],
  bias: 0,
};

it('takes vectors alone, and vectors with attention of their width', () => {
  expect(learnedSchema.safeParse({ ...RULE, vectors: VECTORS }).success).toBe(true);
  expect(learnedSchema.safeParse({ ...RULE, vectors: VECTORS, attention: ATTENTION }).success).toBe(true);
});

it.each([
  ['vectors of too few numbers', { vectors: { ...VECTORS, values: pack(5) } }, [['vectors', 'values']]],
  ['vectors of no words', { vectors: { ...VECTORS, words: 'H4sI' } }, [['vectors', 'values']]],
  [
    'attention over other vectors',
    { vectors: { ...VECTORS, dims: 1, values: pack(3) }, attention: ATTENTION },
    [
      ['attention', 'queries'],
      ['attention', 'layer'],
    ],
  ],
  [
    'attention without vectors',
    { attention: ATTENTION },
    [
      ['attention', 'queries'],
      ['attention', 'layer'],
    ],
  ],
  ['a layer without an end', { vectors: VECTORS, attention: { ...ATTENTION, out: [1, 1] } }, [['attention', 'out']]],
])('says where a file has %s', (_what, change, paths) => {
  const { error } = learnedSchema.safeParse({ ...RULE, ...change });
  expect(error?.issues.map(({ path }) => path)).toEqual(paths);
  expect(error?.issues[0]?.message).toMatch(/take the shipped file/);
});
