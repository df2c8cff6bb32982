import { pastedTables } from './pasted-table.ts';

const rows = (delimiter: string, count: number): string =>
  Array.from({ length: count }, (_, at) => [at, 'SW1A 1AA', 'F', 34 + at].join(delimiter)).join('\n');

describe('tables pasted into text', () => {
  it.each(['\t', ',', ';', '|'])('are found between sentences, with %j', (delimiter) => {
    const found = pastedTables(`Hi all,\n\nhere are the rows:\n${rows(delimiter, 6)}\n\nBest wishes,\nAna`);
    expect(found).toHaveLength(1);
    expect(found[0]?.[2]).toEqual(['2', 'SW1A 1AA', 'F', '36']);
  });

  it('are found in Markdown, without the rule under the head', () => {
    const found = pastedTables(`| id | a | b | c |\n|---|---|---|---|\n${rows(' | ', 5).replace(/^|$/gm, '|')}`);
    expect(found[0]?.map((row) => row.length)).toEqual([4, 4, 4, 4, 4, 4]);
  });

  it.each([
    ['four lines', rows('\t', 4)],
    [
      'sentences',
      'One, two, three, four.\nFive, six, seven.\nEight, nine, ten, eleven, twelve.\nA, b, c, d, e.\nF.\nG, h, i, j.\n',
    ],
    ['an address', '1 High Street,\nLower Town,\nUpper County,\nEngland,\nUK,\nEurope,'],
  ])('are not %s', (_, text) => {
    expect(pastedTables(text)).toEqual([]);
  });
});
