import type { EmbargoEntry } from '../core/entry.ts';
import { tokenise } from '../text/tokenise.ts';
import { findNamedRelease, isBefore } from './named-release.ts';

const AT = Date.parse('2016-01-20T09:22:00Z');
const entry = { until: Date.parse('2016-01-20T09:30:00Z') } as EmbargoEntry;

function isEarlier(text: string): boolean {
  const tokens = tokenise(text);
  const named = findNamedRelease(tokens, { from: 0, to: tokens.length });
  return named?.past === true && isBefore(named, entry, AT);
}

it.each([
  'In the release of 16 December 2015 the employment rate was 73.9%',
  'Figures published on 16 Dec showed employment at 73.9%',
  'The office reported in December that unemployment was 5.2%',
  'In December the office reported that unemployment fell',
  "In December's bulletin the employment rate stood at 73.9%",
  'In the December release unemployment was 5.2%',
  'The November labour market bulletin put unemployment at 5.3%',
  'In 2009 the unemployment rate was 7.9%',
])('attributes to an earlier release: %s', (text) => {
  expect(isEarlier(text)).toBe(true);
});

it.each([
  ['the day of the lift', 'In the release of 20 January 2016 the employment rate was 74.0%'],
  ['a later day', 'In the release of 17 February 2016 unemployment was 5.1%'],
  ['the present month', 'In the January release unemployment was 5.1%'],
  ['a month that may be the period of the figures', 'In the December inflation release the rate was 0.2%'],
  ['a period', 'Unemployment fell in December, the office reported'],
  ['a comparison', 'Unemployment fell compared with the release of 16 December 2015'],
  ['a sentence that goes on to the present', 'In the December release it was 5.2% and it is 5.1%'],
  ['a release to come', 'The office will have reported in December that unemployment fell'],
  ['a month that may be the next', 'In the February release unemployment was 5.6%'],
  ['figures of a month, which come out later', 'The November unemployment figures showed a rate of 5.6%'],
  ['a year whose figures may just be due', 'In 2014 unemployment was 6.1%'],
])('attributes nothing to %s', (_what, text) => {
  expect(isEarlier(text)).toBe(false);
});
