import { misreadNumber } from './misread-number.ts';
import { tokenise } from './tokenise.ts';

const read = (text: string): string | null => {
  const tokens = tokenise(text);
  return misreadNumber(tokens, 0, tokens.length)?.text ?? null;
};

describe('a number with letters for digits', () => {
  it.each([
    ['4.g%', '4.9'],
    ['74.S per cent', '74.5'],
    ['3l.39 million', '31.39'],
    ['3I.39m', '31.39'],
    ['l.39 million', '1.39'],
    ['O.3 points', '0.3'],
    ['31,39O,OOO', '31,390,000'],
    ['1O0 thousand', '100'],
  ])('is read where it is a quantity: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each(['4.9%', '3l of milk', '90s music', '5b', '10bn', 'so, 3 people', 'oil 5%', 'is.5', 'B52', 'go 4%'])(
    'is not seen in %s',
    (text) => {
      expect(read(text)).toBeNull();
    },
  );
});
