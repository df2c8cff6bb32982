import { readHtml } from './read-html.ts';

describe('what a page shows', () => {
  it.each([
    ['a word in pieces', 'em<b>ploy</b>m<i>e</i>nt', 'employment'],
    ['entities without semicolons', '&copy 2020 &#150; &#x80; &#133;', '© 2020 – € …'],
    ['tags never closed', '<p>one<p>two<ul><li>three<li>four', 'one\ntwo\nthree\nfour'],
    ['cells never closed', '<table><tr><td>a<td>b<tr><td>c<td>d</table>', 'a\tb\nc\td'],
    ['an alternative text', 'see <img src=x.png alt="a chart"> here', 'see a chart here'],
    ['options and buttons', '<select><option>one<option>two</select><button>Press</button>', 'one\ntwo\nPress'],
    ['a drawing’s text', '<svg><text>74.0</text></svg>', '74.0'],
    ['what only browsers without Office show', '<![if !mso]><p>other</p><![endif]>', 'other'],
  ])('is read: %s', (_, page, text) => {
    expect(readHtml(page).visible).toBe(text);
  });
});

describe('what a page holds and does not show', () => {
  it.each([
    ['a description', '<meta name=description content="Record employment">'],
    ['structured data', '<script type="application/ld+json">{"name":"Record \\u0065mployment"}</script>'],
    ['a comment', '<!-- Record employment -->'],
    ['a comment for one client', '<!--[if mso]><p>Record <b>empl</b>oyment</p><![endif]-->'],
    ['a page for old browsers', '<frameset><noframes><p>Record <b>empl</b>oyment</noframes></frameset>'],
    ['a page in an attribute', '<iframe srcdoc="<p>Record <b>empl</b>oyment"></iframe>'],
    ['an attribute of a script', '<p data-tooltip="Record employment">x</p>'],
    ['a field', '<input type=hidden value="Record employment">'],
    ['a title', '<p title="Record employment">x</p>'],
    ['a hidden element', '<p style="display: none">Record employment</p>'],
  ])('is read: %s', (_, page) => {
    expect(readHtml(page).hidden).toContain('Record employment');
  });

  it.each(['longdesc', 'cite', 'href', 'srcset', 'formaction'])('is a link: %s', (attribute) => {
    expect(readHtml(`<p ${attribute}="http://x.example/a">x`).links).toEqual(['http://x.example/a']);
  });

  it('is a link from where the page says', () => {
    const page = '<base href="http://x.example/a/"><img src="b.png"><a href="?p=1">';
    expect(readHtml(page).links).toEqual([
      'http://x.example/a/',
      'http://x.example/a/b.png',
      'http://x.example/a/?p=1',
    ]);
  });

  it('is read in bounded depth, comments in comments in comments', () => {
    expect(readHtml(`${'<!--<p>'.repeat(20_000)}Record employment`).hidden).toContain('Record employment');
  });
});
