import fc from 'fast-check';
import type { EmbargoEntry } from '../../src/core/entry.ts';
import { viewFindings } from '../../src/core/view.ts';
import type { DetectContext } from '../../src/detect/detector.ts';
import type { Service } from '../../src/service/service.ts';
import { viewMessage } from '../../src/service/view-message.ts';
import { FakeService } from '../fakes/fake-service.ts';
import { startWeb } from '../fakes/start-web.ts';
import { matchesSealed, releaseWith } from '../oracle/draws.ts';
import { kept } from '../oracle/sender-surfaces.ts';
import { median, signedRank, smallestSeen } from '../oracle/two-samples.ts';
import { aMessage, judge } from '../words/judge-words.ts';

// Promise 4: how long an answer takes does not depend on an embargoed value. Each draft is judged over a register whose figure it
// says and over one whose figure it misses by a tenth, turn about in one warm process, so that the samples differ in nothing else. The
// test must see half a millisecond more for a match, or its silence means nothing.

const ALPHA = 0.001;
const LADDER = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];
const SENTENCES = [
  (value: number) => `The employment rate is ${value}%.`,
  (value: number) => `Employment rate ${value.toFixed(1)} per cent, and more people are in work 📈`,
  (value: number) => `Unemployment is down. The employment rate stands at ${value} percent now.`,
];

type Judge = (text: string, entry: EmbargoEntry) => Promise<unknown>;

/** By how many milliseconds longer each match took than the miss beside it; the order within a pair is drawn. */
async function measure(pairs: number, judged: Judge, seed = 17): Promise<readonly number[]> {
  const times = { match: [] as number[], miss: [] as number[] };
  const order = fc.sample(fc.boolean(), { numRuns: pairs, seed });
  const entries = new Map<number, EmbargoEntry>();
  const entryOf = (tenths: number): EmbargoEntry => {
    const known = entries.get(tenths) ?? releaseWith([tenths / 10, 5.1, 31.39]);
    entries.set(tenths, known);
    return known;
  };
  // A tenth of the pairs warms the process up.
  for (let turn = -Math.ceil(pairs / 10); turn < pairs; turn += 1) {
    const tenths = 720 + (Math.abs(turn) % 40);
    const text = SENTENCES[Math.abs(turn) % SENTENCES.length]?.(tenths / 10) ?? '';
    const both = [
      ['match', entryOf(tenths)],
      ['miss', entryOf(tenths === 720 ? 721 : tenths - 1)],
    ] as const;
    for (const [kind, entry] of order[turn] === true ? both.toReversed() : both) {
      const started = performance.now();
      await judged(text, entry);
      if (turn >= 0) times[kind].push(performance.now() - started);
    }
  }
  return times.match.map((time, index) => time - (times.miss[index] ?? 0));
}

const asInService: Judge = async (text, entry) => {
  const judgement = await judge(aMessage(['body', text]), { entries: [entry], matchesSealed });
  return JSON.stringify(viewFindings(judgement, { embargoes: [entry], sensitivity: [] }, { kind: 'sender' }));
};

/** What a careless comparison would do: work that a match alone is given. */
function telling(ms: number): DetectContext['matchesSealed'] {
  return (entry, digests, canonical) => {
    const found = matchesSealed(entry, digests, canonical);
    for (const until = performance.now() + (found ? ms : 0); performance.now() < until; );
    return found;
  };
}

/** The API on loopback in this process; the register is changed between requests, as an importer would. */
async function overLoopback(
  compare: DetectContext['matchesSealed'],
): Promise<{ judged: Judge; close(): Promise<void> }> {
  let open: EmbargoEntry = releaseWith([]);
  const checkDraft: Service['checkDraft'] = async ({ text }) => {
    const judgement = await judge(aMessage(['body', text]), { entries: [open], matchesSealed: compare });
    const registers = { embargoes: [open], sensitivity: [] };
    return { ok: true, value: viewMessage(kept(judgement), registers, { kind: 'sender' }, false) };
  };
  const service = Object.assign(new FakeService(), { checkDraft });
  const web = await startWeb({ service, limits: { requestsPerSecond: 1e6 } });
  const headers = { authorization: 'Bearer token-submitter', 'content-type': 'application/json' };
  const judged: Judge = async (text, entry) => {
    open = entry;
    const body = JSON.stringify({ text, channel: 'x', author: 'press@department.example' });
    const ask = () => fetch(`${web.origin}/v1/drafts/check`, { method: 'POST', headers, body });
    // A connection that was kept may have been closed while this machine did other things.
    const answer = await ask().catch(ask);
    if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
    return answer.text();
  };
  return { judged, close: web.close };
}

/** Takes pairs until a difference of `mostMs` would be seen, on a machine with other things to do as well. */
async function expectNoTell(pairs: number, judged: Judge, mostMs: number): Promise<void> {
  const differences: number[] = [];
  let seen: number | null = null;
  for (let batch = 0; batch < 6 && (seen === null || seen > mostMs); batch += 1) {
    differences.push(...(await measure(pairs, judged, batch)));
    seen = smallestSeen(differences, ALPHA, LADDER);
  }
  const p = signedRank(differences);
  const shift = median(differences);
  if (process.env['HOLDFAST_DRAWS'] !== undefined)
    process.stdout.write(`${JSON.stringify({ pairs: differences.length, p, shift, seen })}\n`);
  // A median of less than a hundredth of a millisecond is the clock's own grain.
  expect({ told: p < ALPHA && Math.abs(shift) > 0.01, p, shift, seen }).toMatchObject({ told: false });
  expect(seen).toBeLessThanOrEqual(mostMs);
}

describe('the time that an answer takes', () => {
  const PAIRS = 2000;

  it(`is the same with a match and without, in ${PAIRS} pairs in one process`, async () => {
    await expectNoTell(PAIRS, asInService, 0.5);
  }, 120_000);

  it('is the same over HTTP on loopback, in 500 pairs or more', async () => {
    const { judged, close } = await overLoopback(matchesSealed);
    await expectNoTell(500, judged, 2).finally(close);
  }, 120_000);

  it('would be told apart over HTTP too', async () => {
    const { judged, close } = await overLoopback(telling(2));
    const differences = await measure(500, judged);
    await close();
    expect(signedRank(differences)).toBeLessThan(ALPHA);
  }, 120_000);

  it('would be told apart if a match took half a millisecond more, so that the test above can fail', async () => {
    const slow: Judge = (text, entry) =>
      judge(aMessage(['body', text]), { entries: [entry], matchesSealed: telling(0.5) });
    const differences = await measure(PAIRS / 4, slow);
    expect(signedRank(differences)).toBeLessThan(ALPHA);
  }, 120_000);
});
