import { RateLimit } from './rate-limit.ts';

function aLimit(perMinute: number) {
  let now = 0;
  const limit = new RateLimit(perMinute, () => now);
  const took = (key: string, times: number) =>
    Array.from({ length: times }, () => limit.take(key)).filter(Boolean).length;
  return {
    limit,
    took,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('gives a minute’s worth at once, then evenly, to each key by itself', () => {
  const { took, pass } = aLimit(60);
  expect(took('a', 100)).toBe(60);
  expect(took('b', 100)).toBe(60);
  pass(1000);
  expect(took('a', 10)).toBe(1);
  pass(10 * 60_000);
  expect(took('a', 100)).toBe(60);
});

test('0 is no limit', () => {
  const { limit, took } = aLimit(0);
  expect(took('a', 1000)).toBe(1000);
  expect(limit.isSpent('a')).toBe(false);
});

test('keys that may do all again are forgotten, those that may not are not', () => {
  const { limit, took, pass } = aLimit(1);
  for (let key = 0; key < 10_000; key++) limit.take(`old ${key}`);
  pass(59_000);
  expect(took('spent', 2)).toBe(1);
  pass(1_000);
  for (let key = 0; key < 9_999; key++) limit.take(`new ${key}`);
  expect(limit.isSpent('spent')).toBe(true);
  expect(limit.isSpent('old 0')).toBe(false);
});
