import { runLiftTrial } from './services/lift-trial.ts';

test('mail held for a lift goes at the lift and not before, in order; mail with another reason stays; a canary went ahead', async () => {
  const trial = await runLiftTrial({ held: 60, others: 5, leadSeconds: 8, waitSeconds: 20 });
  expect(trial.heldBefore).toBe(65);
  expect(Math.min(...trial.arrivals)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...trial.arrivals)).toBeLessThan(20_000);
  expect(trial.doubled).toBe(0);
  expect(trial.leaked).toBe(0);
  expect(trial.stillHeld).toBe(5);
  const half = (share: number[]) => share.reduce((sum, at) => sum + at, 0) / share.length;
  expect(half(trial.arrivals.slice(0, 30))).toBeLessThan(half(trial.arrivals.slice(30)));
  expect(trial.metrics).toMatch(/^holdfast_canary_through 1$/m);
});
