import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { framedHtml, safeHtml } from './safe-html.ts';

const ALLOWED = new Set(
  'p div span br hr b i u s em strong small sub sup big center font blockquote pre code h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr td th caption'.split(
    ' ',
  ),
);

/** Elements and attributes that a page would have. */
function seenBy(html: string): readonly string[] {
  const found: string[] = [];
  const parser = new Parser({
    onopentag: (name, attributes) => found.push(name, ...Object.keys(attributes).map((one) => `@${one}`)),
    oncomment: () => found.push('comment'),
    onprocessinginstruction: () => found.push('instruction'),
  });
  parser.end(html);
  return [...new Set(found)];
}

describe('HTML that somebody else wrote', () => {
  it.each([
    ['<p onclick=x style="color:red" class=a>Hi</p>', '<p>Hi</p>'],
    ['<script>alert(1)</script>Hi<style>p{}</style>', 'Hi'],
    ['<a href="https://evil.example/">our site</a>', 'our site [https://evil.example/]'],
    ['<a href="javascript:x">x</a><a href="#top">up</a>', 'x [javascript:x]up'],
    ['<img src="https://evil.example/p.gif" alt=\'a "b"\'>', ' [picture: a &quot;b&quot;] '],
    ['<td colspan=2 rowspan="x">a', '<td colspan="2">a</td>'],
    ['<p dir=rtl lang=ar>رقم</p>', '<p dir="rtl" lang="ar">رقم</p>'],
    ['&lt;script&gt;', '&lt;script&gt;'],
    ['a\u202eb', 'a[U+202E]b'],
    ['<b><i>x</b>y</i>', '<b><i>x</i></b>y'],
    ['<svg><script>x</script></svg>z', 'z'],
    ['<form action=//evil><input value=v><button>Go</button></form>', 'Go'],
    ['<title>t</title><base href=//evil><meta http-equiv=refresh>ok', 'ok'],
    ['<div style="display:none">hidden</div>', '<div>hidden</div>'],
    ['<!-- <b>x</b> --><![CDATA[y]]>z', 'z'],
  ])('%s becomes %s', (html, expected) => {
    expect(safeHtml(html)).toBe(expected);
  });

  it('has no element and no attribute but those of a short list, however it was written', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<script>',
        '</script>',
        '<img src=x onerror=y>',
        '"',
        "'",
        '>',
        '<',
        '<!--',
        '-->',
        '<svg/onload=x>',
        '<p title="',
        '<td colspan=9>',
        '&lt;',
        '&#x3c;',
        '<![CDATA[',
        '<plaintext>',
        '<xmp>',
        '\0',
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        for (const one of seenBy(safeHtml(pieces.join('')))) {
          expect(one.startsWith('@') ? ['@colspan', '@rowspan', '@dir', '@lang'].includes(one) : ALLOWED.has(one)).toBe(
            true,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a thousand deep keeps its first two hundred elements', 1000, `deep${'</div>'.repeat(200)}`],
    ['fifty thousand deep is shown without its structure', 50_000, 'deep</pre>'],
  ])('nested %s', (_what, depth, end) => {
    expect(safeHtml(`${'<div>'.repeat(depth)}deep`).endsWith(end)).toBe(true);
  });

  it('stands in a page that may load nothing', () => {
    expect(framedHtml('x')).toContain("default-src 'none'; base-uri 'none'; form-action 'none'");
  });
});
