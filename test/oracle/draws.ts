import fc from 'fast-check';
import type { EmbargoEntry } from '../../src/core/entry.ts';
import { ephemeralKeyRing } from '../../src/registers/keys.ts';
import { makeMatchesSealed, sealValue } from '../../src/registers/seal.ts';
import { aRelease } from '../words/judge-words.ts';

// Drafts and register pairs that differ in their figures alone: in values, in which of them are known, and in which way they moved.

export const ring = ephemeralKeyRing(Buffer.alloc(32, 7));
export const matchesSealed = makeMatchesSealed(ring);

const MEASURES = [
  { measure: 'employment-rate', unit: 'percent', name: 'the employment rate', from: 700, to: 780, by: 10 },
  { measure: 'unemployment-rate', unit: 'percent', name: 'unemployment', from: 30, to: 99, by: 10 },
  { measure: 'people-in-work', unit: 'million', name: 'people in work', from: 3000, to: 3300, by: 100 },
] as const;

type Measure = (typeof MEASURES)[number];

/** Values in the order of `MEASURES`; null where the register has none. */
export type Values = readonly (number | null)[];

/** What the release before said; the same in both registers, since it is public. */
const PREVIOUS = [73.9, 5.3, 31.17] as const;

/** One release whose figures are sealed as the register seals them. */
export function releaseWith(values: Values): EmbargoEntry {
  const figures = MEASURES.flatMap(({ measure, unit }, index) => {
    const value = values[index] ?? null;
    if (value === null) return [];
    return [
      { measure, unit, digests: sealValue(value, { entry: 'labour-market', measure, unit }, ring.current).digests },
    ];
  });
  const known = MEASURES.map(({ measure, unit }, index) => {
    return { measure, unit, value: PREVIOUS[index] ?? 0, release: 'the-month-before' };
  });
  return aRelease('labour-market', { figures, public: known });
}

const aValue = ({ from, to, by }: Measure) => fc.integer({ min: from, max: to }).map((digits) => digits / by);
const values = fc.tuple(...MEASURES.map((measure) => fc.option(aValue(measure), { freq: 8 })));

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const inWords = (value: number): string =>
  [...String(value)].map((digit) => (digit === '.' ? 'point' : WORDS[Number(digit)])).join(' ');

/** A value in one of the ways that people write it. */
function written(value: number, { unit }: Measure): fc.Arbitrary<string> {
  if (unit === 'million') {
    return fc.constantFrom(
      `${value} million`,
      `${value}m`,
      (value * 1e6).toLocaleString('en-GB'),
      `${Math.round(value * 1000).toLocaleString('en-GB')} thousand`,
      `${Math.round(value)}m`,
    );
  }
  return fc.constantFrom(
    `${value.toFixed(1)}%`,
    `${value} per cent`,
    `${value.toFixed(1).replace('.', ',')} %`,
    `${Math.round(value)}%`,
    `between ${value}% and ${(value + 0.2).toFixed(1)}%`,
    value < 10 ? `${inWords(value)} per cent` : `${value} percent`,
    `${(value * 10).toFixed(0)} in a thousand`,
  );
}

const SENTENCES: readonly ((name: string, figure: string, way: string) => string)[] = [
  (name, figure) => `We hear that ${name} is ${figure}.`,
  (name, figure, way) => `${name}: ${figure}, ${way} on the quarter`,
  (name, figure) => `Draft line. ${figure} for ${name}, to be cleared by noon.`,
  (name, _figure, way) => `${name} is ${way} today 📈`,
  (name, figure, way) => `Ministers will be pleased: ${name} ${way}. It stands at ${figure}.`,
  (_name, figure) => `Room ${figure} is booked, lunch for twelve.`,
  (name, figure) => `In last month's release ${name} was ${figure}.`,
  (name) => `The statistics on ${name} are out at 9:30 today.`,
];

const WAYS = [
  'up 0.1 points',
  'down',
  'unchanged',
  'at a record high',
  'at a record low',
  'up 0.2 points',
  'better than expected',
];

export interface Draw {
  readonly text: string;
  readonly one: Values;
  readonly other: Values;
}

/** A pair of registers and a draft that says a figure of the one, of the other, or of neither. */
export const draw: fc.Arbitrary<Draw> = fc.tuple(values, values).chain(([one, other]) =>
  fc
    .nat(MEASURES.length - 1)
    .chain((index) => {
      const measure = MEASURES[index] as Measure;
      const said = fc.oneof(
        fc.constant(one[index] ?? PREVIOUS[index] ?? 0),
        fc.constant(other[index] ?? PREVIOUS[index] ?? 0),
        aValue(measure),
      );
      return said.chain((value) =>
        fc.record({
          name: fc.constant(measure.name),
          figure: written(value, measure),
          way: fc.constantFrom(...WAYS),
          sentence: fc.constantFrom(...SENTENCES),
        }),
      );
    })
    .map(({ name, figure, way, sentence }) => ({ text: sentence(name, figure, way), one, other })),
);
