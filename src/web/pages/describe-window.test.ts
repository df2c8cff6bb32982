import { anEmbargo } from '../../../test/fakes/fake-service.ts';
import { describeWindow } from './describe-window.ts';

const before = Date.parse('2016-01-12T12:00:00Z');
const after = Date.parse('2016-01-20T09:30:00Z');

describe('an embargo in plain words', () => {
  it.each([
    [
      'before it begins',
      anEmbargo(),
      before,
      'Under embargo from midnight on Wednesday 13 January 2016. 1 person may see it from 9:30am on Tuesday 19 January 2016. Public from 9:30am on Wednesday 20 January 2016.',
    ],
    [
      'after the lift, with a quiet hour',
      anEmbargo({ preRelease: null, quietUntil: after + 1_800_000 }),
      after,
      'Under embargo since midnight on Wednesday 13 January 2016. Nobody outside the producer may see it before. Public since 9:30am on Wednesday 20 January 2016. No comment before 10am on Wednesday 20 January 2016.',
    ],
    [
      'postponed',
      anEmbargo({ preRelease: null, status: 'postponed' }),
      after,
      'Under embargo since midnight on Wednesday 13 January 2016. Nobody outside the producer may see it before. It is postponed: it stays under embargo, and no new time is known.',
    ],
  ])('%s', (_when, entry, now, words) => {
    expect(describeWindow(entry, now).join(' ')).toBe(words);
  });
});
