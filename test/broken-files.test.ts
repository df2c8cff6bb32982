import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotRun, type Command, type CommandIo } from '../src/cli/command.ts';
import { registers } from '../src/cli/registers.ts';
import { rules } from '../src/cli/rules.ts';
import { scan } from '../src/cli/scan.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const EMBARGO = 'embargoes/labour-market-2016-01.yaml';
const DATASET = 'sensitivity/core-lettings-2016-17.yaml';
const SUBJECT = 'subjects/labour-market.yaml';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-broken-'));
  cpSync(join(ROOT, 'fixtures/registers'), join(folder, 'registers'), { recursive: true });
  cpSync(join(ROOT, 'rules'), join(folder, 'rules'), { recursive: true });
  writeFileSync(join(folder, 'draft.txt'), 'Nothing of note.\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(
  command: Command,
  args: readonly string[],
): Promise<{ status: number; lines: readonly string[]; warnings: readonly string[] }> {
  let err = '';
  const io: CommandIo = {
    out: () => {},
    err: (text) => {
      err += text;
    },
    stdin: async () => new Uint8Array(),
    isTerminal: false,
    now: () => Date.UTC(2016, 0, 15),
    env: { HOLDFAST_DATA: join(folder, 'data') },
  };
  let status: number;
  let faults: readonly string[] = [];
  try {
    status = await command.run(args, io);
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    status = 2;
    faults = error.lines;
  }
  const tell = (line: string) => line.replaceAll(folder, 'F');
  return {
    status,
    lines: faults.map(tell),
    warnings: err
      .split('\n')
      .filter((line) => line !== '')
      .map(tell),
  };
}

function edit(path: string, from: string | RegExp, to: string): void {
  const file = join(folder, path);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(from);
  writeFileSync(file, text.replace(from, to));
}

const inRegister = (path: string, from: string | RegExp, to: string) => () => edit(`registers/${path}`, from, to);

