import iconv from 'iconv-lite';
import { decodeHtml } from './html.ts';

const page = (head: string, charset: string, text: string): Buffer =>
  iconv.encode(`<html><head>${head}</head><body><p>${text}</p></body></html>`, charset);

describe('the charset of a page', () => {
  it.each([
    ['its meta element', '<meta charset="windows-1251">', 'windows-1251', null, 'Привет'],
    [
      'its meta element of old',
      '<META http-equiv=Content-Type content="text/html; charset=big5">',
      'big5',
      null,
      '張毓倫',
    ],
    [
      'a meta element after nonsense',
      '<meta content="text/html;;charset=UTF-ELEVEN; charset=windows-1256">',
      'windows-1256',
      null,
      'أعرب',
    ],
    [
      'a second meta element',
      '<meta content="text/html; charset="><meta charset=windows-1256>',
      'windows-1256',
      null,
      'أعرب',
    ],
    ['a meta element far down', `${'<!-- long -->'.repeat(700)}<meta charset=koi8-r>`, 'koi8-r', null, 'Привет'],
    ['its mail', '<meta charset="utf-8">', 'koi8-r', 'koi8-r', 'Привет'],
    ['itself, where the mail says ASCII', '<meta charset="windows-1253">', 'windows-1253', 'us-ascii', 'ανεργίας'],
    ['its bytes, where it says UTF-16 in ASCII', '<meta charset="utf-16">', 'utf-8', null, 'Cafés'],
    ['its bytes, in UTF-16 without a mark', '<meta charset="utf-8">', 'utf-16le', null, 'Cafés'],
    ['its letters, where nobody says', '', 'windows-1251', null, 'Уровень безработицы снизился'],
  ])('is said by %s', (_, head, charset, declared, text) => {
    expect(decodeHtml(page(head, charset, text), declared)).toContain(`<p>${text}</p>`);
  });
});
