import { measureUniqueness } from './uniqueness.ts';

describe('uniqueness', () => {
  it.each([
    [
      'all alone',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
      { sample: 3, alone: 1, k: 1 },
    ],
    [
      'pairs',
      [
        ['a', '1'],
        ['A', '1'],
        ['b', '2'],
        ['b', '2'],
      ],
      { sample: 4, alone: 0, k: 2 },
    ],
    [
      'one alone among three',
      [
        ['a', '1'],
        ['a', '1'],
        ['b', '2'],
      ],
      { sample: 3, alone: 1 / 3, k: 1 },
    ],
    [
      'rows with a single filled cell',
      [
        ['a', ''],
        ['', ''],
      ],
      { sample: 0, alone: 0, k: 0 },
    ],
  ])('of %s', (_, records, expected) => {
    expect(measureUniqueness(records, [0, 1])).toEqual(expected);
  });
});
