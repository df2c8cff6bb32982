import { rules } from '../../test/words/judge-words.ts';
import { readPassage } from './passage.ts';
import { sentenceFeatures } from './sentence-features.ts';
import { vocabularyOf } from './vocabulary.ts';

function featuresOf(text: string): ReadonlySet<number> {
  const { tokens, sentences } = readPassage('text', 'body', text, vocabularyOf(rules));
  const [sentence] = sentences;
  if (sentence === undefined) throw new Error('no sentence');
  return sentenceFeatures(tokens, sentence, 0xffffff);
}

function shared(one: string, other: string): number {
  const [a, b] = [featuresOf(one), featuresOf(other)];
  return [...a].filter((feature) => b.has(feature)).length / Math.max(a.size, b.size);
}

it.each([
  ['digits of fractions', 'The rate rose to 3.1% in May.', 'The rate rose to 47.9% in May.'],
  ['digits of years', 'The rate rose in 2014.', 'The rate rose in 2017.'],
  ['capitals', 'THE RATE ROSE IN MAY.', 'The rate rose in May.'],
])('does not tell %s apart', (_what, one, other) => {
  expect(shared(one, other)).toBe(1);
});

it.each([
  ['a year and a small number', 'The rate rose in 1997.', 'The rate rose in 12.'],
  ['the order of words', 'Prices rose as wages fell.', 'Wages rose as prices fell.'],
  ['a question and a statement', 'The rate rose in May?', 'The rate rose in May.'],
])('tells %s apart', (_what, one, other) => {
  expect(shared(one, other)).toBeLessThan(1);
});

it('finds more in common where only the subject differs than where what is said of it does', () => {
  const alike = shared('Unemployment crept up.', 'Inflation crept up.');
  expect(alike).toBeGreaterThan(shared('Unemployment crept up.', 'Unemployment was discussed.'));
});

it('finds more in common where only the city abroad differs than where one is ours', () => {
  const abroad = shared('Rents in Toronto went up.', 'Rents in Lagos went up.');
  expect(abroad).toBeGreaterThan(shared('Rents in Toronto went up.', 'Rents in Leeds went up.'));
});
