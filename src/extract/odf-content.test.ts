import fc from 'fast-check';
import { Budget, DEFAULT_LIMITS } from './budget.ts';
import { OdfContent } from './odf-content.ts';
import { XmlReader } from './xml-reader.ts';

const NAMES = [
  ...[
    'p',
    'h',
    'span',
    'a',
    'note',
    'note-body',
    'annotation',
    'table',
    'table-row',
    'table-cell',
    'covered-table-cell',
  ],
  ...[
    'frame',
    'text-box',
    'custom-shape',
    'ruby',
    'ruby-base',
    'ruby-text',
    'deletion',
    'page',
    'notes',
    'list',
    'header',
  ],
  ...['shapes', 'section', 'title', 'desc', 'change-info', 'g', 'footer-decl'],
] as const;

type Node = string | { readonly name: (typeof NAMES)[number]; readonly children: readonly Node[] };

const tree = fc.letrec<{ node: Node; element: Node }>((tie) => ({
  node: fc.oneof({ maxDepth: 6 }, fc.constant('word'), tie('element')),
  element: fc.record({ name: fc.constantFrom(...NAMES), children: fc.array(tie('node'), { maxLength: 4 }) }),
})).element;

function write(node: Node, words: string[]): string {
  if (typeof node !== 'string') {
    const inner = node.children.map((child) => write(child, words)).join('');
    return `<x:${node.name}>${inner}</x:${node.name}>`;
  }
  words.push(`word${words.length}x`);
  return words.at(-1) as string;
}

function read(xml: string, isSpreadsheet: boolean): string {
  const content = new OdfContent(isSpreadsheet, true, new Budget(DEFAULT_LIMITS, () => 0));
  const reader = new XmlReader(content);
  reader.write(xml);
  reader.end();
  return [
    content.body(),
    ...content.slides.flatMap((slide) => [slide.name, slide.text]),
    ...content.sheets.map((sheet) => sheet.text),
    ...[...content.groups.values()].flat(),
  ].join('\n');
}

describe('the content of an OpenDocument file', () => {
  it.each([false, true])('gives every word back, however its elements are nested (sheets: %s)', (isSpreadsheet) => {
    fc.assert(
      fc.property(tree, fc.nat(), (root, at) => {
        const words: string[] = [];
        const xml = `<office:body>${write(root, words)}</office:body>`;
        const cut = at % 3 === 0 ? xml.slice(0, at % xml.length) : xml;
        const whole = words.filter((word) => cut.includes(`${word}<`));
        const shown = read(cut, isSpreadsheet);
        expect(whole.filter((word) => !shown.includes(word))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
