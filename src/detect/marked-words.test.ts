import { rules } from '../../test/words/judge-words.ts';
import { wordVectors } from '../text/word-vectors.ts';
import { markWords, shapeOf } from './marked-words.ts';
import { readPassage } from './passage.ts';
import { vocabularyOf } from './vocabulary.ts';

const VECTORS = wordVectors(['unemployment', 'fell', 'to', '%'], new Int8Array(8), 1);

it('gives the words in their order, with the phrases that they stand in', () => {
  const { tokens, sentences } = readPassage('text', 'body', 'Unemployment fell to 4.2% xyzzy.', vocabularyOf(rules));
  const [sentence] = sentences;
  if (sentence === undefined) throw new Error('no sentence');
  const { rows, marks } = markWords(tokens, sentence, VECTORS);
  const words = tokens.slice(sentence.from, sentence.to).map(({ text }) => text);
  expect(words).toEqual(['unemployment', 'fell', 'to', '4.2', '%', 'xyzzy']);
  expect([...rows]).toEqual([0, 1, 2, -1, 3, -1]);
  // A subject, a word of direction, a fraction, a word that nothing is known of.
  expect((marks[0] as number) & 1).toBe(1);
  expect((marks[1] as number) & 4).toBe(4);
  expect(marks[3]).toBe(64);
  expect(marks[5]).toBe(512);
});

it('tells names abroad from names of firms, and marks each word of them', () => {
  const { tokens, sentences } = readPassage(
    'text',
    'body',
    'Rents in New York and sales at Morrisons rose.',
    vocabularyOf(rules),
  );
  const [sentence] = sentences;
  if (sentence === undefined) throw new Error('no sentence');
  const { marks } = markWords(tokens, sentence, VECTORS);
  const named = tokens
    .slice(sentence.from, sentence.to)
    .flatMap(({ text }, at) => ((marks[at] as number) >= 1024 ? [[text, (marks[at] as number) >> 10]] : []));
  expect(named).toEqual([
    ['new', 1],
    ['york', 1],
    ['morrisons', 2],
  ]);
});

it.each([
  ['2016', 'year'],
  ['74.0', 'fraction'],
  ['1.200', 'large'],
  ['31,390', 'large'],
  ['12', 'small'],
])('takes the number %s for a %s', (number, shape) => {
  expect(shapeOf(number)).toBe(shape);
});
