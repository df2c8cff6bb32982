import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandIo } from '../src/cli/command.ts';
import { makeLettingsWorkbook } from '../src/cli/lettings-workbook.ts';
import { scan } from '../src/cli/scan.ts';

// Both breaches and their benign twins through `holdfast scan`, opened in real child processes.

const FIXTURES = join(import.meta.dirname, '../fixtures');
const REMINDER = join(FIXTURES, 'messages/labour-market-reminder.eml');
const BREACH = join(FIXTURES, 'messages/labour-market-record-employment.eml');

interface Answer {
  readonly verdict: string;
  readonly holdUntil: string | null;
  readonly findings: readonly { readonly detector: string; readonly entry: string | null; readonly summary: string }[];
  readonly incomplete: readonly { readonly path: string; readonly reason: string }[];
}

let folder: string;

async function judge(paths: readonly string[], at: string, to: readonly string[]): Promise<readonly Answer[]> {
  let out = '';
  const io: CommandIo = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      throw new Error(text);
    },
    stdin: async () => new Uint8Array(),
    isTerminal: false,
    now: () => Date.now(),
    env: { HOLDFAST_DATA: folder },
  };
  const recipients = to.flatMap((address) => ['--to', address]);
  await scan.run([...paths, '--registers', join(FIXTURES, 'registers'), '--at', at, ...recipients], io);
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

async function batchMail(name: string, type: string, content: Buffer): Promise<string> {
  const template = await readFile(join(FIXTURES, 'messages/core-lettings-batch.eml'), 'utf8');
  const path = join(folder, `${name}.eml`);
  const encoded = content.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  await writeFile(
    path,
    template
      .replaceAll('{{name}}', name)
      .replaceAll('{{type}}', type)
      .replace('{{attachment}}', () => encoded),
  );
  return path;
}

const people = (count: number, domain: string) => Array.from({ length: count }, (_, n) => `contact${n + 1}@${domain}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-seeds-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the breach of 20 January 2016', () => {
  it('is held at 09:22, until the lift', async () => {
    const [answer] = await judge([BREACH], '2016-01-20T09:22:00Z', people(296, 'network.example'));
    expect(answer).toMatchObject({ verdict: 'hold', holdUntil: '2016-01-20T09:30:00.000Z' });
    expect(answer?.findings.map(({ detector, entry }) => [detector, entry])).toContainEqual([
      'direction',
      'labour-market-2016-01',
    ]);
  });

  it.each([
    ['the same mail after the lift', BREACH, '2016-01-20T09:31:00Z'],
    ['the reminder that says when, and nothing else', REMINDER, '2016-01-20T09:22:00Z'],
  ])('has a benign twin that goes: %s', async (_what, path, at) => {
    const [answer] = await judge([path], at, people(3, 'network.example'));
    expect(answer).toMatchObject({ verdict: 'pass', findings: [], incomplete: [] });
  });
});

describe('the breach of 19 July 2017', () => {
  const AT = '2017-07-19T10:41:00+01:00';
  const providers = people(35, 'provider.example');
  const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

  it('is held, and no lift ends it', async () => {
    const mail = await batchMail('errors.xlsx', XLSX, await makeLettingsWorkbook(85_000, 7));
    const [answer] = await judge([mail], AT, providers);
    expect(answer).toMatchObject({ verdict: 'hold', holdUntil: null, incomplete: [] });
    const finding = answer?.findings.find(({ detector }) => detector === 'record-level');
    expect(finding).toMatchObject({ entry: 'core-lettings-2016-17' });
    expect(finding?.summary).toContain('85,000');
  }, 60_000);

  it('has a benign twin that goes: the log of errors', async () => {
    const mail = await batchMail('errors.csv', 'text/csv', await readFile(join(FIXTURES, 'files/core-error-log.csv')));
    const [answer] = await judge([mail], AT, providers);
    expect(answer).toMatchObject({ verdict: 'pass', incomplete: [] });
  });

  it('is found as the odd one among its sibling mails even in a file of nobody’s register', async () => {
    const log = await readFile(join(FIXTURES, 'files/core-error-log.csv'));
    const mails = await Promise.all(
      ['errors a.csv', 'errors b.csv', 'errors c.csv'].map((name) => batchMail(name, 'text/csv', log)),
    );
    const odd = await batchMail('staff plan.xlsx', XLSX, await makeLettingsWorkbook(3, 1));
    const answers = await judge([...mails, odd], AT, providers);
    expect(answers.map(({ findings }) => findings.some(({ detector }) => detector === 'batch'))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});

describe('what could not be looked at', () => {
  const zipOf = async (content: Buffer) => content.subarray(0, content.length - 40);
  it('holds a truncated workbook as incomplete, with the reason', async () => {
    const path = join(folder, 'cut.xlsx');
    await writeFile(path, await zipOf(await makeLettingsWorkbook(50, 3)));
    const [answer] = await judge([path], '2017-07-19T10:41:00+01:00', ['someone@council.example']);
    expect(answer).toMatchObject({ verdict: 'hold', holdUntil: null });
    expect(answer?.incomplete.map(({ reason }) => reason)).toContain('corrupt');
  });
});
