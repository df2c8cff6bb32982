import fc from 'fast-check';
import { SHINGLE_WORDS, winnowShingles } from './shingles.ts';

const word = fc.stringMatching(/^[a-z]{2,8}$/);

describe('winnowed shingles', () => {
  it('share one with any text that has the same nine words in a row', () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 9, maxLength: 20 }),
        fc.array(word, { maxLength: 30 }),
        fc.array(word, { maxLength: 30 }),
        (passage, before, after) => {
          const kept = new Set(winnowShingles(passage.join(' ')));
          const there = winnowShingles([...before, ...passage, ...after].join(' '));
          expect(there.some((shingle) => kept.has(shingle))).toBe(true);
        },
      ),
    );
  });

  it('do not mind case, marks, line breaks and quoting', () => {
    const text = 'The number of households that moved stood at 1,204 after a long spell';
    expect(winnowShingles(`> ${text.toUpperCase().replace('that ', 'that,\n> ')}!`)).toEqual(winnowShingles(text));
  });

  it('are none in a text shorter than one', () => {
    expect(winnowShingles('word '.repeat(SHINGLE_WORDS - 1))).toEqual([]);
  });
});