/** Each: what is broken, how, and the place the one line must name. */
const BROKEN_REGISTERS: readonly (readonly [string, () => void, RegExp])[] = [
  [
    'an unknown key',
    inRegister(EMBARGO, 'status:', 'state:'),
    /^F\/registers\/embargoes\/labour-market-2016-01\.yaml:15:1: state: unknown key/,
  ],
  [
    'an unknown subject',
    inRegister(EMBARGO, '[labour-market]', '[labor-market]'),
    /yaml:7:12: subjects\[0\]: .*did you mean "labour-market"\?$/,
  ],
  [
    'an unknown measure',
    inRegister(EMBARGO, 'measure: people-in-work', 'measure: people-at-work'),
    /yaml:18:7: figures\[1\]\.measure: .*did you mean "people-in-work"\?$/,
  ],
  [
    'a unit that is not allowed',
    inRegister(EMBARGO, 'unit: million', 'unit: millions'),
    /yaml:18:46: figures\[1\]\.unit: .*did you mean "million"\?$/,
  ],
  [
    'from after until',
    inRegister(EMBARGO, '2016-01-13T00:00', '2016-02-13T00:00'),
    /yaml:8:12: embargo\.from: is after until/,
  ],
  [
    'a time the clocks skip',
    inRegister(EMBARGO, '"2016-01-20T09:30"', '"2016-03-27T01:15"'),
    /yaml:8:38: embargo\.until: .*does not exist in Europe\/London/,
  ],
  [
    'an unknown zone',
    inRegister(EMBARGO, 'Europe/London', 'Europe/Lodnon'),
    /yaml:8:65: embargo\.zone: .*did you mean "Europe\/London"\?$/,
  ],
  [
    'access after the lift',
    inRegister(EMBARGO, '2016-01-19T09:30', '2016-01-21T09:30'),
    /yaml:10:3: preRelease\.opens: is after embargo\.until/,
  ],
  [
    'a bad e-mail address',
    inRegister(EMBARGO, 'analyst@department.example', 'analyst(at)department.example'),
    /yaml:12:9: preRelease\.access\[0\]\.email: is no e-mail address/,
  ],
  [
    'a bad day',
    inRegister(EMBARGO, 'declared: "2016-01-12"', 'declared: "12/01/2016"'),
    /yaml:12:73: preRelease\.access\[0\]\.declared: is no day/,
  ],
  [
    'a bad status',
    inRegister(EMBARGO, 'status: scheduled', 'status: embargoed'),
    /yaml:15:1: status: "embargoed" is not allowed here/,
  ],
  [
    'a number in quotes',
    inRegister(EMBARGO, 'value: 31.39', 'value: "31.39"'),
    /yaml:18:32: figures\[1\]\.value: expected a number.*remove the quotes$/,
  ],
  ['a missing key', inRegister(EMBARGO, /title: .*\n/, ''), /yaml:2:1: title: this key is missing/],
  [
    'a wrong type',
    inRegister(EMBARGO, '[labour-market]', 'labour-market'),
    /yaml:7:1: subjects: expected a list, found a text/,
  ],
  [
    'a key twice',
    inRegister(EMBARGO, 'status: scheduled', 'status: scheduled\nstatus: published'),
    /yaml:16:1: status: this key stands twice/,
  ],
  ['an alias', inRegister(EMBARGO, '[labour-market]', '*subjects'), /yaml:7:11: subjects: an alias stands here/],
  ['an unknown tag', inRegister(EMBARGO, 'title: ', 'title: !name '), /yaml:3:8: title: the tag !name is not known/],
  ['a tab', inRegister(EMBARGO, '  opens', '\topens'), /yaml:10:1: preRelease: a tab indents this line/],
  ['an open bracket', inRegister(EMBARGO, '[labour-market]', '[labour-market'), /yaml:8:1: embargo: /],
  [
    'two documents',
    inRegister(EMBARGO, 'status: scheduled', 'status: scheduled\n---\nid: b'),
    /yaml:16:1: status: a second document begins here/,
  ],
  [
    'an unknown dataset',
    inRegister(DATASET, 'dataset: core-lettings', 'dataset: core-letting'),
    /yaml:7:1: dataset: .*did you mean "core-lettings"\?$/,
  ],
  [
    'the same id in two files',
    () => cpSync(join(folder, 'registers', EMBARGO), join(folder, 'registers/embargoes/z.yml')),
    /^F\/registers\/embargoes\/z\.yml:2:1: id: the same id stands in F\/registers\/embargoes\/labour-market-2016-01\.yaml/,
  ],
  ['an empty file', () => writeFileSync(join(folder, 'registers/embargoes/z.yaml'), ''), /z\.yaml:1:1: is empty/],
  [
    'a file that is not UTF-8',
    () => appendFileSync(join(folder, 'registers', EMBARGO), Buffer.from('# caf\xe9\n', 'latin1')),
    /labour-market-2016-01\.yaml:22: is not UTF-8/,
  ],
  [
    'a file over 1 MB',
    () => appendFileSync(join(folder, 'registers', EMBARGO), `# ${'x'.repeat(1_000_000)}\n`),
    /labour-market-2016-01\.yaml: is larger than 1 MB/,
  ],
  ['a folder named x.yaml', () => mkdirSync(join(folder, 'registers/embargoes/x.yaml')), /x\.yaml: is a folder/],
  [
    'a dangling link',
    () => symlinkSync('nowhere', join(folder, 'registers/embargoes/x.yaml')),
    /x\.yaml: is a link that leads nowhere/,
  ],
  [
    'no entry at all',
    () =>
      ['embargoes', 'sensitivity'].forEach((name) => {
        rmSync(join(folder, 'registers', name), { recursive: true });
      }),
    /^F\/registers: holds no entry/,
  ],
  [
    'no folder',
    () => rmSync(join(folder, 'registers'), { recursive: true }),
    /^F\/registers: there is no such register folder/,
  ],
];

describe('a broken register costs exit 2 and one line with file, line and key', () => {
  it.each(BROKEN_REGISTERS)('%s', async (_what, damage, line) => {
    damage();
    const checked = await run(registers, ['check', join(folder, 'registers')]);
    expect(checked).toMatchObject({ status: 2, lines: [expect.stringMatching(line)] });
  });
});

const inRule = (path: string, from: string | RegExp, to: string) => () => edit(`rules/${path}`, from, to);

