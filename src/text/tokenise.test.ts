import fc from 'fast-check';
import { type Token, tokenise } from './tokenise.ts';

function words(text: string): string {
  return tokenise(text)
    .map((token) => (token.kind === 'line' || token.kind === 'paragraph' ? '/' : token.text))
    .join(' ');
}

describe('tokens of a text', () => {
  it.each([
    ['lower case', 'Record EMPLOYMENT', 'record employment'],
    ['soft hyphens and zero-width characters', 'employ\u00adment r\u200bise', 'employment rise'],
    ['Cyrillic and Greek look-alikes', 'еmрlоymеnt', 'employment'],
    ['full-width letters and digits', 'ｕｐ ７４．０％', 'up 74.0 %'],
    ['Arabic digits and their separators', '٧٤٫٥', '74.5'],
    ['mathematical letters', '𝐫𝐞𝐜𝐨𝐫𝐝', 'record'],
    ['circled letters', '🅡🅔🅒🅞🅡🅓', 'record'],
    ['HTML character references', 'employ&shy;ment &#117;p &amp; well', 'employment up & well'],
    ['a Welsh circumflex', 'tŵf', 'twf'],
    ['a footnote mark after a number', '74.0%¹', '74.0 %'],
    ['a possessive', "month's", "month 's"],
    ['quoted-reply marks and wrapped lines', 'the rate has\n> risen again', 'the rate has risen again'],
    ['a short line, which its writer ended', 'Jobs\nUp again', 'jobs / up again'],
    ['a clock time', 'at 9.30am.', 'at 9.30 am .'],
  ])('fold %s', (_name, text, expected) => {
    expect(words(text)).toBe(expected);
  });

  it.each([
    ['It fell. Then it rose.', 2],
    ['up 0.3. 31 million', 2],
    ['No. 10 said so', 1],
    ['9.30 a.m. on Wednesday', 1],
  ])('tell the end of a sentence in %j', (text, sentences) => {
    const ends = tokenise(text).filter((token, at, all) => token.kind === 'end' || at === all.length - 1);
    expect(ends).toHaveLength(sentences);
  });

  it('keep offsets into the text as it was written', () => {
    const text = 'Re\u200bcord  emplоyment &#117;p';
    const shown = tokenise(text).map((token) => text.slice(token.start, token.end));
    expect(shown).toEqual(['Re\u200bcord', 'emplоyment', '&#117;p']);
  });

  it('never overlap, never run backwards and never leave the text, whatever it is', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('&#x', "a's", '1,', '\n>', '%'),
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 20 }), (pieces) => {
        const text = pieces.join('');
        let last = 0;
        for (const token of tokenise(text)) {
          expect(token.start).toBeGreaterThanOrEqual(last);
          expect(token.end).toBeGreaterThanOrEqual(token.start);
          last = token.end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('part the cells of a table', () => {
    const kinds = tokenise('Rate\t74.0\nLevel\t31', { table: true }).map((token: Token) => token.kind);
    expect(kinds).toEqual(['word', 'cell', 'number', 'line', 'word', 'cell', 'number']);
  });
});
