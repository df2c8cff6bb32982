import fc from 'fast-check';
import { principalAxes } from './principal-axes.ts';

const row = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 });
const squares = (rows: readonly (readonly number[])[], at: number) =>
  rows.reduce((sum, one) => sum + (one[at] as number) ** 2, 0);

it('puts rows that differ along one line on one axis', () => {
  const [[first, second] = [], , [third] = []] = principalAxes(
    [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
    2,
  );
  expect(first).toBeCloseTo(-Math.SQRT2);
  expect(second).toBeCloseTo(0);
  expect(third).toBeCloseTo(Math.SQRT2);
});

it('keeps how far rows are apart, the most on the first axis and the least on the last', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 3, maxLength: 12 }), (rows) => {
      const along = principalAxes(rows, 4);
      const [one, other] = [rows[0] as number[], rows[1] as number[]];
      const apart = (a: readonly number[], b: readonly number[]) =>
        Math.hypot(...a.map((value, at) => value - (b[at] as number)));
      expect(apart(along[0] as number[], along[1] as number[])).toBeCloseTo(apart(one, other), 6);
      for (let at = 1; at < 4; at += 1) expect(squares(along, at)).toBeLessThanOrEqual(squares(along, at - 1) + 1e-6);
    }),
  );
});
