import { dateWarnings } from './person-dates.ts';

it.each([
  [{ declared: null }, ['No declaration yet']],
  [{ declared: '2016-01-12' }, []],
  [{ declared: '2015-01-21' }, ['The declaration runs out in 1 day']],
  [{ declared: '2015-01-20' }, ['The declaration runs out in 0 days']],
  [{ declared: '2015-01-19' }, ['The declaration ran out 1 day ago']],
  [{ declared: '2016-01-12', trained: '2014-01-10' }, ['The training ran out 10 days ago']],
  [{ declared: '2016-01-12', trained: '2014-02-01' }, ['The training runs out in 12 days']],
])('of %j says %j', (person, texts) => {
  expect(dateWarnings(person, '2016-01-20').map(({ text }) => text)).toEqual(texts);
});
