import { aMessage, aRelease, BEFORE_LIFT, type Circumstances, judge, LIFT } from '../words/judge-words.ts';

// Published breaches that words or figures give away, each with a benign twin. Wording is ours; what was indicated is theirs.

const DAY = 24 * 60 * 60 * 1000;
const LISTED = 'analyst@department.example';

interface Case {
  readonly name: string;
  readonly subject: string;
  readonly breach: string;
  readonly twin: string;
  readonly circumstances?: Circumstances;
  readonly twinCircumstances?: Circumstances;
}

const cases: readonly Case[] = [
  {
    name: 'labour market 2016: "record employment" eight minutes before the lift',
    subject: 'labour-market',
    breach: 'Morning all, record employment in the labour market statistics today. Lines to follow.',
    twin: 'Morning all, the labour market statistics are out at 9:30 today. Lines to follow.',
  },
  {
    name: 'growth 2012: "the good news will keep coming", by somebody with access',
    subject: 'gdp',
    breach: 'It is the good news that will keep coming, and the good news will keep coming.',
    twin: 'It is the good news that will keep coming, and the good news will keep coming.',
    circumstances: { from: LISTED },
    twinCircumstances: { from: 'passer-by@department.example' },
  },
  {
    name: 'employment 2018: looking forward to the numbers',
    subject: 'labour-market',
    breach: 'Looking forward to seeing the employment numbers at 8:30 this morning.',
    twin: 'The employment numbers come out at 8:30 this morning.',
  },
  {
    name: 'jobs 2017: a comment in the quiet period after the release',
    subject: 'labour-market',
    breach: 'Great news for workers: the economy added 235,000 new jobs last month.',
    twin: 'Great news for workers: the economy added 235,000 new jobs last month.',
    circumstances: { entries: [aRelease('labour-market', { quietUntil: LIFT + 30 * 60_000 })], at: LIFT + 60_000 },
    twinCircumstances: {
      entries: [aRelease('labour-market', { quietUntil: LIFT + 30 * 60_000 })],
      at: LIFT + 30 * 60_000,
    },
  },
  {
    name: 'knife crime 2008: a fact sheet with a percentage',
    subject: 'crime',
    breach: 'Fact sheet: the number of teenagers admitted with knife injuries fell by 27% in the nine areas.',
    twin: 'Fact sheet: the nine areas take part in the knife crime programme until the spring.',
  },
  {
    name: 'benefits 2021: posted for the right time on the wrong day',
    subject: 'benefits',
    breach: 'Benefits statistics: 15 per cent more people are claiming Universal Credit.',
    twin: 'Benefits statistics: 15 per cent more people are claiming Universal Credit.',
    circumstances: { at: BEFORE_LIFT - DAY, publishAt: LIFT + 60_000 - DAY },
    twinCircumstances: { at: BEFORE_LIFT - DAY, publishAt: LIFT + 60_000 },
  },
  {
    name: 'museums 2021: scheduled before access opened, to somebody eligible',
    subject: 'culture',
    breach: 'Visits to the sponsored museums fell by a third.',
    twin: 'Visits to the sponsored museums fell by a third.',
    circumstances: { from: LISTED, to: [LISTED], at: LIFT - DAY - 40 * 60_000 },
    twinCircumstances: { from: LISTED, to: [LISTED], at: LIFT - DAY },
  },
  {
    name: 'press lines with unpublished figures, to one person without access',
    subject: 'retail-sales',
    breach: 'For clearance: retail sales volumes were 2.6 per cent higher than a year before.',
    twin: 'For clearance: retail sales are published tomorrow, the press notice is two pages.',
    circumstances: { from: LISTED, to: [LISTED, 'press.lead@department.example'] },
    twinCircumstances: { from: LISTED, to: [LISTED, 'press.lead@department.example'] },
  },
  {
    name: 'waiting times: management information in a press line, without an exact figure',
    subject: 'health-waiting-times',
    breach: 'Thousands fewer patients waiting as NHS waiting lists come down at last.',
    twin: 'The health board has opened a second treatment centre.',
  },
  {
    name: 'children’s mental health 2020: the finding forwarded with the bulletin',
    subject: 'mental-health',
    breach: 'One in six children now has a probable mental disorder, up from one in nine.',
    twin: 'The follow-up survey of the mental health of children comes out at 9.30.',
  },
  {
    name: 'inflation: the headline to four hundred people',
    subject: 'inflation',
    breach: 'CPI annual inflation stands at 4.0 per cent, and the RPI at 5.1 per cent.',
    twin: 'CPI and RPI are published at 9.30; the conference call is at 10.',
  },
  {
    name: 'trade: the deficit to a long list',
    subject: 'trade',
    breach: 'The deficit on trade in goods and services was £3.5 billion, compared with £2.1 billion.',
    twin: 'UK trade is published at 9.30, the distribution list is attached.',
  },
  {
    name: 'public finances 2009: borrowing, a day early',
    subject: 'public-finances',
    breach: 'Public sector net borrowing was £14.9 billion, a good deal worse than the year before.',
    twin: 'Public sector finances are out tomorrow; borrowing is explained in annex B.',
  },
];

const release = ({ subject }: Case): Circumstances => ({ entries: [aRelease(subject)] });

it.each(cases)('holds $name', async (one) => {
  const { verdict } = await judge(aMessage(['body', one.breach]), { ...release(one), ...one.circumstances });
  expect(verdict).toBe('hold');
});

it.each(cases)('lets the benign twin go: $name', async (one) => {
  const { verdict } = await judge(aMessage(['body', one.twin]), { ...release(one), ...one.twinCircumstances });
  expect(verdict).not.toBe('hold');
});

it.each(cases.filter(({ twinCircumstances }) => twinCircumstances === undefined))(
  'lets the same words go after the lift: $name',
  async (one) => {
    expect((await judge(aMessage(['body', one.breach]), { ...release(one), at: LIFT })).verdict).toBe('pass');
  },
);
