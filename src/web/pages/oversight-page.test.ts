import { chartOf, everyDay } from './oversight-page.ts';

const now = Date.parse('2016-01-20T09:15:00Z');

describe('the chart of the last days', () => {
  it('has every day up to today, the quiet ones too', () => {
    const days = everyDay([{ day: '2016-01-19', pass: 5, flag: 1, hold: 2 }], now);
    expect([days.length, days[0]?.day, days.at(-1)?.day]).toEqual([14, '2016-01-07', '2016-01-20']);
    expect(days.at(-2)).toEqual({ day: '2016-01-19', pass: 5, flag: 1, hold: 2 });
    expect(days.at(-1)).toEqual({ day: '2016-01-20', pass: 0, flag: 0, hold: 0 });
  });

  it('stacks what was held below, in proportion, and inside the picture', () => {
    const { bars, base, top, most } = chartOf(everyDay([{ day: '2016-01-20', pass: 6, flag: 1, hold: 3 }], now));
    const [hold, flag, pass] = bars.at(-1)?.pieces ?? [];
    expect(most).toBe(10);
    expect([hold?.verdict, flag?.verdict, pass?.verdict]).toEqual(['hold', 'flag', 'pass']);
    expect(hold === undefined ? null : hold.y + hold.height).toBeCloseTo(base);
    expect(pass?.y).toBeCloseTo(top);
    expect((hold?.height ?? 0) / (flag?.height ?? 1)).toBeCloseTo(3, 0);
  });

  it('draws nothing where nothing came in', () => {
    const { bars } = chartOf(everyDay([], now));
    expect(bars.flatMap(({ pieces }) => pieces).every(({ height }) => height === 0)).toBe(true);
  });
});
