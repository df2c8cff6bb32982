import { makeOdf } from './make-office.ts';
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

describe('what other sheets have beyond 16 MB of sentences', () => {
  // Above them the rows that are kept whatever they hold.
  const cells = [
    ...Array.from({ length: 200 }, (_, at) => `${at}`),
    ...Array.from({ length: 180 }, (_, at) => `Row ${at} has a good many words in it. ${'And goes on. '.repeat(8000)}`),
  ];
  const odsRow = (cell: string) => `<table:table-row><table:table-cell>${cell}</table:table-cell></table:table-row>`;
  const files: readonly (readonly [string, string, () => Uint8Array | string])[] = [
    [
      'OpenDocument',
      'a.ods',
      () =>
        makeOdf(
          'spreadsheet',
          `<office:spreadsheet><table:table table:name="One">${cells.map((cell) => odsRow(`<text:p>${cell}</text:p>`)).join('')}</table:table></office:spreadsheet>`,
        ),
    ],
    ['SYLK', 'a.slk', () => `ID;P\r\n${cells.map((cell, at) => `C;Y${at + 1};X1;K"${cell}"\r\n`).join('')}E\r\n`],
  ];

  it.each(files)('is told: %s', async (_, name, make) => {
    const opened = await openBytes(make(), { name, limits: { text: 64 << 20, ratio: 2000 } });
    const shown = Object.values(textByPath(opened)).join('\n');
    expect(shown).toContain('Row 100 has');
    expect(shown).not.toContain('Row 179 has');
    expect(Object.values(textByPath(opened))).toContain('!too-large');
  });
});

test('words far below in the long table of a text document are read', async () => {
  const rows = lines(10_500, (at) => {
    const cell = at === 10_400 ? 'Late but seen in a long table' : `${at}`;
    return `<table:table-row><table:table-cell><text:p>${cell}</text:p></table:table-cell></table:table-row>`;
  });
  const document = makeOdf('text', `<office:text><table:table table:name="One">${rows}</table:table></office:text>`);
  const opened = await openBytes(document, { name: 'a.odt', limits: { ratio: 2000 } });
  expect(Object.values(textByPath(opened)).join('\n')).toContain('Late but seen');
});
