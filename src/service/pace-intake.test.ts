import { setImmediate } from 'node:timers/promises';
import { paceIntake } from './pace-intake.ts';

describe('the pace of intake', () => {
  it.each([
    ['nothing waits', 0, 60_000, 0],
    ['a burst waits', 4_900, 60_000, 0],
    ['much waits and the sender sends much', 8_000, 60_000, 300],
    ['as much waits as is counted', 10_000, 60_000, 500],
    ['much waits and the sender sends little', 10_000, 200, 0],
  ])('where %s', async (_name, waiting, turnAfterMs, delay) => {
    const pace = paceIntake(
      async () => waiting,
      () => 0,
    );
    pace.delayFor(turnAfterMs);
    await setImmediate();
    expect(pace.delayFor(turnAfterMs)).toBe(delay);
  });

  it('looks now and then, and goes by the last answer while the store gives none', async () => {
    let clock = 0;
    let isAway = false;
    let looks = 0;
    const pace = paceIntake(
      () => {
        looks += 1;
        return isAway ? Promise.reject(new Error('away')) : Promise.resolve(8_000);
      },
      () => clock,
    );
    for (clock = 0; clock < 1_000; clock += 10) pace.delayFor(60_000);
    isAway = true;
    clock = 5_000;
    pace.delayFor(60_000);
    await setImmediate();
    expect(pace.delayFor(60_000)).toBe(300);
    expect(looks).toBe(3);
  });
});
