import { runInTime } from './run-in-time.ts';

describe('work that is stopped', () => {
  it('returns what it returns in its time', () => {
    expect(runInTime(60_000, () => [1, 2])).toEqual({ value: [1, 2] });
  });

  it('throws what it throws', () => {
    expect(() =>
      runInTime(60_000, () => {
        throw new RangeError('on purpose');
      }),
    ).toThrow(new RangeError('on purpose'));
  });

  it('is null where it does not end', () => {
    expect(
      runInTime(50, () => {
        for (;;);
      }),
    ).toBeNull();
  });
});
