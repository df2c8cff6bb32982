import type { OpenedMessage } from '../../src/core/part.ts';
import { direction } from '../../src/detect/direction.ts';
import { figure } from '../../src/detect/figure.ts';
import { judgeOpened } from '../../src/scan/scan-message.ts';
import { aRelease, BEFORE_LIFT, rules } from './judge-words.ts';

type Text = readonly [role: 'subject' | 'body' | 'document', text: string];

/** The findings of a message that is no note: it ends in a dozen lines about nothing. */
async function found(given: readonly Text[]): Promise<readonly string[]> {
  const texts: readonly Text[] = [...given, ['document', LINE.repeat(12)]];
  const message: OpenedMessage = {
    headers: null,
    parts: texts.map(([role, text], at) => ({
      path: `${at}`,
      type: 'text/plain',
      bytes: text.length,
      content: { kind: 'text', role, text },
    })),
  };
  const { judgement } = await judgeOpened(
    message,
    { parties: { from: null, to: [] }, now: BEFORE_LIFT, publishAt: null },
    {
      rules,
      registers: { embargoes: [aRelease('labour-market')], sensitivity: [] },
      detectors: [direction, figure],
      matchesSealed: () => false,
    },
  );
  return judgement.findings.map(({ rule, path, span }) => `${rule} ${path} ${span?.start}`);
}

const LINE = 'We met to go through the plans for the new building, and she brings the drawings along next time.\n';
/** So much text that a message is read in groups, of which none is about statistics. */
const FILLER = LINE.repeat(400);
const fillers: readonly Text[] = Array.from({ length: 6 }, () => ['document', FILLER]);

const foreign = `${'The American economy and the dollar were on the mind of investors.\n'.repeat(40)}The employment rate has reached a record 74.0%, the highest since records began in 1971.\n${'Shares of German firms rose in New York.\n'.repeat(20)}`;

/** Each holds something that one part alone does not tell. */
const CASES: readonly (readonly [string, readonly Text[], readonly Text[]])[] = [
  [
    'a body that speaks of the subject line',
    [['subject', 'Employment rate']],
    [['body', 'It is 74.0%, a record high.']],
  ],
  [
    'talk of abroad beside a word of this country',
    [['body', 'A look at what London reads today.']],
    [['document', foreign]],
  ],
];

describe('a message that is read in groups', () => {
  it.each(CASES)('finds what the whole has: %s', async (_, before, after) => {
    const whole = await found([...before, ...after]);
    const inGroups = await found([...before, ...fillers, ...after]);
    const moved = whole.map((line) =>
      line.replace(/ (\d+) /, (_all, at) => ` ${Number(at) + (Number(at) < before.length ? 0 : 6)} `),
    );
    expect(inGroups).toEqual(moved);
  });

  it('finds something in them', async () => {
    const counts = await Promise.all(CASES.map(([, before, after]) => found([...before, ...after])));
    expect(counts.map(({ length }) => length > 0)).toEqual([true, true]);
  });
});
