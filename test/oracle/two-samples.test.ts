import { signedRank, smallestSeen } from './two-samples.ts';

const noise = Array.from(
  { length: 400 },
  (_, at) => Math.sin(at * 12.9898) * 43758.5453 - Math.floor(Math.sin(at * 12.9898) * 43758.5453) - 0.5,
);

describe('the test of paired times', () => {
  it('sees nothing in noise, and a shift of a fifth of its spread', () => {
    expect(signedRank(noise)).toBeGreaterThan(0.05);
    expect(signedRank(noise.map((one) => one + 0.1))).toBeLessThan(0.001);
  });

  it('gives the textbook value: ranks 1 to 20 with 15, 18 and 20 below zero', () => {
    const ranks = Array.from({ length: 20 }, (_, at) => ([15, 18, 20].includes(at + 1) ? -(at + 1) : at + 1));
    // z = (105 - 53 - 0.5) / sqrt(20 * 21 * 41 / 24) = 1.9226
    expect(signedRank(ranks)).toBeCloseTo(0.0545, 3);
  });

  it('tells the smallest shift it would see', () => {
    expect(smallestSeen(noise, 0.001, [0.001, 0.1, 1])).toBe(0.1);
    expect(smallestSeen(noise, 0.001, [0.0001])).toBeNull();
  });
});
