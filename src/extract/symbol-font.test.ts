import { symbolOf } from './symbol-font.ts';

describe('a character of a font of signs', () => {
  it.each([
    ['F062', 'Symbol', 'β'],
    ['F0B1', 'Symbol', '±'],
    ['F0A3', 'Symbol', '≤'],
    ['F0E5', 'Symbol', '∑'],
    ['F037', 'Symbol', '7'],
    ['F0FE', 'Symbol', '⎭'],
    ['F0FC', 'Wingdings', '✓'],
    ['F0E0', 'Wingdings', '→'],
    ['F04A', 'Wingdings', '☺'],
    ['F041', 'Wingdings', 'A'],
    ['F041', 'Other', 'A'],
    ['263A', 'Other', '☺'],
    ['zz', 'Symbol', ''],
    ['110000', 'Other', ''],
  ])('%s of %s is %s', (code, font, expected) => {
    expect(symbolOf(code, font)).toBe(expected);
  });
});
