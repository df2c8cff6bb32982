import { expandEntities } from './expand-entities.ts';

const doctype = (declarations: string): string => `<?xml version="1.0"?><!DOCTYPE r [${declarations}]>`;
const body = (declarations: string, content: string): string =>
  expandEntities(`${doctype(declarations)}<r>${content}</r>`).text.slice(doctype(declarations).length);

describe('entities that XML declares', () => {
  it.each([
    ['are put in', '<!ENTITY a "employ"><!ENTITY b \'ment\'>', 'record &a;&b;', '<r>record employment</r>'],
    ['are put in through others', '<!ENTITY a "em&b;"><!ENTITY b "ploy">', '&a;', '<r>employ</r>'],
    ['may be written as numbers', '<!ENTITY a "&#101;&#x6d;">', '&a;', '<r>em</r>'],
    ['count as first declared', '<!ENTITY a "one"><!ENTITY a "two">', '&a;', '<r>one</r>'],
    ['leave those alone that all XML has', '<!ENTITY a "x">', '&amp;&lt;', '<r>&amp;&lt;</r>'],
  ])('%s', (_, declarations, content, expected) => {
    expect(body(declarations, content)).toBe(expected);
  });

  it.each([
    [
      'that are a billion words',
      Array.from({ length: 9 }, (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`).join(''),
      '&a9;',
      'too-large',
    ],
    ['that are their own content', '<!ENTITY a "x&a;">', '&a;', 'too-large'],
    ['that are kept elsewhere', '<!ENTITY a SYSTEM "file:///etc/hostname">', '&a;', 'unsupported'],
    ['of parameters', '<!ENTITY % a "x"> %a;', 'y', 'unsupported'],
  ])('%s make the file incomplete', (_, declarations, content, reason) => {
    expect(expandEntities(`${doctype(declarations)}<r>${content}</r>`).fault?.reason).toBe(reason);
  });

  it.each([
    ['nobody refers to', `${doctype('<!ENTITY ns "http://example.org/"><!ENTITY x SYSTEM "y">')}<r/>`],
    ['are not there', '<?xml version="1.0"?><r>&nbsp; &amp; R&D;</r>'],
  ])('that %s cost nothing', (_, text) => {
    expect(expandEntities(text)).toEqual({ text, fault: null });
  });
});
