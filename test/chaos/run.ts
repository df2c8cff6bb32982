// Breaks everything while mail flows, and counts what was lost, leaked and repeated (docs/chaos.md). Needs root.
//
//   npm run chaos -- --seed 1 --rounds 50 [--only PATTERN] [--minutes 20] [--quick] [--workers 2]
//
// Equal seeds strike the same faults in the same order. Exit 1 where a promise was broken.

import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { countLosses, isWhole, type Losses, readToken } from './count-losses.ts';
import type { Fault } from './fault.ts';
import { clockFaults } from './faults/clock-faults.ts';
import { diskFaults } from './faults/disk-faults.ts';
import { hopFaults } from './faults/hop-faults.ts';
import { killFaults } from './faults/kill-faults.ts';
import { loadFaults } from './faults/load-faults.ts';
import { milterFaults } from './faults/milter-faults.ts';
import { redisFaults } from './faults/redis-faults.ts';
import { storeFaults } from './faults/store-faults.ts';
import { Field } from './field.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '600' },
    workers: { type: 'string', default: '2' },
  },
});
const all = [
  ...killFaults,
  ...storeFaults,
  ...redisFaults,
  ...diskFaults,
  ...hopFaults,
  ...milterFaults,
  ...clockFaults,
  ...loadFaults,
];
const seed = Number(values.seed);
const random = seeded(seed);
const say = (line: string) => process.stdout.write(`${line}\n`);

const field = await Field.start(Number(values.workers));
process.once('SIGINT', () => void field.stop().finally(() => process.exit(130)));
const only = new RegExp(values.only);
const chosen = all.filter((fault) => only.test(fault.name) && (!values.quick || fault.isQuick === true));
const faults = chosen.filter(
  ({ needsDisks, needsDevice }) =>
    (field.hasDisks || needsDisks !== true) && (field.device !== null || needsDevice !== true),
);
for (const fault of chosen) if (!faults.includes(fault)) say(`left out, nothing can be mounted here: ${fault.name}`);
const rounds = Number(values.rounds ?? faults.length);
const struck: Fault[] = [];
const complaints: string[] = [];
const pacing = field.holdBack();
try {
  const deadline = performance.now() + Number(values.minutes) * 60_000;
  for (const fault of order()) {
    if (performance.now() > deadline) break;
    await strike(fault);
  }
  await settle();
  process.exitCode = report(await field.evidence()) ? 0 : 1;
} finally {
  pacing.stop();
  await field.stop();
}

/** Every fault once in its order, then any of them. */
function order(): readonly Fault[] {
  return Array.from(
    { length: rounds },
    (_, round) => faults[round] ?? faults[Math.floor(random() * faults.length)],
  ).filter((fault) => fault !== undefined);
}

async function strike(fault: Fault): Promise<void> {
  // A round that begins behind would meet the mail of others.
  for (const since = performance.now(); field.isBehind && performance.now() - since < 60_000; ) await sleep(200);
  const round = struck.push(fault) - 1;
  field.sink.round = round;
  const startedAt = performance.now();
  let isOver = false;
  const lanes = field.lanes.map((lane) => lane.run(round, () => isOver, fault.pauseMs));
  const found = await fault
    .strike(field, random, round)
    .catch((error: unknown) => [`the round broke: ${String(error)}`]);
  for (const line of found) complaints.push(`${fault.name}: ${line}`);
  await sleep(300);
  isOver = true;
  await Promise.all(lanes);
  const count = [...field.ledger.acknowledged.keys()].filter((token) => readToken(token).round === round).length;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(
    `round ${round + 1} of ${rounds}, ${seconds} s: ${fault.name}, ${count} acknowledged${found.map((line) => ` — ${line}`).join('')}`,
  );
}

/** Leases and the first retries are over within a minute. */
async function settle(): Promise<void> {
  pacing.stop();
  field.isBehind = false;
  const finished = await Promise.all(field.lanes.map((lane) => lane.finish(90_000)));
  if (finished.includes(false)) complaints.push('the end: a mail was not answered within 90 s');
  field.postfix.flush();
  if (!(await field.drained(120_000))) complaints.push('the end: mail is left under way');
  await sleep(2000);
}

function report(evidence: Awaited<ReturnType<Field['evidence']>>): boolean {
  const cells = ({ acknowledged, lost, leaked, waiting, repeated, doubled }: Losses) =>
    [acknowledged, lost.length, leaked.length, waiting.length, repeated.length, doubled.length].join(' | ');
  say(
    '\n| fault | rounds | acknowledged | lost | leaked | waiting | repeated, same id, in the window | doubled otherwise |',
  );
  say('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const fault of faults.filter((one) => struck.includes(one))) {
    const losses = countLosses(evidence, (token) => struck[readToken(token).round] === fault);
    say(`| ${fault.name} | ${struck.filter((one) => one === fault).length} | ${cells(losses)} |`);
  }
  const losses = countLosses(evidence);
  say(`| all | ${struck.length} | ${cells(losses)} |`);
  for (const line of complaints) say(`! ${line}`);
  for (const [what, tokens] of Object.entries(losses)) {
    if (Array.isArray(tokens) && what !== 'repeated')
      for (const token of tokens.slice(0, 20)) say(`! ${what}: ${token}`);
  }
  const isGood = isWhole(losses) && complaints.length === 0;
  say(`\nseed ${seed}, ${struck.length} rounds: ${isGood ? 'every promise held' : 'BROKEN'}`);
  return isGood;
}

/** mulberry32: small, and the same everywhere. */
function seeded(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