const BROKEN_RULES: readonly (readonly [string, () => void, RegExp])[] = [
  [
    'an unknown key',
    inRule(SUBJECT, /^terms:/m, 'trems:'),
    /^F\/rules\/subjects\/labour-market\.yaml:\d+:1: trems: unknown key, did you mean "terms"\?$/,
  ],
  [
    'no examples',
    inRule(SUBJECT, /^examples:[\s\S]*/m, ''),
    /labour-market\.yaml:\d+:1: examples: this key is missing/,
  ],
  [
    'an example that its rule does not match',
    inRule('markings/not-for-circulation.yaml', /^( +match:)\n/m, '$1\n    - Have a nice day.\n'),
    /not-for-circulation\.yaml:\d+:\d+: examples\.match\[0\]: does not match$/,
  ],
  [
    'a near-miss that its rule matches',
    inRule('identifiers/sex.yaml', /clean:\n/, 'clean:\n    - Female\n'),
    /sex\.yaml:\d+:\d+: examples\.clean\[0\]: matches, and must not$/,
  ],
  [
    'a sentence that says nothing of the subject',
    inRule(SUBJECT, /^( +match:)\n/m, '$1\n    - Have a nice day.\n'),
    /labour-market\.yaml:\d+:\d+: examples\.match\[0\]: says nothing of this subject/,
  ],
  [
    'a regular expression that is none',
    inRule('markings/not-for-circulation.yaml', /patterns:\n( +)- .*/, "patterns:\n$1- '(not'"),
    /not-for-circulation\.yaml:\d+:\d+: patterns\[0\]: is not a valid regular expression/,
  ],
  [
    'a rule twice',
    () => cpSync(join(folder, 'rules', SUBJECT), join(folder, 'rules/subjects/z.yaml')),
    /z\.yaml:\d+:1: id: the same id stands in F\/rules\/subjects\/labour-market\.yaml/,
  ],
  [
    'an unknown outcome in the policy',
    inRule('policy.yaml', 'incomplete: hold', 'incomplete: ignore'),
    /policy\.yaml:\d+:1: incomplete: "ignore" is not allowed here/,
  ],
  ['no policy', () => rmSync(join(folder, 'rules/policy.yaml')), /policy\.yaml: is missing/],
  [
    'a kind without rules',
    () =>
      readdirSync(join(folder, 'rules/markings')).forEach((name) => {
        rmSync(join(folder, 'rules/markings', name));
      }),
    /^F\/rules\/markings: holds no rule/,
  ],
  [
    'a dangling link',
    () => symlinkSync('nowhere', join(folder, 'rules/subjects/x.yaml')),
    /x\.yaml: is a link that leads nowhere/,
  ],
  ['no folder', () => rmSync(join(folder, 'rules'), { recursive: true }), /^F\/rules: there is no such rule folder/],
];

describe('a broken rule costs exit 2 and a line with file, line and key', () => {
  it.each(BROKEN_RULES)('%s', async (_what, damage, line) => {
    damage();
    const tested = await run(rules, ['test', join(folder, 'rules'), '--quick']);
    expect(tested).toMatchObject({ status: 2, lines: [expect.stringMatching(line)] });
  });

  it('and an empty folder a line for each kind', async () => {
    for (const name of readdirSync(join(folder, 'rules'))) rmSync(join(folder, 'rules', name), { recursive: true });
    const { status, lines } = await run(rules, ['test', join(folder, 'rules'), '--quick']);
    expect([status, lines.length]).toEqual([2, 6]);
  });
});

describe('a scan', () => {
  it('ends on a broken register and on a broken rule as the checks do', async () => {
    const [registerFolder, ruleFolder] = [join(folder, 'registers'), join(folder, 'rules')];
    const args = [join(folder, 'draft.txt'), '--registers', registerFolder, '--rules', ruleFolder];
    expect(await run(scan, args)).toMatchObject({ status: 0, lines: [] });
    edit(`registers/${EMBARGO}`, 'status:', 'state:');
    const { lines } = await run(registers, ['check', registerFolder]);
    expect(await run(scan, args)).toMatchObject({ status: 2, lines });
    edit(`rules/${SUBJECT}`, /^( +match:)\n/m, '$1\n    - Have a nice day.\n');
    expect(await run(scan, args)).toMatchObject({
      status: 2,
      lines: (await run(rules, ['test', ruleFolder, '--quick'])).lines,
    });
  });
});

describe('what is whole', () => {
  it('is checked with exit 0, a summary and a warning for each figure in the clear', async () => {
    const { status, lines, warnings } = await run(registers, ['check', join(folder, 'registers')]);
    expect([status, lines]).toEqual([0, []]);
    expect(warnings).toEqual(
      [17, 18, 19].map((line) =>
        expect.stringMatching(
          `^warning: F/registers/${EMBARGO}:${line}:\\d+: figures\\[\\d\\]\\.value: is in the clear`,
        ),
      ),
    );
  });

  it('is sealed in place, and nothing is left in the clear', async () => {
    expect(await run(registers, ['seal', join(folder, 'registers')])).toEqual({ status: 0, lines: [], warnings: [] });
    const text = readFileSync(join(folder, 'registers', EMBARGO), 'utf8');
    expect(text).not.toMatch(/31\.39|value: 74/);
    expect(await run(registers, ['check', join(folder, 'registers')])).toEqual({ status: 0, lines: [], warnings: [] });
  });
});
