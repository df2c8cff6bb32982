import fc from 'fast-check';
import { retryDelay } from './retry-delay.ts';

test('grows from seconds to half an hour and stays there', () => {
  expect([1, 2, 3, 4, 10, 100, 5000].map((attempt) => retryDelay(attempt, 0.999999))).toEqual([
    5000, 10_000, 20_000, 40_000, 1_799_999, 1_799_999, 1_799_999,
  ]);
});

test('is never under half nor over the whole of its step', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, random) => {
        const most = retryDelay(attempt, 0.9999999999);
        const delay = retryDelay(attempt, random);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(most / 2));
        expect(delay).toBeLessThanOrEqual(most + 1);
      },
    ),
  );
});
