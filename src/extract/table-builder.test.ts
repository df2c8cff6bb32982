import { TableBuilder } from './table-builder.ts';

describe('a table', () => {
  it.each([
    ['among the first', 0],
    ['far below', 1000],
  ])('samples no more columns than it tells apart, where a row %s has twenty thousand cells', (_, above) => {
    const table = new TableBuilder('wide', false);
    for (let row = 0; row < above; row += 1) table.addRow([`${row}`]);
    for (let row = 0; row < 300; row += 1) table.addRow(Array.from({ length: 20_000 }, () => '1'));
    const { sample, columns } = table.finish(false).table;
    expect(columns).toBe(16_384);
    expect(Math.max(...sample.map((row) => row.length))).toBe(16_384);
  });

  it.each([
    ['says each text of it once', ['Record employment', 'x'.repeat(1 << 20)], false],
    [
      'and of texts that have no room keeps the prose',
      Array.from({ length: 40 }, (_, at) => `Record ${'y'.repeat((1 << 20) + at)}`),
      true,
    ],
  ] as const)('whose row names long texts in a thousand cells %s', (_, texts, isCut) => {
    const table = new TableBuilder('long', true);
    table.addRow(Array.from({ length: 1000 }, (_, at) => texts[at % texts.length] as string));
    const { text, isProseCut, table: made } = table.finish(false);
    expect(text).toContain('Record');
    expect(text.length).toBeLessThan(64 << 20);
    expect(isProseCut === true).toBe(isCut);
    expect(made.sample.flat().join('').length).toBeLessThan(1 << 19);
  });
});
