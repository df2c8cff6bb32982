import { tokenise } from '../text/tokenise.ts';
import { isProgramName } from './program-name.ts';

describe('a name in a program', () => {
  it.each([
    ['NO_OUTPUT_SYNC', 'output', true],
    ['capture_output(x)', 'output', true],
    ['output(x)', 'output', true],
    ['with_output', 'output', true],
    ['output is up', 'output', false],
    ['output (seasonally adjusted) is up', 'output', false],
    ['_output_ is up', 'output', false],
    ['#uk_jobs up', 'jobs', false],
    ['#jobs_day', 'jobs', false],
  ])('in %j is %s: %s', (text, word, expected) => {
    const tokens = tokenise(text);
    const from = tokens.findIndex((token) => token.text === word);
    expect(isProgramName(tokens, { from, to: from + 1 })).toBe(expected);
  });
});
