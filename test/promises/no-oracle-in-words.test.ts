import fc from 'fast-check';
import { viewFindings } from '../../src/core/view.ts';
import { ephemeralKeyRing } from '../../src/registers/keys.ts';
import { makeMatchesSealed, sealValue } from '../../src/registers/seal.ts';
import { aRelease, judge } from '../words/judge-words.ts';

// Promise 4: what a person without access sees never depends on an embargoed value. Registers that differ only in figures give the
// sender the same bytes; a reviewer with access is told of a match, or the test could not fail.

const ring = ephemeralKeyRing(Buffer.alloc(32, 7));
const matchesSealed = makeMatchesSealed(ring);
const DRAWS = 10_000;

const measures = [
  { measure: 'employment-rate', unit: 'percent' },
  { measure: 'unemployment-rate', unit: 'percent' },
  { measure: 'people-in-work', unit: 'million' },
] as const;

/** One release with figures, or with none. */
function releaseWith(values: readonly (number | null)[]) {
  const figures = measures.flatMap(({ measure, unit }, index) => {
    const value = values[index] ?? null;
    if (value === null) return [];
    const place = { entry: 'labour-market', measure, unit };
    return [{ measure, unit, digests: sealValue(value, place, ring.current).digests }];
  });
  return aRelease('labour-market', { figures });
}

const rate = fc.integer({ min: 730, max: 750 }).map((tenths) => tenths / 10);
const level = fc.integer({ min: 3100, max: 3150 }).map((hundredths) => hundredths / 100);
const direction = fc.constantFrom(
  'up',
  'down',
  'unchanged',
  'at a record high',
  'at a record low',
  'better than expected',
  'out at 9.30',
);

const draft = fc.oneof(
  rate.map((value) => `The employment rate is ${value}%.`),
  rate.map((value) => `Employment rate ${value.toFixed(1)} per cent, ${value > 74 ? 'up' : 'down'} on the quarter.`),
  level.map((value) => `There are ${value} million people in work.`),
  fc.tuple(direction, rate).map(([word, value]) => `Unemployment is ${word}. The rate is ${(value / 10).toFixed(1)}%.`),
  direction.map((word) => `Employment is ${word} today.`),
  fc.constantFrom('See you at the labour market seminar.', 'Employment law update at noon.', 'Lunch?'),
);

const figures = fc.tuple(fc.option(rate), fc.option(rate), fc.option(level));

async function senderView(text: string, values: readonly (number | null)[]): Promise<string> {
  const entries = [releaseWith(values)];
  const judgement = await judge(text, { entries, matchesSealed });
  const { verdict, holdUntil, effectiveAt, incomplete } = judgement;
  const findings = viewFindings(judgement, { embargoes: entries, sensitivity: [] }, { kind: 'sender' });
  return JSON.stringify({ verdict, holdUntil, effectiveAt, findings, incomplete });
}

it(`gives the sender the same bytes for registers that differ only in figures, in ${DRAWS} draws`, async () => {
  await fc.assert(
    fc.asyncProperty(draft, figures, figures, async (text, one, other) => {
      expect(await senderView(text, one)).toBe(await senderView(text, other));
    }),
    { numRuns: DRAWS },
  );
}, 300_000);

it('tells a reviewer with access of a match, so that there is something to hide', async () => {
  const entries = [releaseWith([74, null, null])];
  const insights = async (text: string) => {
    const judgement = await judge(text, { entries, matchesSealed });
    return viewFindings(judgement, { embargoes: entries, sensitivity: [] }, { kind: 'owner' }).flatMap(
      ({ insight }) => insight ?? [],
    );
  };
  expect(await insights('The employment rate is 74.0%.')).toEqual(['Equals the embargoed figure for employment-rate.']);
  expect(await insights('The employment rate is 74.1%.')).toEqual([]);
});
