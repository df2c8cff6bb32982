import { batchWait } from './batch-wait.ts';

const thresholds = { batchFirstSeconds: 5, batchQuietSeconds: 15, batchWaitSeconds: 60 };
const alone = { seen: 0, unjudged: 0 };

describe('a cleared mail with attachments waits', () => {
  it.each([
    ['a little where it is the first of its sender', alone, null, 5000],
    ['for quiet where siblings are there already', { seen: 3, unjudged: 0 }, null, 15_000],
    ['for quiet where mails of its sender are still to be judged', { seen: 0, unjudged: 2 }, null, 15_000],
    ['on while the batch grows', { seen: 4, unjudged: 0 }, { waitedMs: 15_000, seen: 3 }, 15_000],
    [
      'on while mails of its sender are still to be judged',
      { seen: 3, unjudged: 1 },
      { waitedMs: 15_000, seen: 3 },
      15_000,
    ],
    ['no longer than in all allowed', { seen: 9, unjudged: 1 }, { waitedMs: 50_000, seen: 3 }, 10_000],
    ['not once the time is over', { seen: 9, unjudged: 1 }, { waitedMs: 60_500, seen: 3 }, null],
    ['not where the batch has been quiet', { seen: 3, unjudged: 0 }, { waitedMs: 15_100, seen: 3 }, null],
    ['not where nothing followed the first', alone, { waitedMs: 5100, seen: 0 }, null],
  ] as const)('%s', (_, now, before, expected) => {
    expect(batchWait(now, before, thresholds)).toBe(expected);
  });

  it('not at all where the policy says 0', () => {
    expect(batchWait(alone, null, { ...thresholds, batchFirstSeconds: 0 })).toBeNull();
  });
});
