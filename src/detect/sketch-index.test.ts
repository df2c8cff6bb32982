import fc from 'fast-check';
import { BloomFilter } from '../registers/bloom-filter.ts';
import { combine, type Digest, makeDigest } from '../registers/cell-digest.ts';
import { normaliseCell } from '../text/normalise-cell.ts';
import { digestRows, matchRows } from './match-rows.ts';
import { SketchIndex } from './sketch-index.ts';

const digest = makeDigest(Buffer.alloc(32, 3));
const cell = (file: number, row: number, column: number) => `file ${file} row ${row} column ${column}`;

/** A filter of a file's pairs of columns, in a size that all files share. */
function filterOf(file: number, rows: number): BloomFilter {
  const filter = new BloomFilter(400);
  for (let row = 0; row < rows; row += 1) {
    const cells: readonly Digest[] = [0, 1, 2, 3].map((column) => digest(normaliseCell(cell(file, row, column))));
    for (const [a, first] of cells.entries())
      for (const second of cells.slice(a + 1)) filter.add(...combine(first, second));
  }
  return filter;
}

const filters = Array.from({ length: 150 }, (_, file) => filterOf(file, 60));
const index = new SketchIndex(filters);

describe('an index of sketches', () => {
  it('finds what each sketch by itself finds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 170 }),
        fc.integer({ min: 8, max: 60 }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 2 }),
        fc.integer({ min: 0, max: 20 }),
        (file, count, columns, strangers) => {
          const known = Array.from({ length: count }, (_, row) => columns.map((column) => cell(file, row, column)));
          const others = Array.from({ length: strangers }, (_, row) => columns.map((column) => cell(999, row, column)));
          const rows = digestRows([...known, ...others], digest);
          if (rows === null) throw new Error('too few rows');
          const each = filters.flatMap((filter, place) => {
            const match = matchRows(rows, filter);
            return match === null ? [] : [[place, match] as const];
          });
          expect([...index.match(rows)]).toEqual(each);
          // Rows of a file that is there are found, unless most are not its.
          if (strangers === 0) expect(each.map(([place]) => place)).toEqual(file < 150 ? [file] : []);
        },
      ),
      { numRuns: 150 },
    );
  });
});
