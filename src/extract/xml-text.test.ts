import fc from 'fast-check';
import { ChartText } from './chart-text.ts';
import { CommentText } from './comment-text.ts';
import { PropertyText } from './property-text.ts';
import { XmlReader } from './xml-reader.ts';
import { XmlText } from './xml-text.ts';

const NAMES = [
  ...['p', 'r', 't', 'tbl', 'tr', 'tc', 'sp', 'br', 'tab', 'fld', 'cm', 'reply', 'comment', 'text', 'author', 'v'],
  ...['ser', 'tx', 'cat', 'val', 'pt', 'lvl', 'property', 'lpwstr', 'vector', 'title', 'unheard', 'si', 'li'],
] as const;

type Node = string | { readonly name: (typeof NAMES)[number]; readonly children: readonly Node[] };

const tree = fc.letrec<{ node: Node; element: Node }>((tie) => ({
  node: fc.oneof({ maxDepth: 5 }, fc.constant('word'), tie('element')),
  element: fc.record({ name: fc.constantFrom(...NAMES), children: fc.array(tie('node'), { maxLength: 4 }) }),
})).element;

function write(node: Node, words: string[]): string {
  if (typeof node !== 'string') {
    const inner = node.children.map((child) => write(child, words)).join('');
    return `<a:${node.name}>${inner}</a:${node.name}>`;
  }
  words.push(`word${words.length}x`);
  return words.at(-1) as string;
}

describe('the words of an XML part', () => {
  it.each([
    ['of any vocabulary', () => new XmlText()],
    ['of the sender’s own vocabulary', () => new XmlText('all')],
    ['of comments', () => new CommentText()],
    ['of properties', () => new PropertyText()],
    ['of a chart', () => new ChartText()],
  ] as const)('are given back however they are nested and cut off: %s', (_, make) => {
    fc.assert(
      fc.property(tree, fc.nat(), (root, at) => {
        const words: string[] = [];
        const xml = `<a:root>${write(root, words)}</a:root>`;
        const cut = at % 3 === 0 ? xml.slice(0, at % xml.length) : xml;
        const handler = make();
        const reader = new XmlReader(handler);
        reader.write(cut);
        reader.end();
        const shown = handler.result();
        expect(words.filter((word) => cut.includes(`${word}<`) && !shown.includes(word))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
