import { aRelease, findings } from './judge-words.ts';

// A quantity of everyday things, set against another time, is a statistic though no measure is named.

const comparisons = async (text: string, subject: string) =>
  (await findings(text, { entries: [aRelease(subject)] })).filter(({ rule }) => rule === 'quantity-compared');

it.each([
  ['house-prices', 'Homes in Torfaen went for 3.4% less than in the previous spring.'],
  ['inflation', 'Makers paid 11.2% more for materials than in the March before.'],
  ['labour-market', 'Teenagers did 41,000 fewer shifts than a year earlier.'],
  ['labour-market', 'There were 1.3 million openings, for the first time since the referendum.'],
  ['gdp', 'Builders did 2.1% less on the quarter.'],
  ['crime', 'Burglaries came to 214,000, against 231,000 twelve months before.'],
])('%s: "%s"', async (subject, text) => {
  const [finding] = await comparisons(text, subject);
  expect(finding).toMatchObject({ entry: subject, severity: 'high' });
});

it.each([
  ['no other time', 'Homes in Torfaen went for 3.4% less.'],
  ['no quantity', 'Homes in Torfaen went for less than in the previous spring.'],
  ['nothing that is counted', 'The marquee went for 3.4% less than in the previous spring.'],
  ['a small number', 'Homes in the terrace: 12, more than in the previous spring.'],
  ['an office of its own', 'Our homes helpline took 3.4% fewer calls than in the previous spring.'],
  ['somebody who speaks of themselves', 'I sold homes for 3.4% less than in the previous spring.'],
  ['a condition', 'If homes go for 3.4% less than in the previous spring, call.'],
  ['another subject under embargo', 'Patients waited 3.4% longer than in the previous spring.'],
])('finds nothing where there is %s: "%s"', async (_, text) => {
  expect(await comparisons(text, 'house-prices')).toEqual([]);
});

it('needs a nation, a minister or statistics in a long text', async () => {
  const talk = 'The weather was fine and the band played on. '.repeat(12);
  const homes = 'Homes in Torfaen went for 3.4% less than in the previous spring.';
  expect(await comparisons(`${talk}${homes}`, 'house-prices')).toEqual([]);
  expect(await comparisons(`${talk}Nationally, ${homes}`, 'house-prices')).toHaveLength(1);
});
