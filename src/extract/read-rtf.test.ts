import fc from 'fast-check';
import { type RtfContent, readRtf } from './read-rtf.ts';

const read = (rtf: string): RtfContent => readRtf(Buffer.from(rtf, 'latin1'));
const fonts = (charset: string): string =>
  `{\\fonttbl{\\f0\\fnil ${charset} Some Font;}{\\f1\\fnil\\fcharset0 Arial;}}`;

describe('the running text of rich text', () => {
  it.each([
    ['a footnote', 'Record{\\super\\chftn}{\\footnote{\\super\\chftn} See annex}  employment', 'Record  employment'],
    [
      'a comment',
      'super{\\*\\atnid AB}{\\*\\atnauthor Ann Bee}\\chatn{\\*\\annotation {\\*\\atnref 1}note}fragile',
      'superfragile',
    ],
    ['a text box', 'one{\\shp{\\*\\shpinst\\shpleft1{\\sp{\\sn fLine}{\\sv 0}}{\\shptxt box}}} word', 'one word'],
    ['a bookmark', 'one{\\*\\bkmkstart here}{\\*\\bkmkend here} word', 'one word'],
    ['a header', '{\\header top}one word', 'one word'],
    ['a link', 'a {\\field{\\*\\fldinst HYPERLINK "http://x.example"}{\\fldrslt link}} here', 'a link here'],
    ['a format', 'em{\\b plo}{\\i\\f1 y}ment', 'employment'],
    ['a deletion', 'rose{\\deleted  sharply} again', 'rose again'],
    ['a picture', 'one{\\pict{\\*\\picprop{\\sp{\\sn pictureId}{\\sv 5}}}\\pngblip 89504e47} word', 'one word'],
  ])('is not broken by %s', (_, rtf, text) => {
    expect(read(`{\\rtf1\\ansi ${rtf}}`).text).toBe(text);
  });

  it.each([
    ['Unicode with its replacement', '\\uc1 caf\\u233?s', 'cafés'],
    ['Unicode with two replaced bytes', "\\uc2 \\u26085\\'93\\'fa!", '日!'],
    ['Unicode without replacement', '\\uc0 caf\\u233 s', 'cafés'],
    ['characters beyond the first plane', '\\u-10240?\\u-8398?', '\u{10332}'],
    ['half a pair', 'Unpaired \\u-10240? here', 'Unpaired \ufffd here'],
    ['both forms of a text', "{\\upr{\\'83\\'5e}{\\*\\ud{\\u12479 ?\\u12452 ?\\u12488 ?\\u12523 ?}}}", 'タイトル'],
    ['dashes and quotes', 'em\\emdash dash \\ldblquote x\\rdblquote', 'em—dash “x”'],
    ['hyphens', 'a\\_b\\-c\\~d', 'a\u2011b\u00adc\u00a0d'],
    ['the bullet of a list', "{\\listtext \\u61623\\'3f\\tab}one", '•\tone'],
    ['braces', '\\{ text \\}', '{ text }'],
    ['a closing brace too many', 'one}} word', 'one word'],
    ['a cut-off file', 'one {\\b word', 'one word'],
    ['cells and rows', 'a\\cell b\\cell\\row c\\cell d\\cell\\row', 'a\tb\t\nc\td'],
    ['bytes within', 'one{\\*\\bin3 }}} word', 'one word'],
  ])('has %s', (_, rtf, text) => {
    expect(read(`{\\rtf1\\ansi ${rtf}}`).text).toBe(text);
  });

  it.each([
    ['Japanese', '\\fcharset128', "\\'83\\'5e\\'83\\'43", 'タイ'],
    ['Japanese with raw trail bytes', '\\fcharset128', "\\'83N", 'ク'],
    ['simplified Chinese', '\\fcharset134', "\\'c4\\'ea", '年'],
    ['traditional Chinese', '\\fcharset136', "\\'a6\\'7e", '年'],
    ['Korean', '\\fcharset129', "\\'b3\\'e2", '년'],
    ['Russian', '\\fcharset204', "\\'d3\\'e2", 'Ув'],
    ['Greek', '\\fcharset161', "\\'c1\\'e2", 'Αβ'],
    ['Czech', '\\fcharset238', "\\'c8l\\'e1nek", 'Článek'],
    ['Thai', '\\fcharset222', "\\'a1\\'d2", 'กา'],
    ['Hebrew', '\\fcharset177', "\\'e0\\'e1", 'אב'],
    ['Arabic', '\\fcharset178', "\\'c7\\'c8", 'اب'],
  ])('is decoded by the charset of its font: %s', (_, charset, bytes, text) => {
    expect(read(`{\\rtf1\\ansi\\deff0${fonts(charset)}\\f0 ${bytes}}`).text).toBe(text);
    expect(read(`{\\rtf1\\ansi\\deff0${fonts(charset)} ${bytes}}`).text).toBe(text);
  });

  it('is decoded by the charset that an old font has in its name', () => {
    expect(read("{\\rtf1\\ansi{\\fonttbl{\\f0\\fswiss Arial Cyr;}}\\f0 \\'d3\\'e2}").text).toBe('Ув');
  });

  it.each([
    [932, "\\'83\\'5e", 'タ'],
    [1251, "\\'d3", 'У'],
    [950, "\\'a6\\'7e", '年'],
    [10000, "\\'8a", 'ä'],
    [65001, "\\'c3\\'a4", 'ä'],
    [437, "\\'84", 'ä'],
  ])('is decoded by code page %i', (page, bytes, text) => {
    expect(read(`{\\rtf1\\ansi\\ansicpg${page} ${bytes}}`).text).toBe(text);
  });
});

