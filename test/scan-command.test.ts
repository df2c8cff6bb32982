import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LABOUR_MARKET, type ScanTrial, startScanTrial, TWEET } from './services/scan-trial.ts';

let trial: ScanTrial;
beforeAll(async () => {
  trial = await startScanTrial();
});
afterAll(() => trial.remove());

describe('what a reviewer may know and a sender may not', () => {
  it('is told apart in the insight alone', async () => {
    const text = 'The employment rate is 74.0%.\n';
    const reviewer = await trial.run(['-', '--registers', trial.registers, '--view', 'reviewer'], text);
    const sender = await trial.run(['-', '--registers', trial.registers, '--view', 'sender'], text);
    const other = await trial.registersWith({ labour: LABOUR_MARKET.replace('74.0', '73.1') }, 'other-figure');
    const senderOfOther = await trial.run(['-', '--registers', other, '--view', 'sender'], text);
    expect(reviewer.answers[0]?.findings.some((finding) => finding.insight !== undefined)).toBe(true);
    expect(sender.out).not.toContain('insight');
    expect(sender.out).toBe(senderOfOther.out);
  });
});

describe('settings', () => {
  it('names the rules that the server judges by too', async () => {
    const env = { HOLDFAST_RULES: '/nonexistent/rules' };
    const { status, err } = await trial.run(['-', '--registers', trial.registers], TWEET, env);
    expect([status, err]).toEqual([2, expect.stringContaining('/nonexistent/rules')]);
    const given = await trial.run(['-', '--registers', trial.registers, '--rules', 'rules'], TWEET, env);
    expect(given.status).toBe(1);
  });
});

describe('paths and faults', () => {
  it('judges every readable path in order, and says which it could not read', async () => {
    const draft = join(trial.folder, 'draft.txt');
    const plain = join(trial.folder, 'plain.md');
    await writeFile(draft, TWEET);
    await writeFile(plain, 'The canteen opens at eight.\n');
    const { answers, err, status } = await trial.run([
      draft,
      join(trial.folder, 'absent.txt'),
      plain,
      '--registers',
      trial.registers,
    ]);
    expect(answers.map(({ source, verdict }) => [source, verdict])).toEqual([
      [draft, 'hold'],
      [plain, 'pass'],
    ]);
    expect(err.split('\n').filter((line) => line !== '')).toHaveLength(1);
    expect(err).toContain('absent.txt');
    expect(status).toBe(2);
  });

  it('says that a folder without a file was not judged', async () => {
    const empty = join(trial.folder, 'empty');
    await mkdir(empty);
    const { status, err } = await trial.run(['--recursive', empty, '--registers', trial.registers]);
    expect([status, err]).toEqual([2, expect.stringContaining(`${empty}: holds no file to judge`)]);
  });

  it.each([
    ['an instant without an offset', ['-', '--at', '2016-01-20T09:22:00'], '--at'],
    ['an unknown option', ['-', '--colour'], '--colour'],
    ['no path', [], 'no PATH'],
    ['a kind that does not exist', ['-', '--kind', 'tweet'], '--kind'],
    ['a recipient that is no address', ['-', '--to', 'somebody'], '--to'],
    ['a register folder that is not there', ['-', '--registers', '/nonexistent/registers'], 'registers export DIR'],
    ['a folder without --recursive', ['.', '--registers', 'fixtures/registers'], '--recursive'],
  ])('%s is one line on standard error and exit 2', async (_what, args, named) => {
    const { status, err, out } = await trial.run(args, TWEET);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(/^holdfast: /);
    expect(err).toContain(named);
  });
});
