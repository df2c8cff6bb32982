import fc from 'fast-check';
import { viewFindings } from '../../src/core/view.ts';
import { type Draw, draw, releaseWith } from '../oracle/draws.ts';
import { judgeDraft, sentBack } from '../oracle/sender-surfaces.ts';

// Promise 4: what a person without access sees never depends on an embargoed value. Registers that differ only in figures, and so in
// which way they moved, give the sender the same bytes on every surface; a reviewer with access is told of a match, or the test could
// not fail. HOLDFAST_DRAWS asks for more draws than the ones of every day.

const DRAWS = Number(process.env['HOLDFAST_DRAWS'] ?? 10_000);

it(`gives the sender the same bytes for registers that differ only in figures, in ${DRAWS} draws`, async () => {
  let told = 0;
  const check = async ({ text, one, other }: Draw) => {
    const [first, second] = [releaseWith(one), releaseWith(other)];
    const [judged, judgedToo] = [await judgeDraft(text, first), await judgeDraft(text, second)];
    // Byte for byte, headers of an HTTP answer aside, which `no-oracle-over-the-wire` compares.
    expect(await sentBack(text, second, judgedToo)).toEqual(await sentBack(text, first, judged));
    if (insights(judged, first) !== insights(judgedToo, second)) told += 1;
  };
  await fc.assert(fc.asyncProperty(draw, check), { numRuns: DRAWS });
  // A reviewer with access could tell the registers apart in a good part of the draws: there was something to hide.
  expect(told).toBeGreaterThan(DRAWS / 10);
}, 600_000);

function insights(judgement: Awaited<ReturnType<typeof judgeDraft>>, entry: ReturnType<typeof releaseWith>): string {
  const registers = { embargoes: [entry], sensitivity: [] };
  return JSON.stringify(viewFindings(judgement, registers, { kind: 'owner' }).map(({ insight }) => insight ?? null));
}

it('tells a reviewer with access of a match', async () => {
  const entry = releaseWith([74, null, null]);
  expect(insights(await judgeDraft('The employment rate is 74.0%.', entry), entry)).toContain(
    'Equals the embargoed figure for employment-rate.',
  );
  expect(insights(await judgeDraft('The employment rate is 74.1%.', entry), entry)).not.toContain('embargoed');
});
