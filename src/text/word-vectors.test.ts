import { wordVectors } from './word-vectors.ts';

const VECTORS = wordVectors(['rose', "bird's", 'bird'], Int8Array.of(1, 2, 3, 4, 5, 6), 0.5);

it.each([
  ['rose', 0],
  ["bird's", 1],
  ["rose's", 0],
  ['roses', -1],
  ["unheard's", -1],
  ['', -1],
])('the row of %j is %i', (word, row) => {
  expect(VECTORS.rowOf(word)).toBe(row);
});

it('has as many numbers for each word', () => {
  expect(VECTORS.dims).toBe(2);
});
