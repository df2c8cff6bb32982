import { openBytes, textByPath } from './open-bytes.ts';

const name = 'a.csv';
const row = (width: number, cell = '1'): string => `${Array(width).fill(cell).join(',')}\n`;
const sentence = (at: number): string =>
  `Sentence number ${at} has a good many words in it and goes on for a while yet`;
const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('');

describe('what a long CSV file has beyond what is read', () => {
  it.each([
    ['a row over 16,384 columns', row(17_000)],
    ['a quoted one', row(17_000, '"x""y"')],
    ['one of empty cells but the last', `${','.repeat(17_000)}1\n`],
  ])('is told: %s far below narrow ones', async (_, wide) => {
    const opened = await openBytes(`a,b\n${'1,2\n'.repeat(9000)}${wide}${'1,2\n'.repeat(20)}`, { name });
    expect(textByPath(opened)).toMatchObject({ 'a.csv › rest': '!too-large' });
  });

  it.each([
    ['in plain cells', (at: number) => `${at},${sentence(at)}\n`],
    ['in quoted cells', (at: number) => `${at},"${sentence(at)}"\n`],
    ['in cells with quotes inside', (at: number) => `${at},"""${sentence(at)}"""\n`],
    ['beyond ASCII', (at: number) => `${at},Ø ${sentence(at)}\n`],
  ])('is told: more than 16 MB of sentences %s, whatever text there is room for', async (_, line) => {
    const opened = await openBytes(Buffer.from(`id,note\n${lines(230_000, line)}`), {
      name,
      limits: { text: 64 << 20 },
    });
    const shown = textByPath(opened);
    expect(shown['a.csv']).toContain(sentence(100_000));
    expect(shown['a.csv']).not.toContain(sentence(229_999));
    expect(shown['a.csv › rest']).toBe('!too-large');
  });
});

describe('a CSV file shown with every cell', () => {
  it('has every row where they come to no more than 8 MB', async () => {
    const opened = await openBytes(
      lines(50_000, (at) => `${at},value${at}\n`),
      { name, everyCell: true },
    );
    expect(textByPath(opened)['a.csv']).toContain('49999\tvalue49999');
  });

  it('has its first rows and its words beyond that, so that memory does not grow with it', async () => {
    const file = lines(600_000, (at) => (at === 550_000 ? 'note,Late but seen\n' : `${at},value${at}\n`));
    const text = textByPath(await openBytes(file, { name, everyCell: true }))['a.csv'] ?? '';
    expect(text.length).toBeLessThan(10_000);
    expect(text).toContain('199\tvalue199');
    expect(text).toContain('Late but seen');
  });
});
