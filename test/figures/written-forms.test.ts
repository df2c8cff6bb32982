import fc from 'fast-check';
import type { EmbargoEntry, PublicFigure, Unit } from '../../src/core/entry.ts';
import { sealValue } from '../../src/registers/seal.ts';
import { matchesSealed, ring } from '../oracle/draws.ts';
import { aRelease, findings } from '../words/judge-words.ts';

// A figure counts in whatever form it is written: every number of an embargoed measure is found, and whoever has access to the release
// is told which of them is the embargoed one, or gives it together with what is public.

type Figure = readonly [measure: string, unit: Unit, value: number];

function release(subject: string, figures: readonly Figure[], known: readonly Figure[] = []): EmbargoEntry {
  return aRelease(subject, {
    figures: figures.map(([measure, unit, value]) => {
      const { digests } = sealValue(value, { entry: subject, measure, unit }, ring.current);
      return { measure, unit, digests };
    }),
    public: known.map(
      ([measure, unit, value]): PublicFigure => ({ measure, unit, value, release: 'the-month-before' }),
    ),
  });
}

const labour = release(
  'labour-market',
  [
    ['employment-rate', 'percent', 74.9],
    ['unemployment-rate', 'percent', 4.9],
    ['people-in-work', 'million', 31.39],
    ['claimant-count', 'thousand', 804.2],
  ],
  [
    ['employment-rate', 'percent', 74.6],
    ['people-in-work', 'million', 31.17],
    ['unemployment-rate', 'percent', 5.1],
  ],
);
const finances = release('public-finances', [['net-borrowing', 'gbp-billion', 1.2]]);
const retail = release('retail-sales', [['retail-volumes', 'percent', -2]]);

async function told(text: string, entry: EmbargoEntry): Promise<'the figure' | 'another' | 'nothing'> {
  const found = (await findings(text, { entries: [entry], matchesSealed })).filter(
    ({ detector }) => detector === 'figure',
  );
  if (found.length === 0) return 'nothing';
  return found.some(({ insight = '' }) => insight.includes('the embargoed')) ? 'the figure' : 'another';
}

describe('an embargoed figure', () => {
  it.each([
    ['in words', 'Unemployment is four point nine per cent.'],
    ['in words with hyphens', 'Unemployment: four-point-nine percent'],
    ['in words for tenths', 'Unemployment is four and nine tenths per cent'],
    ['half in words', 'Unemployment is 4 point 9 percent'],
    ['with a raised footnote mark', 'The unemployment rate was 4.9¹ per cent.'],
    ['with a footnote mark behind the sign', 'The unemployment rate was 4.9%¹.'],
    ['with a footnote in brackets', 'The unemployment rate was 4.9[1] per cent.'],
    ['marked provisional', 'The unemployment rate was 4.9(p) per cent.'],
    ['marked provisional without brackets', 'Unemployment rate (%): 4.9p'],
    ['with a star', 'Unemployment rate 4.9* %'],
    ['in Arabic digits', 'The unemployment rate is ٤٫٩٪.'],
    ['in full-width digits', 'The unemployment rate is ４．９％.'],
    ['in raised digits', 'The unemployment rate is ⁴·⁹%.'],
    ['with a raised point', 'The unemployment rate is 4·9%.'],
    ['with a decimal comma', 'The unemployment rate is 4,9%.'],
    ['with a zero behind', 'Unemployment rate 4.90%'],
    ['as a share of one', 'The unemployment rate is 0.049.'],
    ['as pc', 'Unemployment 4.9pc'],
    ['as p.c.', 'Unemployment is 4.9 p.c. now'],
    ['misread: g for 9', 'The unemployment rate is 4.g%.'],
    ['misread: O for 0', 'People in work 31,39O,OOO'],
    ['misread: l for 1', 'There were 3l.39 million people in work'],
    ['at the end of a range', 'Unemployment of 4.8 to 4.9%'],
    ['at the end of a range with a dash', 'Unemployment of 4.8–4.9 per cent'],
    ['rounded', 'Unemployment is about 5%.'],
    ['rounded, and nearly so', 'Nearly five per cent are unemployed'],
    ['as a quarter', 'Three quarters of adults aged 16-64 are in employment.'],
    ['as one in so many', 'Three in four people aged 16-64 are in employment.'],
    ['as one in so many, in digits', 'Just over one in 20 workers is unemployed.'],
    ['as one in every so many', 'One in every twenty workers is unemployed.'],
    ['in millions', '31.39m people in work'],
    ['in millions, rounded', '31.4 million people in work'],
    ['in thousands', '31,390 thousand people are in work'],
    ['in full', '31,390,000 people are in work'],
    ['in full with thin spaces', '31\u2009390\u2009000 people are in work'],
    ['in full with narrow spaces', '31\u202f390\u202f000 people are in work'],
    ['in full with apostrophes', "31'390'000 people are in work"],
    ['in full with stops', '31.390.000 people are in work'],
    ['in full in words', 'thirty-one million three hundred and ninety thousand people are in work'],
    ['in a row of a table', 'Unemployment rate\t4.9'],
    ['as a change in points', 'The employment rate rose 0.3 of a point.'],
    ['as a change in basis points', 'The employment rate is up 30 basis points'],
    ['as a change downwards', 'Unemployment fell 0.2 percentage points'],
    ['as a change in people', '220,000 more people in work'],
    ['as a change in per cent of a level', 'The number of people in work rose by 0.7%.'],
  ])('is told %s', async (_how, text) => {
    expect(await told(text, labour)).toBe('the figure');
  });

  it.each([
    ['£1.2bn', finances, 'Public sector net borrowing was £1.2bn.'],
    ['£1,200m', finances, 'Public sector net borrowing was £1,200m.'],
    ['GBP 1.2bn', finances, 'Public sector net borrowing was GBP 1.2bn'],
    ['pounds in words', finances, 'Public sector net borrowing was 1.2 billion pounds'],
    ['pounds in full', finances, 'Public sector net borrowing was £1,200,000,000'],
    ['a fall in words', retail, 'Retail sales volumes were two per cent lower.'],
    ['a minus sign', retail, 'Retail sales volumes: −2.0%'],
    ['a fall in brackets', retail, 'Retail sales volumes (2.0)%'],
  ])('is told as %s', async (_how, entry, text) => {
    expect(await told(text, entry)).toBe('the figure');
  });

  it.each([
    ['another value', 'The unemployment rate is 4.8%.'],
    ['the value of another measure', 'The unemployment rate is 74.9%.'],
    ['closer than it was published', 'Unemployment rate 4.87%'],
    ['another change', 'The employment rate rose 0.4 of a point.'],
    ['a range that leaves it out', 'Unemployment of 5.2 to 5.4%'],
    ['a misread number of another value', 'The employment rate is 74.S%'],
  ])('is not told of %s, though that is a figure', async (_how, text) => {
    expect(await told(text, labour)).toBe('another');
  });

  it.each([
    ['an age', 'Employment lines: call Sam, aged 49, at desk 4.9.'],
    ['a date', 'The employment release of 4.9.2015 is in the archive.'],
    ['a telephone number', 'Labour market press office: 01633 455 749.'],
    ['a price', 'The labour market seminar costs £4.90 with lunch.'],
    ['a version', 'Version 4.9 of the unemployment template is out.'],
    ['a section', 'Unemployment is defined in section 4.9.'],
    ['a time', 'The unemployment statistics are out at 9.30.'],
    ['litres', 'Fuel for the labour market survey van: 3l.'],
  ])('is not seen in %s', async (_what, text) => {
    expect(await told(text, labour)).toBe('nothing');
  });
});

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const inWords = (value: string) =>
  [...value].map((digit) => (digit === '.' ? 'point' : WORDS[Number(digit)])).join(' ');

