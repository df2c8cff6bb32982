import { compare } from './change-pages.ts';

const sealed = (digest: string) => ({ key: 'k1', scheme: 1, box: 'AAAA', digests: [digest] });
const figure = (measure: string, digest: string) => ({ measure, unit: 'percent' as const, sealed: sealed(digest) });
const entry = (figures: readonly ReturnType<typeof figure>[], title = 'A release') => ({
  id: 'a-release',
  title,
  producer: 'Office of Examples',
  subjects: ['labour-market'],
  embargo: { from: '2016-01-13T00:00', until: '2016-01-20T09:30', zone: 'Europe/London' },
  status: 'scheduled' as const,
  figures: [...figures],
});
const NAME = 'figures.employment-rate.percent';

it.each([
  ['nothing of figures that stay', [figure('employment-rate', 'a')], [figure('employment-rate', 'a')], [], []],
  [
    'the same of a figure written anew, the same one',
    [figure('employment-rate', 'a')],
    [figure('employment-rate', 'a')],
    [NAME],
    [{ key: NAME, before: 'sealed', after: 'sealed, written anew' }],
  ],
  [
    'and another one',
    [figure('employment-rate', 'a')],
    [figure('employment-rate', 'b')],
    [NAME],
    [{ key: NAME, before: 'sealed', after: 'sealed, written anew' }],
  ],
  [
    'the same of both where nobody kept what was written',
    [figure('employment-rate', 'a')],
    [figure('employment-rate', 'b')],
    null,
    [{ key: NAME, before: 'sealed', after: 'sealed; whether it was written anew is not known' }],
  ],
  ['a new figure', [], [figure('employment-rate', 'a')], [NAME], [{ key: NAME, before: null, after: 'sealed' }]],
  ['a figure that goes', [figure('employment-rate', 'a')], [], [], [{ key: NAME, before: 'sealed', after: null }]],
  [
    'which of two of one measure is new',
    [figure('employment-rate', 'a')],
    [figure('employment-rate', 'a'), figure('employment-rate', 'b')],
    [`${NAME}.2`],
    [{ key: `${NAME}.2`, before: null, after: 'sealed' }],
  ],
])('a change tells %s', (_what, before, after, written, rows) => {
  expect(compare({ base: entry(before), document: entry(after), hasSketch: false, written })).toEqual(rows);
});

it('a change tells what else it touches, key by key', () => {
  const changed = compare({ base: entry([]), document: entry([], 'Another'), hasSketch: true, written: [] });
  expect(changed).toEqual([
    { key: 'title', before: 'A release', after: 'Another' },
    { key: 'sketch', before: null, after: 'a new sketch of its rows' },
  ]);
});