describe('what rich text has beside its text', () => {
  const rtf = read(
    '{\\rtf1{\\info{\\title Title here}{\\author Ann Bee}{\\creatim\\yr2012\\mo3\\dy4\\hr5\\min6}{\\nofwords70}}' +
      '{\\*\\userprops{\\propname Client}\\proptype30{\\staticval A. Co}}' +
      '{\\header top}{\\footer foot}text{\\footnote below}{\\*\\annotation said}{\\v unseen}{\\deleted gone}' +
      '{\\field{\\*\\fldinst HYPERLINK "http://x.example"}{\\fldrslt link}}' +
      '{\\pict{\\*\\picprop{\\sp{\\sn wzDescription}{\\sv A chart of jobs}}{\\sp{\\sn cropTop}{\\sv 77}}}ffd8ff}' +
      '{\\*\\unknown odd words}{\\object{\\*\\objclass Package}{\\*\\objdata 414243}{\\result shown}}}',
  );

  it.each<[keyof RtfContent, readonly string[]]>([
    ['metadata', ['title: Title here', 'author: Ann Bee', 'creatim: 2012-03-04T05:06:00', 'words: 70', 'A. Co']],
    ['asides', ['top', 'foot', 'below', 'said']],
    ['hidden', ['unseen', 'gone']],
    ['fields', ['HYPERLINK "http://x.example"', 'A chart of jobs', 'odd words', 'Package']],
    ['text', ['textlinkshown']],
  ])('is kept apart: %s', (kind, lines) => {
    expect(String(rtf[kind]).split('\n')).toEqual(expect.arrayContaining([...lines]));
  });

  it('is its objects and pictures', () => {
    expect(rtf.objects.map(String)).toEqual([String(Buffer.from('ABC'))]);
    expect(rtf.pictures).toHaveLength(1);
    expect(`${rtf.text}${rtf.fields}`).not.toMatch(/77|414243/);
  });
});

describe('a page wrapped in rich text', () => {
  it('is the page as it was', () => {
    const { html } = read(
      '{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Record{\\*\\htmltag84 <b>}\\htmlrtf {\\b\\htmlrtf0' +
        " em\\'e9{\\*\\htmltag84 &amp;}\\htmlrtf &\\htmlrtf0\\htmlrtf }\\htmlrtf0{\\*\\htmltag92 </b>}" +
        '{\\*\\mhtmltag84 <a href="changed">}\\par{\\*\\htmltag72 </p>}\\htmlrtf }\\htmlrtf0}',
    );
    expect(html).toBe('<p>Record<b>emé&amp;</b>\n</p>');
  });
});

describe('words in groups that damage left open or opened', () => {
  it.each([
    [
      'a table of fonts that does not end',
      '{\\rtf1{\\fonttbl{\\f0 Arial \\f0 Output fell sharply.\\par}',
      'Output fell sharply',
    ],
    ['a line within a name', '{\\rtf1{\\fonttbl{\\f0 Arial;\\par Output fell\\par sharply}}}', 'Output fell'],
    ['a sentence among styles', '{\\rtf1{\\stylesheet{\\s1 The output of the sector fell sharply;}}}', 'fell sharply'],
    [
      'a picture that does not end',
      '{\\rtf1{\\pict\\pngblip 89504e47\\par Output fell sharply.\\par}',
      'Output fell sharply',
    ],
  ])('are given: %s', (_, file, words) => {
    expect(read(file).stray).toContain(words);
  });

  it.each([
    '{\\rtf1{\\fonttbl{\\f0 Times New Roman;}{\\f1\\fnil\\fcharset0 Arial Unicode MS;}}{\\stylesheet{Normal;}{\\s1 heading 1;}}text}',
    '{\\rtf1{\\colortbl;\\red0\\green0\\blue0;}{\\pict\\pngblip\n89504e47\n0d0a1a0a\n}text}\n',
  ])('are none in a whole file: %s', (file) => {
    expect(read(file).stray).toBe('');
  });

  it('keeps the letters where digits of a byte should be', () => {
    expect(read("{\\rtf1 a\\'The output}").text).toBe('aThe output');
  });
});

it('reads any bytes without throwing', () => {
  const words = fc.constantFrom(
    '{',
    '}',
    '\\*',
    '\\v ',
    '\\upr',
    '\\ud',
    '\\sn',
    '\\sv',
    '\\pict',
    '\\bin9 ',
    '\\u1 ',
    "\\'8",
    'ab',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (list) => {
      expect(read(`{\\rtf1 ${list.join('')}`).text).toEqual(expect.any(String));
    }),
  );
});
