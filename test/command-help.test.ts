import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_HELP } from '../src/cli/help/command-help.ts';
import { completionScript } from '../src/cli/help/completion-script.ts';
import { commandText, overviewText, styleFor } from '../src/cli/help/help-text.ts';
import { manPage } from '../src/cli/help/man-page.ts';
import { commands } from '../src/cli/index.ts';
import { describeWithMandoc } from './services/real-servers.ts';

const plain = styleFor(false, {});

test('every command has its help, and every help its command', () => {
  expect(COMMAND_HELP.map(({ name }) => name).sort()).toEqual(Object.keys(commands).sort());
});

test.each(COMMAND_HELP.map((help) => [help.name, help] as const))(
  '%s tells what it does, with an example that begins with it',
  (_name, help) => {
    const text = commandText(help, plain);
    expect(help.examples.length).toBeGreaterThan(0);
    for (const { line } of help.examples) expect(line).toContain(`holdfast ${help.name}`);
    for (const { name } of help.options) expect(text).toContain(`--${name}`);
    expect(text).toMatch(/exit status\n {2}0 {2}done/);
  },
);

test.each([
  ['audit', 'audit verify'],
  ['backup', 'backup FILE [--with-keys]'],
  ['config', 'config check [FILE]'],
  ['doctor', 'doctor [--format text|json] [--least-free MB]'],
  ['keys', 'keys rotate|retire KEY|status|wrap|unwrap|add|reseal'],
  ['restore', 'restore FILE [--without-keys]'],
  ['smtp-user', 'smtp-user NAME [SENDER,...] < PASSWORD'],
])('%s called in another way says the same as its help', async (name, synopsis) => {
  const command = await commands[name]?.();
  const io = { out: () => {}, err: () => {}, stdin: async () => new Uint8Array(), isTerminal: false, now: () => 0 };
  await expect(command?.run(['no', 'such', '--option'], { ...io, env: {} })).rejects.toThrow(
    `usage: holdfast ${synopsis}`,
  );
  expect(COMMAND_HELP.find((help) => help.name === name)?.synopsis).toEqual([synopsis]);
});

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
])('on a terminal (%s) with %j there is colour: %s', (isTerminal, env, isColoured) => {
  expect(overviewText(styleFor(isTerminal, env)).includes('\u001b[')).toBe(isColoured);
});

describe('completion in a real bash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-completion-'));
  beforeAll(() => {
    writeFileSync(join(folder, 'completion'), completionScript('bash'));
    for (const name of ['mail.eml', 'two words.txt']) writeFileSync(join(folder, name), '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What bash offers after these words, the last one begun. */
  function offered(...words: readonly string[]): readonly string[] {
    const script =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the braces are bash's.
      '. ./completion; COMP_WORDS=(holdfast "$@"); COMP_CWORD=$#; _holdfast; [ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\\n" "${COMPREPLY[@]}"';
    const ran = spawnSync('bash', ['--norc', '-uc', script, 'bash', ...words], { cwd: folder, encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    return ran.stdout.split('\n').filter((line) => line !== '');
  }

  it.each([
    [['s'], ['scan', 'serve', 'smtp-user']],
    [['help', 'sc'], ['scan']],
    [
      ['registers', ''],
      ['check', 'import', 'export', 'seal'],
    ],
    [
      ['scan', '--format', ''],
      ['text', 'json', 'sarif'],
    ],
    [['scan', '--format', 's'], ['sarif']],
    [
      ['scan', '--re'],
      ['--registers', '--recursive'],
    ],
    [['scan', '--at', ''], []],
    [['scan', 'm'], ['mail.eml']],
    [['scan', 'two'], ['two words.txt']],
    [['scan', '--registers', 'ma'], ['mail.eml']],
    [['serve', '-'], ['--help']],
    [['completion', 'f'], ['fish']],
  ])('offers after %j: %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('is registered for the program', () => {
    const ran = spawnSync('bash', ['--norc', '-c', '. ./completion; complete -p holdfast'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(ran.stdout.trim()).toBe('complete -F _holdfast holdfast');
  });
});

test.each(['zsh', 'fish'] as const)(
  'completion for %s knows every command and option, with quotes that are closed',
  (shell) => {
    const script = completionScript(shell);
    for (const { name, options } of COMMAND_HELP) {
      expect(script).toContain(name);
      for (const option of options)
        expect(script).toContain(shell === 'zsh' ? `--${option.name}[` : `-l ${option.name}`);
    }
    for (const line of script
      .replaceAll("'\\''", '')
      .split('\n')
      .filter((one) => !one.startsWith('#'))) {
      expect([line, (line.match(/'/g) ?? []).length % 2]).toEqual([line, 0]);
    }
  },
);

describeWithMandoc('the manual page', () => {
  const page = manPage('0.1.0', 'January 20, 2016');
  const ask = (program: string, ...args: readonly string[]) =>
    spawnSync(program, args, { input: page, encoding: 'utf8' });

  it('is well-formed by mandoc', () => {
    const { status, stdout, stderr } = ask('mandoc', '-T', 'lint', '-W', 'warning');
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });

  it('reads as a page with every command, option and exit status', () => {
    const text = ask('mandoc', '-T', 'ascii').stdout.replaceAll(new RegExp(`.${String.fromCharCode(8)}`, 'g'), '');
    for (const { name, options } of COMMAND_HELP) {
      expect(text).toContain(name);
      for (const option of options) expect(text).toContain(`--${option.name}`);
    }
    expect(text).toMatch(/EXIT STATUS\n +0 +done, and nothing is held/);
    expect(text).toContain("echo 'Record employment!' | holdfast scan -");
  });
});
