import { anEmbargo, FAKE_NOW } from '../../../test/fakes/fake-service.ts';
import { TIMELINE_WIDTH, timeline } from './timeline.ts';

const DAY = 86_400_000;

describe('the picture of the windows', () => {
  it('draws what touches the weeks around now, each in its state and inside the picture', () => {
    const { bars, nowX } = timeline(
      [
        anEmbargo({ id: 'open' }),
        anEmbargo({ id: 'coming', from: FAKE_NOW + DAY, until: FAKE_NOW + 99 * DAY }),
        anEmbargo({ id: 'postponed', status: 'postponed' }),
        anEmbargo({ id: 'long-ago', from: FAKE_NOW - 99 * DAY, until: FAKE_NOW - 20 * DAY }),
        anEmbargo({ id: 'far-off', from: FAKE_NOW + 60 * DAY, until: FAKE_NOW + 70 * DAY }),
      ],
      FAKE_NOW,
    );
    expect(bars.map(({ id, state, open }) => [id, state, open])).toEqual([
      ['open', 'embargoed', false],
      ['coming', 'before', true],
      ['postponed', 'embargoed', true],
    ]);
    expect(bars.every(({ x, width }) => x >= 0 && x + width <= TIMELINE_WIDTH)).toBe(true);
    expect(bars[1]?.x).toBeGreaterThan(nowX);
  });

  it('is the same for every embargoed figure', () => {
    const figures = (digest: string) => anEmbargo({ figures: [{ measure: 'm', unit: 'percent', digests: [digest] }] });
    expect(timeline([figures('a')], FAKE_NOW)).toEqual(timeline([figures('b')], FAKE_NOW));
  });
});
