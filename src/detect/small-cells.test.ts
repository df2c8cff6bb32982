import { shippedRules } from '../../test/protected-data/shipped-rules.ts';
import type { Table } from '../core/part.ts';
import { smallCells } from './small-cells.ts';
import { viewTable } from './table-view.ts';

const AREAS = Array.from({ length: 20 }, (_, at) => `E0109${String(at).padStart(4, '0')}`);

function aTable(rows: readonly (readonly string[])[]): Table {
  return {
    name: 'Sheet1',
    rows: rows.length,
    columns: rows[0]?.length ?? 0,
    header: rows[0] ?? [],
    hidden: false,
    sample: rows,
    profiles: [],
  };
}

function find(rows: readonly (readonly string[])[]) {
  return smallCells(viewTable(aTable(rows)), shippedRules.identifiers, shippedRules.thresholds);
}

describe('small counts', () => {
  it('are found in a column named after something sensitive', () => {
    expect(find([['LSOA', 'Homeless', 'All'], ...AREAS.map((area, at) => [area, String(at), '900'])])).toEqual({
      cells: 9,
      columns: 1,
      below: 10,
    });
  });

  it('are found beside a sensitive category', () => {
    const rows = AREAS.flatMap((area, at) => ['White', 'Asian'].map((group) => [area, group, String(at + 1)]));
    expect(find([['LSOA code', 'Ethnic group', 'Count'], ...rows])?.cells).toBe(18);
  });

  it.each([
    ['are suppressed', [['LSOA', 'Homeless'], ...AREAS.map((area, at) => [area, at < 10 ? '[c]' : String(at + 10)])]],
    ['stand at a large area', [['Authority', 'Homeless'], ...AREAS.map((_, at) => [`E0700${1000 + at}`, String(at)])]],
    ['count nothing sensitive', [['LSOA', 'Bus stops'], ...AREAS.map((area, at) => [area, String(at)])]],
    ['are two', [['LSOA', 'Homeless'], ...AREAS.map((area, at) => [area, String(at < 2 ? 3 : 20 + at)])]],
  ])('are none where they %s', (_, rows) => {
    expect(find(rows)).toBeNull();
  });
});
