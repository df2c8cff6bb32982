import { besideNames, type Taught } from './taught-sentences.ts';

const TAUGHT: readonly Taught[] = Array.from({ length: 80 }, (_, at) => ({
  text: `Series ${at} rose in May.`,
  indicates: at % 2 === 0,
  subject: null,
  weight: 1,
}));
const NAMES = { firm: ['john_lewis'], abroad: ['new_york'] };

it('says an indication beside a firm and beside a place abroad, as people write their names', () => {
  const made = besideNames(TAUGHT, NAMES).map(({ text }) => text);
  expect(made).toHaveLength(10);
  for (const name of ['John Lewis', 'New York']) expect(made.filter((text) => text.includes(name))).toHaveLength(5);
  expect(made.every((text) => /[Ss]eries \d+ rose in May(?!\.\.)/.test(text) && text.endsWith('.'))).toBe(true);
});

it('says nothing else beside them, and the same each time', () => {
  expect(besideNames(TAUGHT, NAMES).every(({ text }) => /eries \d*[02468] /.test(text))).toBe(true);
  expect(besideNames(TAUGHT, NAMES)).toEqual(besideNames(TAUGHT, NAMES));
  expect(besideNames(TAUGHT, { firm: [], abroad: [] })).toEqual([]);
});
