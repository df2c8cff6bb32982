import { tokenise } from '../text/tokenise.ts';
import { hasTurn, isStatedApart } from './new-clause.ts';

const places = (text: string, guard: string, verb: string) => {
  const tokens = tokenise(text);
  const at = (word: string) => tokens.findLastIndex((token) => token.text === word);
  return { tokens, guard: { from: at(guard), to: at(guard) + 1 }, verb: at(verb) };
};

describe('a clause of its own', () => {
  it.each([
    ['economists expected a fall, but unemployment rose', 'expected', 'rose', true],
    ['unemployment rose although economists expected a fall', 'expected', 'rose', true],
    ['economists expected that unemployment rose', 'expected', 'rose', false],
  ])('"%s": after "%s", "%s" stands behind a turn: %s', (text, guard, verb, expected) => {
    const place = places(text, guard, verb);
    expect(hasTurn(place.tokens, place.guard, place.verb)).toBe(expected);
  });

  it.each([
    ['the aim is growth, and the economy grew', 'aim', 'grew', true],
    ['if you look at wales, unemployment has fallen', 'if', 'fallen', true],
    ['the aim: unemployment is down', 'aim', 'down', true],
    ['the aim is that the economy grew', 'aim', 'grew', false],
    ['if it rains, unemployment would have fallen', 'if', 'fallen', false],
    ['our aim is jobs, homes and exports to be cut', 'aim', 'cut', false],
  ])('"%s": after "%s", "%s" is stated apart: %s', (text, guard, verb, expected) => {
    const place = places(text, guard, verb);
    expect(isStatedApart(place.tokens, place.guard, place.verb)).toBe(expected);
  });
});
