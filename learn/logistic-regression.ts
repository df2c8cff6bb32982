/** A sentence as the buckets of its features, and whether it is one of those looked for. */
export interface Sample {
  readonly features: readonly number[];
  readonly isOne: boolean;
  readonly weight: number;
}

export interface Fitted {
  readonly bias: number;
  readonly weights: Float64Array;
}

/**
 * Fits a logistic regression with L2 penalty, one bucket after another (coordinate descent with Newton steps, bounded as in
 * Genkin, Lewis and Madigan, 2007, "Large-scale Bayesian logistic regression", section 4). The same samples give the same weights.
 */
export function fitLogistic(samples: readonly Sample[], buckets: number, strength: number, rounds = 40): Fitted {
  const holders: number[][] = Array.from({ length: buckets }, () => []);
  samples.forEach(({ features }, index) => {
    for (const bucket of features) holders[bucket]?.push(index);
  });
  const weights = new Float64Array(buckets);
  const trust = new Float64Array(buckets).fill(1);
  const margins = new Float64Array(samples.length);
  const target = samples.map(({ isOne }) => (isOne ? 1 : 0));
  const everyone = samples.map((_, index) => index);
  let bias = 0;
  let biasTrust = 1;

  /** Newton step for what so many samples share, at most `most` far. */
  const step = (who: readonly number[], now: number, penalty: number, most: number): number => {
    let gradient = penalty * now;
    let curve = penalty;
    for (const index of who) {
      const chance = 1 / (1 + Math.exp(-(margins[index] as number)));
      const { weight } = samples[index] as Sample;
      gradient += weight * (chance - (target[index] as number));
      curve += weight * Math.max(chance * (1 - chance), 0.01);
    }
    return Math.max(-most, Math.min(most, -gradient / curve));
  };
  const move = (who: readonly number[], by: number): void => {
    for (const index of who) margins[index] = (margins[index] as number) + by;
  };

  for (let round = 0; round < rounds; round += 1) {
    const byBias = step(everyone, 0, 1e-6, biasTrust);
    bias += byBias;
    move(everyone, byBias);
    biasTrust = Math.max(2 * Math.abs(byBias), biasTrust / 2);
    let moved = Math.abs(byBias);
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const who = holders[bucket] as number[];
      if (who.length < 2) continue;
      const by = step(who, weights[bucket] as number, 1 / strength, trust[bucket] as number);
      if (by === 0) continue;
      weights[bucket] = (weights[bucket] as number) + by;
      move(who, by);
      trust[bucket] = Math.max(2 * Math.abs(by), (trust[bucket] as number) / 2);
      moved = Math.max(moved, Math.abs(by));
    }
    if (moved < 1e-3) break;
  }
  return { bias, weights };
}
