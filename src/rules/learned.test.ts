import { gzipSync } from 'node:zlib';
import { inflateWeights, learnedSchema } from './learned.ts';

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
