import { type FalseAlarms, passageOf } from '../../src/core/false-alarm.ts';
import type { OpenedMessage } from '../../src/core/part.ts';
import type { Judgement } from '../../src/core/verdict.ts';
import type { Detector } from '../../src/detect/detector.ts';
import { direction } from '../../src/detect/direction.ts';
import { figure } from '../../src/detect/figure.ts';
import { marking } from '../../src/detect/marking.ts';
import { judgeOpened } from '../../src/scan/scan-message.ts';
import { aMessage, aRelease, BEFORE_LIFT, rules } from './judge-words.ts';

const SENDER = 'press@department.example';

async function judge(message: OpenedMessage, detector: Detector, falseAlarms?: FalseAlarms): Promise<Judgement> {
  const { judgement } = await judgeOpened(
    message,
    { parties: { from: SENDER, to: ['a@b.example'] }, now: BEFORE_LIFT, publishAt: null },
    {
      rules,
      registers: { embargoes: [aRelease('labour-market')], sensitivity: [] },
      detectors: [detector],
      matchesSealed: () => false,
      ...(falseAlarms === undefined ? {} : { falseAlarms }),
    },
  );
  return judgement;
}

/** What two people take for false alarms: everything that is found in this text, in exactly its words. */
async function alarmsOf(text: string, detector: Detector): Promise<FalseAlarms> {
  const message = aMessage(['body', text]);
  const { findings, verdict } = await judge(message, detector);
  expect(verdict).toBe('hold');
  const list = findings.map((finding, index) => ({
    id: `fa-${index}`,
    detector: finding.detector,
    rule: finding.rule,
    entry: finding.entry,
    anyEntry: true,
    sender: SENDER,
    passage: passageOf(finding, message) ?? '',
    until: BEFORE_LIFT + 1,
  }));
  return { list, matches: (passage, digest) => passage === digest };
}

/** Every finding of the breach is one of the rules that the harmless text has findings of as well. */
const CASES: readonly (readonly [string, Detector, string, string])[] = [
  ['directions', direction, 'Employment has reached a record high.', 'And employment has reached a record high again.'],
  ['figures', figure, 'The employment rate is 74.0%.', 'The employment rate will be 74.1%.'],
  [
    'markings',
    marking,
    'The labour market course explains what privileged access in advance of release is.',
    'You are reminded that these are labour market statistics to which you have privileged access in advance of release.',
  ],
];

describe.each(CASES)('a passage taken for a false alarm, with %s', (_, detector, harmless, breach) => {
  it.each([1, 5, 6, 30])('hides nothing that comes after %i of it', async (count) => {
    const alarms = await alarmsOf(harmless, detector);
    const often = Array.from({ length: count }, () => harmless).join('\n\n');
    const excused = await judge(aMessage(['body', often]), detector, alarms);
    expect(excused.verdict).toBe('flag');
    const hidden = await judge(aMessage(['body', `${often}\n\n${breach}`]), detector, alarms);
    expect(hidden.verdict).toBe('hold');
    const inAnother = await judge(aMessage(['body', often], ['document', breach]), detector, alarms);
    expect(inAnother.verdict).toBe('hold');
  });
});

it('hides nothing in a text of many slices', async () => {
  const [, detector, harmless, breach] = CASES[0] as (typeof CASES)[number];
  const alarms = await alarmsOf(harmless, detector);
  const often = `${harmless}\n\n${'Nothing here. '.repeat(60)}\n\n`.repeat(300);
  const start = performance.now();
  expect((await judge(aMessage(['body', often]), detector, alarms)).verdict).toBe('flag');
  expect((await judge(aMessage(['body', `${often}${breach}\n`]), detector, alarms)).verdict).toBe('hold');
  expect(performance.now() - start).toBeLessThan(20_000);
});

it('is told in any slice of a long text, and in any row of a long table', async () => {
  const [, detector, harmless] = CASES[0] as (typeof CASES)[number];
  const alarms = await alarmsOf(harmless, detector);
  const rows = 'nothing,here\n'.repeat(11_000);
  const table = { name: 'a', rows: 9, columns: 2, header: [], hidden: false, sample: [], profiles: [] };
  const text = `${rows}${harmless}\n${rows}`;
  const part = { path: 'a.csv', type: 'text/csv', bytes: 1, content: { kind: 'table', table, text } } as const;
  expect((await judge({ headers: null, parts: [part] }, detector, alarms)).verdict).toBe('flag');
  // In pieces of every length, so that it stands before, across and behind the end of a slice.
  for (let length = 0; length < harmless.length * 2; length += 19) {
    const before = 'a '.repeat(65_536 - Math.floor(length / 2) - 2);
    const long = aMessage(['body', `${before}\n\n${harmless}\n\n${before}`]);
    expect((await judge(long, detector, alarms)).verdict).toBe('flag');
  }
});

it('hides nothing behind hundreds of figures that two people know', async () => {
  const [, detector, harmless, breach] = CASES[1] as (typeof CASES)[number];
  const alarms = await alarmsOf(harmless, detector);
  const often = `${harmless}\n\n`.repeat(400);
  expect((await judge(aMessage(['body', often]), detector, alarms)).verdict).toBe('flag');
  expect((await judge(aMessage(['body', `${often}${breach}`]), detector, alarms)).verdict).toBe('hold');
});
