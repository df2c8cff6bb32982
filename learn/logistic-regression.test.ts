import fc from 'fast-check';
import { fitLogistic, type Sample } from './logistic-regression.ts';

const BUCKETS = 16;

/** Bucket 1 stands in what is looked for, bucket 2 in the rest, bucket 0 in all, bucket 3 in one alone. */
const SAMPLES: readonly Sample[] = Array.from({ length: 40 }, (_, index) => ({
  features: [0, index % 2 === 0 ? 1 : 2, ...(index === 0 ? [3] : [])],
  isOne: index % 2 === 0,
  weight: 1,
}));

function oddsOf(features: readonly number[], samples = SAMPLES, strength = 1): number {
  const { bias, weights } = fitLogistic(samples, BUCKETS, strength);
  return features.reduce((sum, bucket) => sum + (weights[bucket] as number), bias);
}

it('tells apart what its samples tell apart', () => {
  expect(oddsOf([0, 1])).toBeGreaterThan(1);
  expect(oddsOf([0, 2])).toBeLessThan(-1);
});

it('learns nothing from what stood in one sample alone, nor of what stood in none', () => {
  const { weights } = fitLogistic(SAMPLES, BUCKETS, 1);
  expect([weights[3], weights[9]]).toEqual([0, 0]);
});

it('keeps weights small where strength is small', () => {
  expect(oddsOf([0, 1], SAMPLES, 0.01)).toBeLessThan(oddsOf([0, 1], SAMPLES, 1));
});

it('counts a heavy sample for as many as it weighs', () => {
  const one: Sample = { features: [4], isOne: true, weight: 3 };
  const other: Sample = { features: [4], isOne: false, weight: 1 };
  const thrice = [...SAMPLES, one, other];
  const spelt = [...SAMPLES, ...Array.from({ length: 3 }, () => ({ ...one, weight: 1 })), other];
  expect(oddsOf([4], thrice)).toBeCloseTo(oddsOf([4], spelt), 2);
});

it('comes to the lowest loss: no small step of a weight lowers it', () => {
  const sample = fc.record({
    features: fc.uniqueArray(fc.integer({ min: 0, max: BUCKETS - 1 }), { minLength: 1, maxLength: 4 }),
    isOne: fc.boolean(),
    weight: fc.constant(1),
  });
  fc.assert(
    fc.property(fc.array(sample, { minLength: 6, maxLength: 40 }), (samples) => {
      const { bias, weights } = fitLogistic(samples, BUCKETS, 1, 400);
      const loss = (w: Float64Array) =>
        samples.reduce((sum, { features, isOne }) => {
          const odds = features.reduce((total, bucket) => total + (w[bucket] as number), bias);
          return sum + Math.log1p(Math.exp(isOne ? -odds : odds));
        }, 0) + w.reduce((sum, weight) => sum + (weight * weight) / 2, 0);
      const least = loss(weights);
      const counts = (bucket: number) => samples.filter(({ features }) => features.includes(bucket)).length;
      for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
        if (counts(bucket) < 2) continue;
        for (const step of [-0.05, 0.05]) {
          const moved = Float64Array.from(weights);
          moved[bucket] = (moved[bucket] as number) + step;
          expect(loss(moved)).toBeGreaterThan(least - 1e-3);
        }
      }
    }),
    { numRuns: 50 },
  );
});
