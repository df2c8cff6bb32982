import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandIo } from '../src/cli/command.ts';
import { CannotRun } from '../src/cli/command.ts';
import { scan } from '../src/cli/scan.ts';

interface Answer {
  readonly source: string;
  readonly verdict: string;
  readonly holdUntil: string | null;
  readonly effectiveAt: string;
  readonly findings: readonly { detector: string; entry: string | null; path: string; span: { start: number; end: number } | null; insight?: string }[];
  readonly incomplete: readonly { path: string; reason: string }[];
}

const LABOUR_MARKET = `
id: labour-market-2016-01
title: UK Labour Market, January 2016
producer: Office for National Statistics
series: labour-market
subjects: [labour-market]
embargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }
preRelease:
  opens: "2016-01-19T09:30"
  access:
    - { email: analyst@department.example, role: Labour market analyst, declared: "2016-01-12" }
    - { email: chief@department.example, role: Chief economist, declared: "2016-01-12" }
custodians: ["*@statistics.example"]
status: scheduled
figures:
  - { measure: employment-rate, value: 74.0, unit: percent }
  - { measure: people-in-work, value: 31.39, unit: million }
`;
const CORE_LETTINGS = `
id: core-lettings-2016-17
title: CORE lettings 2016/17, record level
owner: core.team@department.example
classification: OFFICIAL-SENSITIVE
dataset: core-lettings
allowedRecipients: ["analyst@department.example", "*@statistics.example"]
`;
const TWEET = 'Record employment! More people in work than ever before.\n';

let folder: string;

async function registersWith(embargoes: Readonly<Record<string, string>>, name = 'registers'): Promise<string> {
  const dir = join(folder, name);
  await mkdir(join(dir, 'embargoes'), { recursive: true });
  await mkdir(join(dir, 'sensitivity'), { recursive: true });
  for (const [file, text] of Object.entries(embargoes)) await writeFile(join(dir, 'embargoes', `${file}.yaml`), text);
  await writeFile(join(dir, 'sensitivity', 'core.yaml'), CORE_LETTINGS);
  return dir;
}

async function run(args: readonly string[], stdin = ''): Promise<{ status: number; answers: readonly Answer[]; out: string; err: string }> {
  let out = '';
  let err = '';
  const io: CommandIo = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    stdin: async () => Buffer.from(stdin),
    isTerminal: false,
    now: () => Date.parse('2016-01-20T09:15:00Z'),
    env: { HOLDFAST_DATA: join(folder, 'data') },
  };
  const status = await scan.run(args, io).catch((error: unknown) => {
    if (!(error instanceof CannotRun)) throw error;
    err += error.lines.map((line) => `holdfast: ${line}\n`).join('');
    return 2;
  });
  const answers = out.startsWith('{') ? out.trim().split('\n').map((line) => JSON.parse(line) as Answer) : [];
  return { status, answers, out, err };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-scan-'));
  await registersWith({ labour: LABOUR_MARKET });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a draft tweet about record employment', () => {
  it.each([
    ['at 09:15 on the day', ['--at', '2016-01-20T09:15:00Z'], 'hold', '2016-01-20T09:30:00.000Z'],
    ['one second before the lift', ['--at', '2016-01-20T09:29:59Z'], 'hold', '2016-01-20T09:30:00.000Z'],
    ['at the lift itself', ['--at', '2016-01-20T09:30:00Z'], 'pass', null],
    ['planned for 09:30 the same day', ['--at', '2016-01-20T09:15:00Z', '--publish-at', '2016-01-20T09:30:00Z'], 'pass', null],
    ['planned for 09:31 one day early', ['--at', '2016-01-19T09:15:00Z', '--publish-at', '2016-01-19T09:31:00Z'], 'hold', '2016-01-20T09:30:00.000Z'],
    ['with a planned time in the past', ['--at', '2016-01-20T09:15:00Z', '--publish-at', '2016-01-12T09:00:00Z'], 'hold', '2016-01-20T09:30:00.000Z'],
    ['before the window', ['--at', '2016-01-12T23:59:59Z'], 'pass', null],
    ['from an analyst with access to another', ['--at', '2016-01-20T09:15:00Z', '--from', 'analyst@department.example', '--to', 'chief@department.example'], 'flag', null],
    ['the same with one outsider', ['--at', '2016-01-20T09:15:00Z', '--from', 'analyst@department.example', '--to', 'chief@department.example', '--to', 'friend@news.example'], 'hold', '2016-01-20T09:30:00.000Z'],
    ['the same before access opens', ['--at', '2016-01-19T09:29:00Z', '--from', 'analyst@department.example', '--to', 'chief@department.example'], 'hold', '2016-01-20T09:30:00.000Z'],
    ['among custodians from the window\'s start', ['--at', '2016-01-13T00:00:00Z', '--from', 'a@statistics.example', '--to', 'b@statistics.example'], 'flag', null],
    ['from a custodian to an eligible person, access open', ['--at', '2016-01-20T09:15:00Z', '--from', 'a@statistics.example', '--to', 'chief@department.example'], 'flag', null],
    ['from an eligible person to the public', ['--at', '2016-01-20T09:15:00Z', '--from', 'analyst@department.example'], 'hold', '2016-01-20T09:30:00.000Z'],
  ])('%s', async (_when, options, verdict, holdUntil) => {
    const { answers, status } = await run(['-', '--registers', join(folder, 'registers'), ...options], TWEET);
    expect(answers[0]).toMatchObject({ source: '-', verdict, holdUntil });
    expect(status).toBe(verdict === 'hold' ? 1 : 0);
  });

  it('points at the sender\'s own words', async () => {
    const { answers } = await run(['-', '--registers', join(folder, 'registers'), '--view', 'sender'], TWEET);
    const finding = answers[0]?.findings.find((one) => one.detector === 'direction');
    expect(finding).toMatchObject({ entry: 'labour-market-2016-01', path: 'body' });
    expect(TWEET.slice(finding?.span?.start, finding?.span?.end).toLowerCase()).toContain('record employment');
  });
});

