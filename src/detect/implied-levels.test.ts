import type { PublicFigure } from '../core/entry.ts';
import type { WrittenNumber } from '../text/canonical-figure.ts';
import { levelsFromChange, levelsFromShare } from './implied-levels.ts';

const rate: PublicFigure = { measure: 'employment-rate', unit: 'percent', value: 73.9, release: null };
const people: PublicFigure = { measure: 'people-in-work', unit: 'million', value: 31.17, release: null };
const values = (levels: readonly WrittenNumber[]) => levels.map(({ value }) => value);

describe('levels that follow from a published one', () => {
  it.each([
    ['a change in points', rate, { value: 0.1, unit: 'percentage-points', decimals: 1 }, [74, 73.8]],
    ['whole points, which say too little', rate, { value: 1, unit: 'percentage-points', decimals: 0 }, []],
    ['a change in people', people, { value: 220_000, unit: 'count', decimals: 0 }, [31.39, 30.95]],
    ['a vague change in people', people, { value: 0.2, unit: 'million', decimals: 1 }, [31.4, 31]],
  ] as const)('from %s', (_what, previous, change, expected) => {
    expect(values(levelsFromChange(previous, change))).toEqual(expected);
  });

  it('from a percentage: every level whose change rounds to it, on both sides', () => {
    const levels = values(levelsFromShare(people, { value: 0.7, unit: 'percent', decimals: 1 }));
    expect(levels).toEqual([31.38, 31.39, 31.4, 30.94, 30.95, 30.96]);
  });

  it('are few, however precise the published one is', () => {
    const exact = { ...people, value: 31_170_123, unit: 'count' } as const;
    const levels = levelsFromShare(exact, { value: 12.3, unit: 'percent', decimals: 1 });
    expect(levels.length).toBeLessThanOrEqual(18);
    expect(levels.length).toBeGreaterThan(2);
  });

  it('are none from a whole percentage', () => {
    expect(levelsFromShare(people, { value: 2, unit: 'percent', decimals: 0 })).toEqual([]);
  });
});
