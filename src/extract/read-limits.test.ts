import { DEFAULT_LIMITS } from './budget.ts';
import { readLimits, showLimits } from './read-limits.ts';

it('moves the limits that are named and leaves the others', () => {
  expect(readLimits('time=120000, parts = 50000')).toEqual({
    ok: true,
    value: { ...DEFAULT_LIMITS, time: 120_000, parts: 50_000 },
  });
});

it('reads what it shows', () => {
  const moved = { ...DEFAULT_LIMITS, depth: 7, text: 100_000 };
  expect(readLimits(showLimits(moved))).toEqual({ ok: true, value: moved });
});

it.each([
  ['nothing', '', /time=120000,parts=50000/],
  ['no number', 'time=forever', /time=120000,parts=50000/],
  ['a negative number', 'time=-1', /time=120000,parts=50000/],
  ['another separator', 'time=5000;parts=50', /time=120000,parts=50000/],
  ['an unknown name', 'seconds=5', /not known, known are expandedBytes, .*passwordTime/],
  ['a name every object has', 'constructor=5', /not known/],
  ['none at all of something', 'time=0', /time is out of bounds, expected 1000 to 600000/],
  ['too much', 'expandedBytes=999999999999', /expandedBytes is out of bounds/],
  ['the same twice', 'depth=5,depth=6', /depth is set twice/],
])('refuses %s in one line that says what to write', (_, text, fault) => {
  expect(readLimits(text)).toEqual({ ok: false, fault: expect.stringMatching(fault) });
});
