import { aRelease, findings, judge } from './judge-words.ts';

// Sentences whose words no written rule puts together; none of them is taught (`learn/`).
describe('a sentence that reads like a statement of what a statistic shows', () => {
  const LABOUR = { entries: [aRelease('labour-market')] };
  const CRIME = { entries: [aRelease('crime')] };

  it.each([
    ['Pilfering from corner shops became commoner for the fourth year, at 21 incidents for every 1,000 people.', CRIME],
    [
      'Households were readier to open their purses in the shops in June than in any month of the year.',
      { entries: [aRelease('retail-sales')] },
    ],
  ])('is held: %s', async (text, circumstances) => {
    const found = await findings(text, circumstances);
    expect(found.map(({ rule, weight }) => [rule, weight])).toContainEqual(['reads-as-statistic', 'embargoed']);
  });

  it('points at the whole sentence and not at its neighbours', async () => {
    const statement =
      'Pilfering from corner shops became commoner for the fourth year, at 21 incidents for every 1,000 people';
    const text = `Lunch is at one. ${statement}. Bring the key.`;
    const [found] = await findings(text, CRIME);
    expect(text.slice(found?.span?.start, found?.span?.end)).toBe(statement);
  });

  it('concerns the release that its words are about, and no other', async () => {
    const entries = ['crime', 'trade', 'culture'].map((subject) => aRelease(subject));
    const found = await findings(
      'Pilfering from corner shops became commoner for the fourth year, at 21 incidents for every 1,000 people.',
      { entries },
    );
    expect(new Set(found.map(({ entry }) => entry))).toEqual(new Set(['crime']));
  });

  it('goes once nothing of its subject is under embargo', async () => {
    const text = 'Fewer than half of mothers with toddlers drew a wage a generation ago, and seven in ten do today.';
    expect((await judge(text, { entries: [aRelease('trade')] })).verdict).toBe('pass');
  });

  it('is not found a second time where a written rule says which words they were', async () => {
    const found = await findings('Unemployment fell again.', LABOUR);
    expect(new Set(found.map(({ rule }) => rule))).not.toContain('reads-as-statistic');
    expect(found.length).toBeGreaterThan(0);
  });
});

describe('what written rules find in a sentence that reads like anything else', () => {
  it('goes, where the sentence names the subject of a company or of a forecast', async () => {
    const text =
      'The bakery chain told its shareholders that like-for-like sales rose strongly over the Easter weekend.';
    expect((await judge(text, { entries: [aRelease('retail-sales')] })).verdict).toBe('pass');
  });

  it('stays where the same statement has office talk beside it in one sentence', async () => {
    const found = await findings('Inflation fell, and the pool car has to be back by four because the garage shuts.');
    expect(new Set(found.map(({ entry }) => entry))).toContain('inflation');
  });

  it('stays where the figures are named by nothing but that they are due', async () => {
    const text = 'Tomorrow’s numbers are terrible, so please keep the minister off the sofa at half past eight.';
    expect((await judge(text, { entries: [aRelease('labour-market')] })).verdict).toBe('hold');
  });
});
