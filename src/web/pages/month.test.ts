import { anEmbargo } from '../../../test/fakes/fake-service.ts';
import { monthOf } from './month.ts';

describe('a month of releases', () => {
  it('runs in whole weeks from Monday, and says what begins, opens and lifts on each day', () => {
    const month = monthOf([anEmbargo()], '2016-01', '2016-01-20');
    expect([month.title, month.before, month.after]).toEqual(['January 2016', '2015-12', '2016-02']);
    expect(month.weeks.map((week) => week.length)).toEqual([7, 7, 7, 7, 7]);
    const days = month.weeks.flat();
    expect([days[0]?.day, days.at(-1)?.day]).toEqual(['2015-12-28', '2016-01-31']);
    const words = days.flatMap(({ day, events }) => events.map((event) => `${day} ${event.words}`));
    expect(words).toEqual([
      '2016-01-13 midnight embargo begins',
      '2016-01-19 9:30am access opens',
      '2016-01-20 9:30am public',
    ]);
    expect(days.filter(({ isToday }) => isToday).map(({ day }) => day)).toEqual(['2016-01-20']);
  });

  it('shows no lift of what is postponed or cancelled', () => {
    for (const status of ['postponed', 'cancelled'] as const) {
      const days = monthOf([anEmbargo({ status })], '2016-01', '2016-01-20').weeks.flat();
      expect(days.flatMap(({ events }) => events.map(({ kind }) => kind))).toEqual(['from', 'opens']);
    }
  });

  it.each(['', '2016', '2016-13', '../x', null])('of %j is the month of today', (wanted) => {
    expect(monthOf([], wanted, '2016-02-29').title).toBe('February 2016');
  });
});
