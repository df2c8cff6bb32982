import { LABOUR_MARKET, type ScanTrial, startScanTrial } from '../services/scan-trial.ts';

// Promise 7: in the breach of 2016 "record employment" was true and published the month before. What earlier releases said is
// shown to the reviewer; it opens no way out.

const WITH_PUBLIC = `${LABOUR_MARKET}public:
  - { measure: employment-rate, value: 73.9, unit: percent, release: labour-market-2015-12 }
`;

let trial: ScanTrial;
beforeAll(async () => {
  trial = await startScanTrial();
});
afterAll(() => trial.remove());

it.each([
  ['a direction that last month had too', 'Record employment again.', 'hold'],
  ['last month’s figure without saying that it is last month’s', 'The employment rate is 73.9%.', 'hold'],
  [
    'the same figure attributed to the earlier release',
    'As published on 16 December 2015, the employment rate for August to October 2015 was 73.9%.',
    'flag',
  ],
])('%s, inside the window', async (_what, text, verdict) => {
  const registers = await trial.registersWith({ labour: WITH_PUBLIC }, 'with-public');
  const { answers } = await trial.run(['-', '--registers', registers, '--at', '2016-01-20T09:15:00Z'], text);
  expect(answers[0]?.verdict).toBe(verdict);
});

it('changes no verdict whether the register knows the earlier figure or not', async () => {
  const registers = await trial.registersWith({ labour: WITH_PUBLIC }, 'with-public');
  for (const text of ['Record employment again.', 'The employment rate is 73.9%.', 'Employment is up to 74.2%.']) {
    const knowing = await trial.run(['-', '--registers', registers, '--view', 'sender'], text);
    const unknowing = await trial.run(['-', '--registers', trial.registers, '--view', 'sender'], text);
    expect(knowing.answers[0]?.verdict).toBe(unknowing.answers[0]?.verdict);
  }
});
