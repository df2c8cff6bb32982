// Mails held across a lift: when they arrive at the sink, by its clock, and what stays.
//
//   node bench/lift.ts [held] [with another reason] [seconds from the start to the lift]

import { runLiftTrial } from '../test/services/lift-trial.ts';
import { percentile } from '../test/services/smtp-sender.ts';

const HELD = Number(process.argv[2] ?? 3000);
const OTHERS = Number(process.argv[3] ?? 100);
const LEAD = Number(process.argv[4] ?? 60);

const { arrivals, leaked, stillHeld, doubled, heldBefore, metrics } = await runLiftTrial({
  held: HELD,
  others: OTHERS,
  leadSeconds: LEAD,
  waitSeconds: 90,
});
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const perSecond = new Map<number, number>();
for (const at of arrivals) perSecond.set(Math.floor(at / 1000), (perSecond.get(Math.floor(at / 1000)) ?? 0) + 1);
const place = arrivals.map((at, index) => ({ at, index })).toSorted((a, b) => a.at - b.at);
const outOfPlace = place.map(({ index }, order) => Math.abs(index - order));
console.log(`${heldBefore} of ${HELD + OTHERS} held before the lift`);
console.log(
  `left after it: ${arrivals.filter((at) => at < 0).length} before, first ${seconds(Math.min(...arrivals))}, half ${seconds(percentile(arrivals, 0.5))}, last ${seconds(Math.max(...arrivals))}`,
);
console.log(
  `most in one second ${Math.max(...perSecond.values())}; p99 of places out of the order of arrival ${percentile(outOfPlace, 0.99)}`,
);
console.log(`with another reason: ${leaked} left, ${stillHeld} of ${OTHERS} still held; ${doubled} delivered twice`);
console.log(
  `canary: ${/^holdfast_canary_through (\d)/m.exec(metrics)?.[1] === '1' ? 'through' : 'not through'} in ${/^holdfast_canary_seconds (\S+)/m.exec(metrics)?.[1] ?? '?'} s`,
);
