import { Misspellings } from './misspelling.ts';

describe('slips of the keys', () => {
  const words = new Set([
    'unemployment',
    'employment',
    'inflation',
    'vacancies',
    'higher',
    'record',
    'contracted',
    'increase',
    'spending',
    'dropped',
  ]);
  const misspellings = new Misspellings(words);

  it.each([
    ['two letters swapped', 'unemploymnet', 'unemployment'],
    ['two letters swapped in a short word', 'hihger', 'higher'],
    ['a consonant that should be doubled', 'droped', 'dropped'],
    ['a letter missing', 'emplyment', 'employment'],
    ['a letter doubled', 'inflattion', 'inflation'],
    ['a letter too many', 'vacanciees', 'vacancies'],
  ])('puts %s right', (_, written, meant) => {
    expect(misspellings.meant(written)).toBe(meant);
  });

  it.each([
    ['a word of the vocabulary', 'employment'],
    ['an honest neighbour', 'contacted'],
    ['a short word that misses a letter', 'recod'],
    ['a word of eight letters that misses one', 'sending'],
    ['two slips at once', 'umemploymnt'],
    ['a wrong first letter', 'nuemployment'],
  ])('leaves %s alone', (_, written) => {
    expect(misspellings.meant(written)).toBeNull();
  });
});