/** Ways to write a rate below ten with one decimal; none rounds it. */
const RATE_FORMS: readonly ((value: string) => string)[] = [
  (value) => `${value}%`,
  (value) => `${value} per cent`,
  (value) => `${value.replace('.', ',')} %`,
  (value) => `${value.replace('.', '·')} percent`,
  (value) => `${inWords(value)} per cent`,
  (value) => `${inWords(value).replaceAll(' ', '-')} percent`,
  (value) => `${value}¹%`,
  (value) => `${value}[2] per cent`,
  (value) => `${value}pc`,
  (value) => value.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))).concat('％'),
  (value) => value.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit))).concat('٪'),
  (value) => `${value}0%`,
];

it('is told in any form of its value, and in no form of any other', async () => {
  const tenths = fc.integer({ min: 21, max: 98 });
  await fc.assert(
    fc.asyncProperty(tenths, tenths, fc.constantFrom(...RATE_FORMS), async (embargoed, written, form) => {
      const entry = release('labour-market', [['unemployment-rate', 'percent', embargoed / 10]]);
      const text = `The unemployment rate is ${form((written / 10).toFixed(1))}.`;
      // "4.0" is not "4": zeros after the point were written on purpose.
      expect(await told(text, entry)).toBe(embargoed === written ? 'the figure' : 'another');
    }),
    { numRuns: 400, examples: [[49, 49, RATE_FORMS[8] as (value: string) => string]] },
  );
});

it('is told at any scale of its value, and of no other', async () => {
  const hundredths = fc.integer({ min: 2101, max: 3999 }).filter((value) => value % 10 !== 0);
  const forms: readonly ((value: number) => string)[] = [
    (value) => `${value / 100} million`,
    (value) => `${value / 100}m`,
    (value) => (value * 10_000).toLocaleString('en-GB'),
    (value) => (value * 10_000).toLocaleString('en-GB').replaceAll(',', "'"),
    (value) => (value * 10_000).toLocaleString('en-GB').replaceAll(',', '\u202f'),
    (value) => `${(value * 10).toLocaleString('en-GB')} thousand`,
  ];
  await fc.assert(
    fc.asyncProperty(hundredths, hundredths, fc.constantFrom(...forms), async (embargoed, written, form) => {
      const entry = release('labour-market', [['people-in-work', 'million', embargoed / 100]]);
      const text = `There are ${form(written)} people in work.`;
      expect(await told(text, entry)).toBe(embargoed === written ? 'the figure' : 'another');
    }),
    { numRuns: 300 },
  );
});
