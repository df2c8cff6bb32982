import fc from 'fast-check';
import { DocxText } from './docx-text.ts';
import { XmlReader } from './xml-reader.ts';

const NAMES = [
  ...['p', 'r', 'tbl', 'tr', 'tc', 'del', 'ins', 'moveFrom', 'moveTo', 'sdt', 'sdtContent', 'hyperlink', 'ruby', 'rt'],
  ...['rubyBase', 'txbxContent', 'pict', 'Choice', 'Fallback', 'AlternateContent', 'comment', 'fldSimple', 'smartTag'],
] as const;

type Node = string | { readonly name: (typeof NAMES)[number]; readonly children: readonly Node[] };

/** Any nesting of a document's elements, in which words stand in runs of text. */
const tree = fc.letrec<{ node: Node; element: Node }>((tie) => ({
  node: fc.oneof({ maxDepth: 6 }, fc.constant('word'), tie('element')),
  element: fc.record({ name: fc.constantFrom(...NAMES), children: fc.array(tie('node'), { maxLength: 4 }) }),
})).element;

function write(node: Node, words: string[]): string {
  if (typeof node !== 'string') {
    const inner = node.children.map((child) => write(child, words)).join('');
    return `<w:${node.name}>${inner}</w:${node.name}>`;
  }
  const word = `word${words.length}x`;
  words.push(word);
  return `<w:t>${word}</w:t>`;
}

function read(xml: string): string {
  const text = new DocxText();
  const reader = new XmlReader(text);
  reader.write(xml);
  reader.end();
  return [text.current(), text.beforeDeletions(), text.asides()].join('\n');
}

describe('a story of a document', () => {
  it('gives every word back, however its elements are nested', () => {
    fc.assert(
      fc.property(tree, (root) => {
        const words: string[] = [];
        const shown = read(`<w:document><w:body>${write(root, words)}</w:body></w:document>`);
        expect(words.filter((word) => !shown.includes(word))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the words before a cut back, wherever the cut is', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (root, at) => {
        const words: string[] = [];
        const xml = `<w:document><w:body>${write(root, words)}</w:body></w:document>`;
        const cut = xml.slice(0, at % xml.length);
        const whole = words.filter((word) => cut.includes(`${word}</w:t>`));
        const shown = read(cut);
        expect(whole.filter((word) => !shown.includes(word))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
