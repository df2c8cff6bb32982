import { loadRuleFolder, SHIPPED_RULES } from '../src/cli/load-engine.ts';
import type { OpenedMessage } from '../src/core/part.ts';
import { direction } from '../src/detect/direction.ts';
import { figure } from '../src/detect/figure.ts';
import { releaseOfEverySubject } from '../src/scan/evaluate-set.ts';
import { judgeOpened } from '../src/scan/scan-message.ts';

/** What words and figures cost: a tweet in a warm process, a megabyte of prose, and a megabyte of what hurts most. */
const AT = Date.parse('2016-01-20T09:22:00Z');
const rules = await loadRuleFolder(SHIPPED_RULES);
const parts = {
  rules,
  registers: { embargoes: releaseOfEverySubject(rules, AT), sensitivity: [] },
  detectors: [direction, figure],
  matchesSealed: () => false,
};

async function read(text: string): Promise<void> {
  const content = { kind: 'text', role: 'body', text } as const;
  const message: OpenedMessage = {
    headers: null,
    parts: [{ path: 'body', type: 'text/plain', bytes: text.length, content }],
  };
  await judgeOpened(message, { parties: { from: null, to: [] }, now: AT, publishAt: null }, parts);
}

/** CPU time of this process in ms, so that a busy machine does not count. */
async function cpu(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const tweet =
  'Record employment! Great news for families: 31.39 million people in work, up 267,000, and unemployment down to 5.1%. More at half nine.'.padEnd(
    280,
    ' and more',
  );
for (let warm = 0; warm < 1000; warm += 1) await read(tweet);
const times: number[] = [];
for (let round = 0; round < 3000; round += 1) {
  const started = performance.now();
  await read(tweet);
  times.push(performance.now() - started);
}
times.sort((a, b) => a - b);
console.log(
  `280 characters: median ${times[1500]?.toFixed(2)} ms, p99 ${times[2970]?.toFixed(2)} ms (at most 5, wall clock)`,
);

const prose =
  'We met on Tuesday to go through the plans for the new building, and Sarah agreed to bring the drawings to the next session. ';
const mail = prose.repeat(40).slice(0, 4600);
const mails = await cpu(async () => {
  for (let round = 0; round < 500; round += 1) await read(`${mail}${round}`);
});
console.log(`4.6 KB mails: ${Math.round(500_000 / mails)} a second of CPU`);

const worst: readonly (readonly [string, string])[] = [
  ['prose (at most 300)', prose],
  ['subjects and cues', 'employment up '],
  ['superlatives', 'record '],
  ['single digits', '1 '],
  ['single letters', 'a b '],
  ['hyphenated letters', 'a-'],
  ['disguised words', '0a '],
  ['open character references', '&#x'],
  ['number words', 'one hundred and '],
  ['quoted lines', '\n>'],
  ['subjects, cues and figures', 'employment record 5% '],
];
for (const [name, piece] of worst) {
  const text = piece.repeat(Math.ceil(1_000_000 / piece.length)).slice(0, 1_000_000);
  console.log(`1 MB of ${name}: ${(await cpu(() => read(text))).toFixed(0)} ms of CPU (at most 2,000)`);
}