describe('status and quiet period of an entry', () => {
  const quiet = LABOUR_MARKET.replace('status: scheduled', 'status: scheduled\nquietUntil: "2016-01-20T10:00"');
  it.each([
    ['postponed goes on past its old until, without a lift', LABOUR_MARKET.replace('scheduled', 'postponed'), '2016-01-21T12:00:00Z', 'hold', null],
    ['cancelled does not end', LABOUR_MARKET.replace('scheduled', 'cancelled'), '2017-01-21T12:00:00Z', 'hold', null],
    ['published before until is lifted', LABOUR_MARKET.replace('scheduled', 'published'), '2016-01-20T09:00:00Z', 'pass', null],
    ['the quiet period holds', quiet, '2016-01-20T09:45:00Z', 'hold', '2016-01-20T10:00:00.000Z'],
    ['after the quiet period it passes', quiet, '2016-01-20T10:00:00Z', 'pass', null],
  ])('%s', async (name, entry, at, verdict, holdUntil) => {
    const registers = await registersWith({ entry }, name);
    const { answers } = await run(['-', '--registers', registers, '--at', at], TWEET);
    expect(answers[0]).toMatchObject({ verdict, holdUntil });
  });

  it('waits for the latest lift where several entries apply', async () => {
    const later = LABOUR_MARKET.replace('id: labour-market-2016-01', 'id: jobs-2016').replace('2016-01-20T09:30', '2016-02-17T09:30');
    const registers = await registersWith({ a: LABOUR_MARKET, b: later }, 'two-entries');
    const { answers } = await run(['-', '--registers', registers, '--at', '2016-01-20T09:00:00Z'], TWEET);
    expect(answers[0]?.holdUntil).toBe('2016-02-17T09:30:00.000Z');
  });
});

describe('what a reviewer may know and a sender may not', () => {
  it('is told apart in the insight alone', async () => {
    const text = 'The employment rate is 74.0%.\n';
    const reviewer = await run(['-', '--registers', join(folder, 'registers'), '--view', 'reviewer'], text);
    const sender = await run(['-', '--registers', join(folder, 'registers'), '--view', 'sender'], text);
    const other = await registersWith({ labour: LABOUR_MARKET.replace('74.0', '73.1') }, 'other-figure');
    const senderOfOther = await run(['-', '--registers', other, '--view', 'sender'], text);
    expect(reviewer.answers[0]?.findings.some((finding) => finding.insight !== undefined)).toBe(true);
    expect(sender.out).not.toContain('insight');
    expect(sender.out).toBe(senderOfOther.out);
  });
});

describe('paths and faults', () => {
  it('judges every readable path in order, and says which it could not read', async () => {
    const draft = join(folder, 'draft.txt');
    const plain = join(folder, 'plain.md');
    await writeFile(draft, TWEET);
    await writeFile(plain, 'The canteen opens at eight.\n');
    const { answers, err, status } = await run([draft, join(folder, 'absent.txt'), plain, '--registers', join(folder, 'registers')]);
    expect(answers.map(({ source, verdict }) => [source, verdict])).toEqual([[draft, 'hold'], [plain, 'pass']]);
    expect(err.split('\n').filter((line) => line !== '')).toHaveLength(1);
    expect(err).toContain('absent.txt');
    expect(status).toBe(2);
  });

  it.each([
    ['an instant without an offset', ['-', '--at', '2016-01-20T09:22:00'], '--at'],
    ['an unknown option', ['-', '--colour'], '--colour'],
    ['no path', [], 'no PATH'],
    ['a kind that does not exist', ['-', '--kind', 'tweet'], '--kind'],
    ['a recipient that is no address', ['-', '--to', 'somebody'], '--to'],
    ['a register folder that is not there', ['-', '--registers', '/nonexistent/registers'], '/nonexistent/registers'],
    ['a folder without --recursive', ['.', '--registers', 'fixtures/registers'], '--recursive'],
  ])('%s is one line on standard error and exit 2', async (_what, args, named) => {
    const { status, err, out } = await run(args, TWEET);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(/^holdfast: /);
    expect(err).toContain(named);
  });
});
