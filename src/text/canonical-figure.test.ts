import fc from 'fast-check';
import type { Unit } from '../core/entry.ts';
import { canonicalNumber, canonicalRoundings, ROUNDINGS, type WrittenNumber } from './canonical-figure.ts';

function readsAs(written: WrittenNumber, value: number, unit: Unit): boolean {
  const sealed = new Set(canonicalRoundings(value, unit));
  return canonicalNumber(written).some((form) => sealed.has(form));
}

describe('a written number and a sealed figure', () => {
  it.each<[string, WrittenNumber, number, Unit, boolean]>([
    ['31.39 million is 31.39 million', { value: 31.39, unit: 'million', decimals: 2 }, 31.39, 'million', true],
    ['31,390,000 is 31.39 million', { value: 31_390_000, unit: 'count', decimals: 0 }, 31.39, 'million', true],
    ['31,390 thousand is 31.39 million', { value: 31_390, unit: 'thousand', decimals: 0 }, 31.39, 'million', true],
    ['31.4 million rounds 31.39 million', { value: 31.4, unit: 'million', decimals: 1 }, 31.39, 'million', true],
    ['31,400,000 rounds 31.39 million', { value: 31_400_000, unit: 'count', decimals: 0 }, 31.39, 'million', true],
    ['31 million rounds 31.39 million', { value: 31, unit: 'million', decimals: 0 }, 31.39, 'million', true],
    ['31.40 million is not 31.39 million', { value: 31.4, unit: 'million', decimals: 2 }, 31.39, 'million', false],
    ['31.38 million is not 31.39 million', { value: 31.38, unit: 'million', decimals: 2 }, 31.39, 'million', false],
    ['74.0% is 74', { value: 74, unit: 'percent', decimals: 1 }, 74.0, 'percent', true],
    ['74% rounds 74.04', { value: 74, unit: 'percent', decimals: 0 }, 74.04, 'percent', true],
    ['74.00% is not 74.04', { value: 74, unit: 'percent', decimals: 2 }, 74.04, 'percent', false],
    ['5% rounds 5.1', { value: 5, unit: 'percent', decimals: 0 }, 5.1, 'percent', true],
    ['5.2% is not 5.1', { value: 5.2, unit: 'percent', decimals: 1 }, 5.1, 'percent', false],
    ['0.3 points is 0.3 per cent', { value: 0.3, unit: 'percentage-points', decimals: 1 }, 0.3, 'percent', true],
    ['14.0 billion without a pound sign', { value: 14, unit: 'billion', decimals: 1 }, 14, 'gbp-billion', true],
    ['£14,000m is £14bn', { value: 14_000, unit: 'gbp-million', decimals: 0 }, 14, 'gbp-billion', true],
    ['a fall of 0.5 is a change of -0.5', { value: 0.5, unit: 'percent', decimals: 1 }, -0.5, 'percent', true],
    ['0.25 rounds up', { value: 0.3, unit: 'percent', decimals: 1 }, 0.25, 'percent', true],
    ['0.25 rounds to even', { value: 0.2, unit: 'percent', decimals: 1 }, 0.25, 'percent', true],
    ['74% is a ratio of 0.74', { value: 74, unit: 'percent', decimals: 0 }, 0.74, 'ratio', true],
    ['74 people are not 74%', { value: 74, unit: 'count', decimals: 0 }, 74, 'percent', false],
    ['zero is zero', { value: 0, unit: 'percent', decimals: 1 }, 0, 'percent', true],
    ['0% does not round 0.3', { value: 0, unit: 'percent', decimals: 0 }, 0.3, 'percent', false],
  ])('%s', (_name, written, value, unit, expected) => {
    expect(readsAs(written, value, unit)).toBe(expected);
  });

  it('agrees with rounding the value to the written decimals, for any one-decimal or two-decimal rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 9999 }),
        fc.integer({ min: 100, max: 9999 }),
        fc.constantFrom(1, 2),
        (truth, guess, decimals) => {
          const value = truth / 100;
          const written = Number((guess / 100).toFixed(decimals));
          const near = Math.abs(written - value) <= 0.5 / 10 ** decimals + 1e-9;
          expect(readsAs({ value: written, unit: 'percent', decimals }, value, 'percent')).toBe(near);
        },
      ),
    );
  });

  it('does not depend on the scale a count is written in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 1, max: 99_999 }), (truth, guess) => {
        const inMillions = readsAs({ value: guess / 1000, unit: 'million', decimals: 3 }, truth / 1000, 'million');
        expect(inMillions).toBe(truth === guess);
        expect(readsAs({ value: truth, unit: 'thousand', decimals: 0 }, truth / 1000, 'million')).toBe(true);
        expect(readsAs({ value: truth * 1000, unit: 'count', decimals: 0 }, truth / 1000, 'million')).toBe(true);
      }),
    );
  });

  it('gives every value the same number of forms, so that their count tells nothing', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e12, max: 1e12, noNaN: true }),
        fc.constantFrom<Unit>('percent', 'million', 'gbp-billion', 'count'),
        (value, unit) => {
          const forms = canonicalRoundings(value, unit);
          expect(new Set(forms).size).toBe(forms.length);
          expect(forms).toHaveLength(ROUNDINGS);
        },
      ),
    );
  });
});
