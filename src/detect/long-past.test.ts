import fc from 'fast-check';
import type { EmbargoEntry } from '../core/entry.ts';
import { tokenise } from '../text/tokenise.ts';
import { findDated, isLongPast } from './long-past.ts';

const AT = Date.parse('2016-01-20T09:22:00Z');
const entry = { until: Date.parse('2016-01-20T09:30:00Z') } as EmbargoEntry;

function datedOf(text: string): number | null {
  const tokens = tokenise(text);
  return findDated(tokens, { from: 0, to: tokens.length });
}

const isHistory = (text: string): boolean => {
  const dated = datedOf(text);
  return dated !== null && isLongPast(dated, entry, AT);
};

it.each([
  'Inflation stood at 5.2% in September 2008, according to the ONS bulletin of 14 October 2008',
  'The offender management statistics of July 2012 gave the prison population as 86,048',
  'Public Sector Finances for May 2010, released that 18 June, showed borrowing of £16.0 billion',
  'The 2011/12 survey found that 78% of adults went to the arts',
])('a quotation of long ago is known: %s', (text) => {
  expect(isHistory(text)).toBe(true);
});

it.each([
  ['a date that is not long past', 'The bulletin of 12 March 2014 put unemployment at 7.2%'],
  ['a year whose annual figures may be due', 'The 2013/14 survey found that 78% of adults went to the arts'],
  ['a later date beside it', 'The ONS said in June 2010 and in December 2015 that unemployment was 5.1%'],
  ['a comparison', 'Unemployment is at its lowest since the ONS bulletin of May 2008'],
  ['a comparison with a year', 'Statistics show more homeless households than in 2008'],
  ['a comparison by how it moved', 'The list is at 7.9 million, up on the 2007 statistics by a factor of two'],
  ['what is ours now', 'The 2007 report showed prices up 11%, ours shows them down 2%'],
  ['a date of the base', 'CPI at 3.8%, the base was 2008 in the tables'],
  ['a release named for its method', 'GDP fell 0.3% in chained volume terms, see the 2010 release for the method'],
  ['words of today', 'Unemployment has now fallen, the May 2008 report showed'],
  [
    'a publication without a date',
    'In its first estimate the office put growth at 0.2% in the three months to May 2008',
  ],
  ['nothing published', 'Unemployment was 5.2% in May 2008'],
  ['no year', 'The bulletin of 12 March put unemployment at 7.2%'],
])('%s speaks against it: "%s"', (_what, text) => {
  expect(isHistory(text)).toBe(false);
});

it('no figure of the three years before an instant is long past', () => {
  const months = 'January February March April May June July August September October November December'.split(' ');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 36 }), (ago) => {
      const month = 2016 * 12 - ago;
      const text = `The bulletin of ${months[month % 12]} ${Math.floor(month / 12)} put unemployment at 7.2%`;
      expect(isHistory(text)).toBe(false);
    }),
  );
});
