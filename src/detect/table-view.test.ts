import type { Table } from '../core/part.ts';
import { viewTable } from './table-view.ts';

type Rows = readonly (readonly string[])[];

function aTable(sample: Rows, rows = sample.length): Table {
  return { name: 't', rows, columns: sample[0]?.length ?? 0, header: [], hidden: false, sample, profiles: [] };
}

const names = ['id', 'age1', 'sex1', 'postcode', 'rent'];
const data: Rows = Array.from({ length: 20 }, (_, at) => [`${at}`, `${30 + at}`, 'M', 'OX65 1AB', '84.5']);
const words: Rows = Array.from({ length: 20 }, (_, at) => [
  'Ann',
  `Street ${'x'.repeat(at)}`,
  'Female',
  'White British',
  'yes',
]);
const numbers = Array.from({ length: 12 }, (_, at) => String(at + 1));
const wide: Rows = Array.from({ length: 20 }, () => numbers.map(() => '7'));

describe('header rows and records', () => {
  it.each([
    ['one header row', [names, ...data], [names], 20],
    ['a title above', [['Table 1: lettings', '', '', '', ''], names, ...data], [names], 20],
    [
      'questions above names',
      [names.map((name) => `What is ${name}?`), names, ...data],
      [names, names.map((name) => `What is ${name}?`)],
      20,
    ],
    ['no header', data, [], 20],
    ['records of words alone', [names, ...words], [names], 20],
    [
      'field numbers below names',
      [numbers.map((each) => `name ${each}x`), numbers, ...wide],
      [numbers.map((each) => `name ${each}x`)],
      20,
    ],
  ])('%s', (_, rows: Rows, headers, total) => {
    const view = viewTable(aTable(rows));
    expect(view.headers).toEqual(headers);
    expect(view.total).toBe(total);
  });

  it('counts the records of the whole table, not of the sample', () => {
    expect(viewTable(aTable([names, ...data], 85_001)).total).toBe(85_000);
  });

  it('has no records below a header alone', () => {
    expect(viewTable(aTable([names])).total).toBe(0);
  });

  it('reads an empty table', () => {
    expect(viewTable(aTable([]))).toMatchObject({ headers: [], columns: [], records: [], total: 0 });
  });
});
