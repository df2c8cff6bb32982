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
});
