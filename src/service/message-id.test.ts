import { idsAround, isMessageId, newMessageId } from './message-id.ts';

describe('message ids', () => {
  it('sort in the order they were made, by the thousand in one millisecond and over a clock that steps back', () => {
    const now = Date.now() + 1_000_000;
    const ids = Array.from({ length: 5000 }, (_, n) => newMessageId(n === 2500 ? now - 60_000 : now));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('made by processes that know nothing of each other differ', () => {
    const random = () => Uint8Array.from({ length: 10 }, () => Math.floor(Math.random() * 256));
    const far = Date.now() + 10_000_000;
    const ids = Array.from({ length: 1000 }, (_, n) => newMessageId(far + n, random));
    expect(new Set(ids.map((id) => id.slice(10))).size).toBe(1000);
  });

  it.each([
    [0, true],
    [999, true],
    [1_000, true],
    [1_001, false],
    [3_600_000, false],
  ])('%i ms apart are within a second: %s', (apart, isWithin) => {
    const start = Date.now() + 100_000_000 + apart * 1_000;
    const [first, second] = [newMessageId(start), newMessageId(start + apart)];
    const { from, until } = idsAround(first, 1_000);
    expect(second >= from && second <= until).toBe(isWithin);
  });
});

it.each(['', 'zzz', 'msg-1', '01ARZ3NDEKTSV4RRFFQ69G5FAV', `${newMessageId()}x`, newMessageId().replace(/.$/, 'u')])(
  'takes %j for no id',
  (text) => {
    expect(isMessageId(text)).toBe(false);
  },
);

it('takes its own ids for ids', () => {
  expect(isMessageId(newMessageId())).toBe(true);
});
