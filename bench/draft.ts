import { loadRuleFolder, SHIPPED_RULES } from '../src/cli/load-engine.ts';
import type { OpenedMessage } from '../src/core/part.ts';
import { direction } from '../src/detect/direction.ts';
import { figure } from '../src/detect/figure.ts';
import { releaseOfEverySubject } from '../src/scan/evaluate-set.ts';
import { judgeOpened } from '../src/scan/scan-message.ts';

/** What words and figures cost, as shares of the limits: a tweet in a warm process, a megabyte of prose, and of what hurts most. */
const TWEET_MS = 5;
const PROSE_MS = 300;
const WORST_MS = 2000;

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
let busy = 0;
for (let round = 0; round < 3000; round += 1) {
  // By the clock: kernels that count CPU time in ticks of 4 ms know none of a single draft.
  const started = performance.now();
  await read(`${tweet.slice(0, 276)}${round}`);
  const took = performance.now() - started;
  times.push(took);
  busy += took;
}
times.sort((a, b) => a - b);
const p99 = times[2970] ?? 0;
console.log(
  `280 characters: median ${times[1500]?.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms by the clock, ${(p99 / TWEET_MS).toFixed(2)} of the limit of ${TWEET_MS} (mean ${(busy / 3000).toFixed(2)} ms)`,
);

const prose =
  'We met on Tuesday to go through the plans for the new building, and Sarah agreed to bring the drawings to the next session. ';
const mail = prose.repeat(40).slice(0, 4600);
const mails = await cpu(async () => {
  for (let round = 0; round < 500; round += 1) await read(`${mail}${round}`);
});
console.log(`4.6 KB mails: ${Math.round(500_000 / mails)} a second of CPU`);

/** A megabyte of each, and what half of it costs: twice as much text may cost little more than twice as much. */
const worst: readonly (readonly [string, string])[] = [
  ['subjects and cues', 'employment up '],
  ['subjects, cues and figures', 'employment record 5% '],
  [
    'fourteen subjects',
    'employment inflation gdp retail sales borrowing house prices lettings a&e crime migration exports pip museums ',
  ],
  ['subjects without a stop', 'unemployment rate figures '],
  ['headings', 'Employment\n'],
  ['headings that ask', 'Employment? '],
  ['superlatives', 'record highest lowest best worst since '],
  ['verbs that want more', 'has never been quite so '],
  ['openers', 'the number of people in '],
  ['words for when', 'tomorrow at 9.30 embargoed figures '],
  ['guards', 'if economists expect that would '],
  ['masks', 'sign up track record up to date '],
  ['reactions', 'tomorrow unemployment champagne '],
  ['hashtags', '#employment #jobsup '],
  ['any words', 'highest xylophone yacht zebra '],
  ['misspelt words', 'unemploymnet infaltoin recroded '],
  ['long unknown words', 'antidisestablishmentarianly '],
  ['one long word', 'a'],
  ['single digits', '1 '],
  ['digits without a stop', '1'],
  ['digits and separators', '1,1.1'],
  ['number words', 'one hundred and '],
  ['single letters', 'a b '],
  ['hyphenated letters', 'a-'],
  ['clauses of a firm', "Tesco's profit rose 5%, with retail sales ahead by 4%, "],
  ['statements of a firm', "Tesco's profit rose 5%, with retail sales ahead by 4%. "],
  ['hyphenated words', 'self-employment-'],
  ['disguised words', '0a '],
  ['leetspeak', '3mpl0ym3nt '],
  ['open character references', '&#x'],
  ['character references', '&nbsp;&#8203;'],
  ['quoted lines', '\n>'],
  ['wrapped words', 'unemploy-\n'],
  ['emoji', '📈'],
  ['combining marks', 'e\u0301\u0323'],
  ['invisible characters', 'e\u200b'],
  ['look-alike letters', 'еmрlоуmеnt '],
  ['full stops', 'up. '],
  ['brackets and quotes', '("'],
  ['table rows', 'employment\t5.1\tup\n'],
];
const whole = await cpu(() => read(enough(prose, 1_000_000)));
console.log(
  `1 MB of prose: ${whole.toFixed(0)} ms of CPU, ${(whole / PROSE_MS).toFixed(2)} of the limit of ${PROSE_MS}`,
);
console.log(
  `${'1 MB of'.padEnd(28)}${'ms of CPU'.padStart(10)}${'of limit'.padStart(10)}${'to half'.padStart(10)}${'to prose'.padStart(10)}`,
);
for (const [name, piece] of worst) {
  const half = await cpu(() => read(enough(piece, 500_000)));
  const all = await cpu(() => read(enough(piece, 1_000_000)));
  const columns = [all.toFixed(0), (all / WORST_MS).toFixed(2), (all / half).toFixed(1), (all / whole).toFixed(1)];
  console.log(`${name.padEnd(28)}${columns.map((column) => column.padStart(10)).join('')}`);
}

function enough(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}
