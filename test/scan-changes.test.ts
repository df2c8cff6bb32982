import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCRIPT = join(ROOT, 'integrations/scan-changes.sh');
const BREACH = 'Record employment this month!\n';

let repository: string;
beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), 'holdfast-changes-'));
  git('init', '-q', '-b', 'main');
  write('README.md', 'Statistics.\n');
  commit();
});
afterAll(() => rmSync(repository, { recursive: true, force: true }));

function git(...args: readonly string[]): void {
  const settings = ['-c', 'user.name=n', '-c', 'user.email=n@department.example', '-c', 'commit.gpgsign=false'];
  const ran = spawnSync('git', [...settings, ...args], { cwd: repository, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(ran.stderr);
}

function write(name: string, text: string): void {
  mkdirSync(dirname(join(repository, name)), { recursive: true });
  writeFileSync(join(repository, name), text);
}

function commit(): void {
  git('add', '-A');
  git('commit', '-q', '-m', 'x');
}

function scan(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const ran = spawnSync(SCRIPT, args, {
    cwd: repository,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'] ?? '',
      HOLDFAST_COMMAND: `${process.execPath} --no-warnings ${join(ROOT, 'src/main.ts')}`,
      HOLDFAST_REGISTERS: join(ROOT, 'fixtures/registers'),
      HOLDFAST_AT: '2016-01-20T09:15:00Z',
      ...env,
    },
  });
  return { status: ran.status, out: ran.stdout, err: ran.stderr };
}

test('what is staged is judged as it is staged, not as the working copy has it', () => {
  write('posts/two words.md', BREACH);
  git('add', '-A');
  write('posts/two words.md', 'Out at half past nine.\n');
  const held = scan(['--staged'], { HOLDFAST_FORMAT: 'json' });
  expect([held.status, JSON.parse(held.out)]).toMatchObject([1, { source: 'posts/two words.md', verdict: 'hold' }]);
  git('add', '-A');
  expect(scan(['--staged']).status).toBe(0);
  commit();
});

test('what a branch changes is judged, and nothing that it does not', () => {
  write('old.md', BREACH);
  commit();
  git('checkout', '-q', '-b', 'branch');
  write('new.md', 'Out at half past nine.\n');
  commit();
  expect(scan(['main', 'branch']).status).toBe(0);
  write('deep/new.md', BREACH);
  commit();
  const { status, out } = scan(['main'], { HOLDFAST_FORMAT: 'sarif' });
  const { results } = JSON.parse(out).runs[0];
  const places = results.map(
    (one: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
      one.locations[0]?.physicalLocation.artifactLocation.uri,
  );
  expect([status, [...new Set(places)]]).toEqual([1, ['deep/new.md']]);
});

test('what goes live after the release is not held', () => {
  expect(scan(['main'], { HOLDFAST_PUBLISH_AT: '2016-01-20T10:30:00Z' }).status).toBe(0);
});

test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
  ['a base that is not there', ['nowhere'], {}],
  ['no arguments', [], {}],
  ['registers that are not there', ['main'], { HOLDFAST_REGISTERS: 'nowhere' }],
  ['a Holdfast that does not start', ['main'], { HOLDFAST_COMMAND: 'false-holdfast-of-nowhere' }],
])('%s is never taken for clean', (_what, args, env) => {
  const { status, err } = scan(args, env);
  expect([0, 1]).not.toContain(status);
  expect(err).not.toBe('');
});

test('the action runs the same script, and passes nothing into a shell by text', () => {
  const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));
  const steps = action.runs.steps.filter((step: { run?: string }) => step.run !== undefined);
  expect(steps.at(-1).run).toContain('integrations/scan-changes.sh');
  for (const { run } of steps) expect(run).not.toContain('${{');
  const [hook] = parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'));
  expect(hook.entry).toBe('integrations/scan-changes.sh --staged');
});

test('a submodule that moves to another commit is no file to judge', () => {
  git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},library`);
  git('commit', '-q', '-m', 'x');
  const { status, err } = scan(['HEAD^', 'HEAD']);
  expect([status, err]).toEqual([0, expect.stringContaining('no file is changed')]);
});
