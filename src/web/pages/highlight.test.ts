import fc from 'fast-check';
import { highlight } from './highlight.ts';

const mark = (number: number, start: number, end: number) => ({ number, span: { start, end } });
const shape = (text: string, ...marks: ReturnType<typeof mark>[]) =>
  highlight(text, marks).map(({ text: run, marks: over }) => [run, over.join('+')]);

describe('highlighting', () => {
  it.each([
    ['no mark', 'record employment', [], [['record employment', '']]],
    [
      'one mark',
      'a record high',
      [mark(1, 2, 8)],
      [
        ['a ', ''],
        ['record', '1'],
        [' high', ''],
      ],
    ],
    [
      'marks that overlap',
      'abcdef',
      [mark(1, 0, 4), mark(2, 2, 6)],
      [
        ['ab', '1'],
        ['cd', '1+2'],
        ['ef', '2'],
      ],
    ],
    [
      'a mark inside another',
      'abcdef',
      [mark(1, 0, 6), mark(2, 2, 4)],
      [
        ['ab', '1'],
        ['cd', '1+2'],
        ['ef', '1'],
      ],
    ],
    ['the same place twice', 'abc', [mark(1, 0, 3), mark(2, 0, 3)], [['abc', '1+2']]],
    [
      'a mark beyond the end',
      'abc',
      [mark(1, 1, 99)],
      [
        ['a', ''],
        ['bc', '1'],
      ],
    ],
    ['an empty mark', 'abc', [mark(1, 2, 2)], [['abc', '']]],
    [
      'a mark through a surrogate pair',
      'a📈b',
      [mark(1, 2, 3)],
      [
        ['a', ''],
        ['📈', '1'],
        ['b', ''],
      ],
    ],
    [
      'a mark through a family',
      'a👩‍👩‍👧b',
      [mark(1, 3, 5)],
      [
        ['a', ''],
        ['👩‍👩‍👧', '1'],
        ['b', ''],
      ],
    ],
    [
      'right-to-left text',
      'رقم قياسي',
      [mark(1, 0, 3)],
      [
        ['رقم', '1'],
        [' قياسي', ''],
      ],
    ],
    ['a hidden override', 'a\u202eb', [mark(1, 0, 3)], [['a[U+202E]b', '1']]],
    ['an empty text', '', [mark(1, 0, 3)], []],
  ])('with %s', (_what, text, marks, expected) => {
    expect(shape(text, ...marks)).toEqual(expected);
  });

  it('numbers the first end of a reason as the one to jump to', () => {
    const ends = highlight('ab cd', [mark(1, 0, 2), mark(1, 3, 5)]).flatMap((segment) => segment.ends);
    expect(ends).toEqual([
      { number: 1, first: true },
      { number: 1, first: false },
    ]);
  });

  it('loses nothing and cuts through no character, wherever marks lie', () => {
    const marks = fc.array(fc.tuple(fc.nat(40), fc.nat(40)).map(([a, b]) => mark(1, Math.min(a, b), Math.max(a, b))));
    const texts = fc.string({ unit: fc.constantFrom('a', ' ', '📈', 'é', 'é', '🇬🇧', 'ر', '\n', '<') });
    fc.assert(
      fc.property(texts, marks, (text, all) => {
        const runs = highlight(text, all).map((segment) => segment.text);
        expect(runs.join('')).toBe(text);
        expect(runs.every((run) => run !== '' && run.isWellFormed())).toBe(true);
      }),
    );
  });
});
