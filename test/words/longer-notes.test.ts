import { loadRuleFolder, SHIPPED_RULES } from '../../src/cli/load-engine.ts';
import { detectors } from '../../src/detect/index.ts';
import { caseSchema, evaluateCase } from '../../src/scan/evaluate-set.ts';
import { aRelease, judge } from './judge-words.ts';

const rules = await loadRuleFolder(SHIPPED_RULES);

async function isHeld(text: string): Promise<boolean> {
  const one = caseSchema.parse({ text, expect: 'hold', topic: 'any' });
  return (await evaluateCase(one, 1, { rules, detectors, at: Date.parse('2016-01-20T09:00:00Z') })).held;
}

/** About a hundred words of a private office, with a place for one sentence more; its subject stands two paragraphs above. */
const note = (telling: string): string => `Minister

You have the immigration statistics on Thursday at 9.30. Number 10 would like you on the morning round on Friday rather than Thursday.

${telling}

I attach what you said at the last three releases, the speech, and the constituency letter that you wanted changed. The Monday visit has moved to eleven.

Other business for tonight:
(1) Two submissions to decide: the contract and the fees order.
(2) The Lords minister asks whether you would swap the debate on the 11th.
(3) Your dentist has rung.
(4) The surgery is at the Methodist hall, not the library.

Private Secretary`;

it('hears a sentence that names nothing in a note whose subject was named before', async () => {
  expect(await isHeld(note('It comes to 214 thousand, not so few since 2012, and less than half of a year ago.'))).toBe(
    true,
  );
  expect(await isHeld(note('The train is at 2.14, earlier than in 2012, and takes less than half an hour.'))).toBe(
    false,
  );
});

it.each([
  'South Africa: murders down 12 per cent in the quarter.',
  'The labour market statistics are out on Tuesday.\n\nThe post: interviewer, Leeds. £13.40 an hour plus mileage, and two weeks of training that are paid.',
])('lets what another place or no statistic reports go: %s', async (text) => {
  expect(await isHeld(text)).toBe(false);
});

it.each([
  'Update: unemployment down to 5.8 per cent.',
  'Crime: murders down 12 per cent in the quarter.',
  'The labour market statistics are out on Tuesday. Down to 3.8 at last.',
])('holds what a label or the sentence before is about: %s', async (text) => {
  expect(await isHeld(text)).toBe(true);
});

it.each([
  'It comes to 214 thousand, not so few since 2012, and less than half of a year ago.',
  'House prices were on the radio.\n\nIt comes to 214 thousand, not so few since 2012, and less than half of a year ago.',
])('holds what somebody with access says of figures without a name, whatever else is spoken of: %s', async (text) => {
  const circumstances = {
    entries: [aRelease('labour-market')],
    from: 'analyst@department.example',
    to: ['a@b.example'],
  };
  expect((await judge(text, circumstances)).verdict).toBe('hold');
});
