import { aMessage, aRelease, judge } from '../../test/words/judge-words.ts';

const OPEN = { entries: [aRelease('labour-market'), aRelease('gdp')] };
const FILLER = 'The team looked at the plans for the building and went through the drawings one by one.\n'.repeat(24);
const WALL_STREET = 'Shares rose and the dollar gained after investors heard the senators in Washington. ';
const CLAIM = 'The economy rebounds.';

it.each([
  ['passes a long text on another economy', `${FILLER}${WALL_STREET}${CLAIM} ${WALL_STREET}`, 'pass'],
  ['holds the same claim where no country is named', `${FILLER}${CLAIM}`, 'hold'],
  [
    'holds it where this country is named anywhere',
    `${FILLER}${WALL_STREET}${CLAIM} ${WALL_STREET}${FILLER}London.`,
    'hold',
  ],
  ['holds it above what is passed on', `${CLAIM}\n\n${FILLER}${WALL_STREET}${WALL_STREET}`, 'hold'],
  ['holds it far from foreign words', `${WALL_STREET}${WALL_STREET}${FILLER}${CLAIM}`, 'hold'],
  ['holds it in a short text', `${WALL_STREET}${WALL_STREET}${WALL_STREET}${WALL_STREET}${CLAIM}`, 'hold'],
  ['holds talk of what is due', `${FILLER}${WALL_STREET}Tomorrow the economy rebounds. ${WALL_STREET}`, 'hold'],
])('%s', async (_what, text, verdict) => {
  expect((await judge(aMessage(['body', text]), OPEN)).verdict).toBe(verdict);
});
