import { LABOUR_MARKET, type ScanTrial, startScanTrial, TWEET } from '../services/scan-trial.ts';

// Promise 6: windows are compared at the effective time, in the release's own zone, by full date.

let trial: ScanTrial;
beforeAll(async () => {
  trial = await startScanTrial();
});
afterAll(() => trial.remove());

describe('a draft tweet about record employment', () => {
  it.each([
    ['at 09:15 on the day', ['--at', '2016-01-20T09:15:00Z'], 'hold', '2016-01-20T09:30:00.000Z'],
    ['one second before the lift', ['--at', '2016-01-20T09:29:59Z'], 'hold', '2016-01-20T09:30:00.000Z'],
    ['at the lift itself', ['--at', '2016-01-20T09:30:00Z'], 'pass', null],
    [
      'planned for 09:30 the same day',
      ['--at', '2016-01-20T09:15:00Z', '--publish-at', '2016-01-20T09:30:00Z'],
      'pass',
      null,
    ],
    [
      'planned for 09:31 one day early',
      ['--at', '2016-01-19T09:15:00Z', '--publish-at', '2016-01-19T09:31:00Z'],
      'hold',
      '2016-01-20T09:30:00.000Z',
    ],
    [
      'with a planned time in the past',
      ['--at', '2016-01-20T09:15:00Z', '--publish-at', '2016-01-12T09:00:00Z'],
      'hold',
      '2016-01-20T09:30:00.000Z',
    ],
    ['before the window', ['--at', '2016-01-12T23:59:59Z'], 'pass', null],
    [
      'from an analyst with access to another',
      ['--at', '2016-01-20T09:15:00Z', '--from', 'analyst@department.example', '--to', 'chief@department.example'],
      'flag',
      null,
    ],
    [
      'the same with one outsider',
      [
        '--at',
        '2016-01-20T09:15:00Z',
        '--from',
        'analyst@department.example',
        '--to',
        'chief@department.example',
        '--to',
        'friend@news.example',
      ],
      'hold',
      '2016-01-20T09:30:00.000Z',
    ],
    [
      'the same before access opens',
      ['--at', '2016-01-19T09:29:00Z', '--from', 'analyst@department.example', '--to', 'chief@department.example'],
      'hold',
      '2016-01-20T09:30:00.000Z',
    ],
    [
      "among custodians from the window's start",
      ['--at', '2016-01-13T00:00:00Z', '--from', 'a@statistics.example', '--to', 'b@statistics.example'],
      'flag',
      null,
    ],
    [
      'from a custodian to an eligible person, access open',
      ['--at', '2016-01-20T09:15:00Z', '--from', 'a@statistics.example', '--to', 'chief@department.example'],
      'flag',
      null,
    ],
    [
      'from an eligible person to the public',
      ['--at', '2016-01-20T09:15:00Z', '--from', 'analyst@department.example'],
      'hold',
      '2016-01-20T09:30:00.000Z',
    ],
  ])('%s', async (_when, options, verdict, holdUntil) => {
    const { answers, status } = await trial.run(['-', '--registers', trial.registers, ...options], TWEET);
    expect(answers[0]).toMatchObject({ source: '-', verdict, holdUntil });
    expect(status).toBe(verdict === 'hold' ? 1 : 0);
  });

  it("points at the sender's own words", async () => {
    const { answers } = await trial.run(['-', '--registers', trial.registers, '--view', 'sender'], TWEET);
    const finding = answers[0]?.findings.find((one) => one.detector === 'direction');
    expect(finding).toMatchObject({ entry: 'labour-market-2016-01', path: 'body' });
    expect(TWEET.slice(finding?.span?.start, finding?.span?.end).toLowerCase()).toContain('record employment');
  });
});

describe('status and quiet period of an entry', () => {
  const quiet = LABOUR_MARKET.replace('status: scheduled', 'status: scheduled\nquietUntil: "2016-01-20T10:00"');
  it.each([
    [
      'postponed goes on past its old until, without a lift',
      LABOUR_MARKET.replace('scheduled', 'postponed'),
      '2016-01-21T12:00:00Z',
      'hold',
      null,
    ],
    ['cancelled does not end', LABOUR_MARKET.replace('scheduled', 'cancelled'), '2017-01-21T12:00:00Z', 'hold', null],
    [
      'published before until is lifted',
      LABOUR_MARKET.replace('scheduled', 'published'),
      '2016-01-20T09:00:00Z',
      'pass',
      null,
    ],
    ['the quiet period holds', quiet, '2016-01-20T09:45:00Z', 'hold', '2016-01-20T10:00:00.000Z'],
    ['after the quiet period it passes', quiet, '2016-01-20T10:00:00Z', 'pass', null],
  ])('%s', async (name, entry, at, verdict, holdUntil) => {
    const registers = await trial.registersWith({ entry }, name);
    const { answers } = await trial.run(['-', '--registers', registers, '--at', at], TWEET);
    expect(answers[0]).toMatchObject({ verdict, holdUntil });
  });

  it('waits for the latest lift where several entries apply', async () => {
    const later = LABOUR_MARKET.replace('id: labour-market-2016-01', 'id: jobs-2016').replace(
      '2016-01-20T09:30',
      '2016-02-17T09:30',
    );
    const registers = await trial.registersWith({ a: LABOUR_MARKET, b: later }, 'two-entries');
    const { answers } = await trial.run(['-', '--registers', registers, '--at', '2016-01-20T09:00:00Z'], TWEET);
    expect(answers[0]?.holdUntil).toBe('2016-02-17T09:30:00.000Z');
  });
});
