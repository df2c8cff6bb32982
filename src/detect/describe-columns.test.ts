import { shippedRules } from '../../test/protected-data/shipped-rules.ts';
import type { Table } from '../core/part.ts';
import { describeColumns } from './describe-columns.ts';

const rows = Array.from({ length: 12 }, (_, at) => [`Works ${at}`, `LS${at % 9} ${at % 9}AB`, at % 3 === 0 ? '' : '4']);
const table: Table = {
  name: 'Data',
  rows: 13,
  columns: 3,
  header: ['Job', 'Where', 'Beds'],
  hidden: false,
  sample: [['Job', 'Where', 'Beds'], ...rows],
  profiles: [],
};

describe('the columns of a table as evidence', () => {
  const columns = describeColumns(table, shippedRules.identifiers);

  it('begin with those that speak most for records', () => {
    expect(columns.map(({ name }) => name)[0]).toBe('Where');
    expect(columns[0]).toMatchObject({ number: 2, kind: 'unit postcodes', filled: 1, distinct: 9 });
  });

  it('tell how values look, and never one of them', () => {
    expect(columns[0]?.shapes).toEqual(['AA9 9AA']);
    const cells = rows.flat().filter((cell) => cell !== '');
    for (const cell of cells) if (cell.length > 1) expect(JSON.stringify(columns)).not.toContain(cell);
  });

  it('tell how full they are', () => {
    expect(columns.find(({ name }) => name === 'Beds')?.filled).toBeCloseTo(8 / 12);
  });
});
