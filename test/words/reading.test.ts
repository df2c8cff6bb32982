import type { TextRole } from '../../src/core/part.ts';
import { aMessage, aRelease, findings, judge, LIFT } from './judge-words.ts';

// How words and figures are read in a message: where they stand, who sends them, and what the finding says.

const LABOUR = { entries: [aRelease('labour-market')] };
const SENDER = 'analyst@department.example';

describe('an indication', () => {
  it.each<{ where: string; texts: readonly (readonly [TextRole, string])[] }>([
    { where: 'in the body', texts: [['body', 'Unemployment is down again.']] },
    { where: 'in the subject line', texts: [['subject', 'Record employment!']] },
    { where: 'in an attachment’s name', texts: [['name', 'Unemployment rate 5.1%.docx']] },
    { where: 'in a document', texts: [['document', 'Summary\n\nThe employment rate stood at 74.0 per cent.']] },
    { where: 'in the row of a table', texts: [['table', 'Measure\tNov 2015\nEmployment rate (16-64)\t74.0']] },
    { where: 'under the head of a column', texts: [['table', 'Region\tUnemployment rate\nWales\t5.3\nEngland\t5.1']] },
    { where: 'as an arrow in a cell', texts: [['table', 'Employment rate\t▲']] },
    {
      where: 'as a heading and a bullet',
      texts: [['body', 'Labour market\n\n- up 267,000 on the quarter\n- more to follow']],
    },
    {
      where: 'under the mail’s subject line',
      texts: [
        ['subject', 'Labour market statistics'],
        ['body', 'They are very good indeed.'],
      ],
    },
    { where: 'in the next sentence', texts: [['body', 'I have seen the employment rate. It has gone up.']] },
    {
      where: 'wrapped by a mail program',
      texts: [
        ['body', '> the number of people in work has risen to the highest\n> level since comparable records began'],
      ],
    },
    { where: 'spelled with zeros', texts: [['body', 'Rec0rd empl0yment!']] },
    { where: 'spelled in Cyrillic letters', texts: [['body', 'Rеcоrd еmplоyment!']] },
    { where: 'with letters spaced out', texts: [['body', 'r e c o r d e m p l o y m e n t']] },
    { where: 'as a hashtag', texts: [['body', '#RecordEmployment']] },
    { where: 'in HTML character references', texts: [['document', 'Rec&shy;ord employ&#109;ent']] },
    { where: 'in Welsh', texts: [['body', 'Mae diweithdra wedi gostwng eto.']] },
  ])('$where holds', async ({ texts }) => {
    expect((await judge(aMessage(...texts), LABOUR)).verdict).toBe('hold');
  });

  it('points at the words of the sender in the text as it was written', async () => {
    const text = 'Psst: \u200bRеcord  employment!';
    const [found] = await findings(text, LABOUR);
    expect(text.slice(found?.span?.start, found?.span?.end)).toBe('Rеcord  employment');
  });

  it('concerns the open releases of its own subject alone', async () => {
    const entries = [aRelease('labour-market'), aRelease('inflation')];
    const found = await findings('Inflation fell.', { entries });
    expect(new Set(found.map(({ entry }) => entry))).toEqual(new Set(['inflation']));
    expect(await findings('Retail sales fell.', { entries })).toEqual([]);
  });

  it('goes where each of two subjects takes its own cue', async () => {
    const entries = [aRelease('labour-market'), aRelease('inflation')];
    const found = await findings('Inflation fell while the employment team moved desks.', { entries });
    expect(new Set(found.map(({ entry }) => entry))).toEqual(new Set(['inflation']));
  });

  it('is attributed where the sentence says that an earlier release said so, and not where it compares', async () => {
    const weights = async (text: string) => new Set((await findings(text, LABOUR)).map(({ weight }) => weight));
    for (const attributed of [
      'In last month’s release the employment rate was 73.9%.',
      'Employment was 73.9%, as the last release showed.',
      'According to the last release, unemployment was 5.2%.',
      'Taken from the previous bulletin: unemployment fell to 5.2%.',
    ])
      expect(await weights(attributed)).toEqual(new Set(['attributed']));
    for (const compared of [
      'Employment is up on last month’s figures.',
      'Employment has hardly moved since the last estimate.',
      'The employment rate came in well north of last month’s figure.',
    ])
      expect(await weights(compared)).toEqual(new Set(['embargoed']));
  });

  it('is not lost behind attributed ones', async () => {
    const attributed = 'In last month’s release unemployment was down. '.repeat(8);
    expect((await judge(`${attributed}\n\nUnemployment is down again tomorrow.`, LABOUR)).verdict).toBe('hold');
  });
});

describe('a hint without a subject', () => {
  it.each([
    ['from somebody with live access', 'The good news will keep coming.', SENDER, 'hold'],
    ['from anybody else', 'The good news will keep coming.', 'somebody@department.example', 'pass'],
    ['beside the time of release', 'Tomorrow’s numbers are favourable for us.', null, 'hold'],
    ['about something else', 'Good news, the lift is working again.', null, 'pass'],
    ['about figures that are not due', 'The numbers for the quiz look good.', null, 'pass'],
  ])('%s: %s', async (_who, text, from, verdict) => {
    expect((await judge(text, { ...LABOUR, from })).verdict).toBe(verdict);
  });

  it('lifts with the release it can be about, not with one months ahead', async () => {
    const later = aRelease('migration', { until: LIFT + 60 * 24 * 60 * 60 * 1000 });
    const { holdUntil } = await judge('Tomorrow’s numbers are favourable for us.', {
      entries: [aRelease('labour-market'), later],
    });
    expect(holdUntil).toBe(LIFT);
  });
});

describe('a figure', () => {
  const sealed = { measure: 'employment-rate', unit: 'percent' as const, digests: ['the digest'] };
  const entries = [aRelease('labour-market', { figures: [sealed] })];
  const matchesSealed = (_entry: string, _digests: readonly string[], canonical: string) => canonical === 'rate:740e-1';

  it.each([
    ['equal', 'The employment rate was 74.0%.', true],
    ['equal in words', 'The employment rate was seventy-four point zero per cent.', true],
    ['unequal', 'The employment rate was 73.9%.', false],
  ])('%s to the sealed one says so in its insight and nowhere else', async (_what, text, equal) => {
    const [found] = (await findings(text, { entries, matchesSealed })).filter(({ detector }) => detector === 'figure');
    expect(found?.insight !== '').toBe(equal);
    expect(found?.summary).toBe('Gives a figure for a measure under embargo.');
    expect(JSON.stringify({ ...found, insight: undefined })).not.toMatch(/74|73|seventy/);
  });

  it.each([
    'The labour market statistics are out at 9.30 on 20 January 2016.',
    'See table 3.1 of the labour market statistics.',
    'Employment of people aged 16 to 64 is on page 12.',
    'Call 020 7946 0001 about the employment figures.',
    'The employment estimates have a 95% confidence interval.',
  ])('is no date, label or telephone number: %s', async (text) => {
    expect(await findings(text, { entries })).toEqual([]);
  });
});
