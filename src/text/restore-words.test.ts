import { restoreWords } from './restore-words.ts';
import { tokenise } from './tokenise.ts';

const vocabulary = new Set(['record', 'employment', 'unemployment', 'jobs', 'up', 'full', 'time', 'high']);

function restored(text: string): string {
  return restoreWords(tokenise(text), vocabulary)
    .map((token) => token.text)
    .join(' ');
}

describe('hidden words', () => {
  it.each([
    ['spaced letters', 'R e c o r d e m p l o y m e n t', 'record employment'],
    ['letters parted by full stops', 'j.o.b.s up', 'jobs up'],
    ['digits for letters', 'rec0rd 3mployment', 'record employment'],
    ['signs for letters', 'j0b$s', 'j0b$s'],
    ['a word parted by a line wrap', 'unemploy-\nment', 'unemployment'],
    ['a run-together hashtag', '#RecordEmployment', '# record employment'],
  ])('come back from %s', (_name, text, expected) => {
    expect(restored(text)).toBe(expected);
  });

  it.each([
    ['words that are joined by a hyphen and known apart', 'full-time', 'full - time'],
    ['initials', 'J R R Tolkien', 'j r r tolkien'],
    ['codes', 'a1 b2 0x', 'a1 b2 0 x'],
  ])('leave %s alone', (_name, text, expected) => {
    expect(restored(text)).toBe(expected);
  });
});
