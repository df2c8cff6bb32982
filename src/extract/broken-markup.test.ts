import fc from 'fast-check';
import { brokenMarkup } from './broken-markup.ts';

const nothing = (): readonly string[] => [];

describe('brokenMarkup', () => {
  it.each([
    ['a colon after the last quote', '<p style="display:none":Output fell sharply</p>', 'p :Output fell sharply'],
    ['a quote that never closes', '<svg><text x="1" y="2 >Output fell sharply</text></svg>', 'Output fell sharply'],
    [
      'a quote that closes in the next tag',
      '<p title="a>Output fell sharply</p><p id="b">x</p>',
      'Output fell sharply',
    ],
    ['a tag without its bracket', '<pOutput fell sharply</p>', 'pOutput fell sharply'],
    ['words in a closing tag', '<p>a</p Output fell sharply>', '/p Output fell sharply'],
    ['words in a declaration', '<!doctype html Output fell sharply><p>a</p>', '!doctype html Output fell sharply'],
    ['an attribute twice', '<p title="a" title="Output fell sharply">b</p>', 'Output fell sharply'],
    ['references', '<p "">a</p><p a"b=>Caf&eacute; sales fell</p>', 'Café sales fell'],
    ['the end within a tag', '<p>a</p><p title="Output fell sharply', 'Output fell sharply'],
  ])('gives the words behind a broken tag: %s', (_, markup, expected) => {
    expect(brokenMarkup(markup, 'html', nothing).split('\n')).toContain(expected);
  });

  it('gives what readers of XML lose to a broken declaration', () => {
    expect(brokenMarkup('<?xml ve<a>Output fell</a>rsion="1.0"?><r/>', 'xml', nothing)).toContain('Output fell');
  });

  it('leaves out what was read', () => {
    const markup = '<p class="x"">Output fell</p><p>Prices rose again</p>';
    expect(brokenMarkup(markup, 'html', () => ['Output fell'])).toBe('Prices rose again');
  });

  it.each([
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><p>a b</p>',
    '<p nowrap>one two</p><input disabled checked value="a b"><td ng-app v-cloak>three four</td>',
    '<a href=page.html?a=1&b=2 title="1 > 0">one two</a><br/><img src="a.png" / >',
    '<p>Output < 3 and > 1 of <b>all jobs</b></p>',
    '<script>if (a<b && c>d) write("<p class=");</script><p>one two</p>',
    '<style>p > b { }</style><!-- a <b c" --><title>1 <2 of</title><![if !mso]><p>one two</p><![endif]>',
    '<?xml:namespace prefix = o ns = "urn:x" /><o:p>one two</o:p>',
    '<input onclick="if (a < b) go()"><p>one two</p>',
  ])('finds nothing broken in %s', (markup) => {
    expect(brokenMarkup(markup, 'html', nothing)).toBe('');
  });

  it('gives no word twice and never throws, whatever stands there', () => {
    const piece = fc.constantFrom('<', '>', '"', "'", '=', ' ', 'a', 'b1', '/', '<!--', '-->', '<?', 'one two');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom('html' as const, 'xml' as const),
        (list, language) => {
          const markup = list.join('');
          expect(brokenMarkup(markup, language, () => [markup])).toBe('');
        },
      ),
    );
  });
});
