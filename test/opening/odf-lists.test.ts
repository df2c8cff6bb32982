import { makeOdf } from './make-office.ts';
import { openBytes, textByPath } from './open-bytes.ts';

const level = (at: number, format: string, more = ''): string =>
  `<text:list-level-style-number text:level="${at}" style:num-format="${format}" ${more}/>`;
const style = `<office:automatic-styles><text:list-style style:name="L1">${level(1, 'A', 'style:num-suffix="."')}${level(2, '1', 'text:display-levels="2" style:num-prefix="(" style:num-suffix=")"')}</text:list-style>
<text:list-style style:name="L2">${level(1, '一, 二, 三, ...', 'text:start-value="11"')}</text:list-style>
<text:list-style style:name="L3"><text:list-level-style-bullet text:level="1" text:bullet-char="-"/></text:list-style></office:automatic-styles>`;
const item = (...inside: readonly string[]): string => `<text:list-item>${inside.join('')}</text:list-item>`;
const p = (words: string): string => `<text:p>${words}</text:p>`;
const list = (name: string, items: readonly string[], more = ''): string =>
  `<text:list text:style-name="${name}" ${more}>${items.join('')}</text:list>`;

async function shown(body: string): Promise<string> {
  const file = makeOdf('text', `${style}<office:body><office:text>${body}</office:text></office:body>`);
  return Object.values(textByPath(await openBytes(file, { name: 'a.odt' }))).join('\n');
}

describe('the numbers of lists in OpenDocument', () => {
  it.each([
    [
      'of two levels',
      list('L1', [item(p('one'), `<text:list>${item(p('in one'))}${item(p('more'))}</text:list>`), item(p('two'))]),
      'A. one\n(A.1) in one\n(A.2) more\nB. two',
    ],
    [
      'before the first paragraph of an item alone',
      list('L1', [item(p('one'), p('and on')), item(p('two'))]),
      'A. one\nand on\nB. two',
    ],
    ['that begin anew', `${list('L1', [item(p('one'))])}${list('L1', [item(p('one more'))])}`, 'A. one\nA. one more'],
    [
      'that go on',
      `${list('L1', [item(p('one'))])}${list('L1', [item(p('two'))], 'text:continue-numbering="true"')}`,
      'A. one\nB. two',
    ],
    ['in Chinese, from eleven on', list('L2', [item(p('one')), item(p('')), item(p('three'))]), '十一 one\n十三 three'],
    ['not of bullets', list('L3', [item(p('one'))]), 'one'],
    ['not of a style that is not there', list('L9', [item(p('one'))]), 'one'],
  ])('are shown %s', async (_what, body, text) => {
    expect(await shown(body)).toBe(text);
  });

  it('are shown of a style that the document names', async () => {
    const styles = `<office:document-styles><office:styles><text:list-style style:name="Numbering_20_4">${level(1, 'I')}</text:list-style></office:styles></office:document-styles>`;
    const body = `<office:body><office:text>${list('Numbering_20_4', [item(p('one')), item(p('two'))])}</office:text></office:body>`;
    const file = makeOdf('text', body, { 'styles.xml': styles });
    expect(Object.values(textByPath(await openBytes(file, { name: 'a.odt' })))[0]).toBe('I one\nII two');
  });
});
