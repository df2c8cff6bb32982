import { showSize } from './show-size.ts';

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1 KB'],
  [9_440_000, '9.4 MB'],
  [999_600, '1 MB'],
  [120_400_000, '120 MB'],
  [3.2e9, '3.2 GB'],
])('shows %i as %s', (bytes, shown) => {
  expect(showSize(bytes)).toBe(shown);
});
