import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runContained, runStep } from './chroot.ts';

/**
 * Packs the project, installs the tarball in an empty folder of a machine that has Node and npm and nothing else, and replays the seeds
 * there as an unprivileged user on a root file system that is read-only.
 */
export async function proveTarball(
  source: string,
  work: string,
  base: string,
  expect: (holds: boolean, what: string) => void,
  say: (line: string) => void,
): Promise<void> {
  const root = join(work, 'machine');
  mkdirSync(root, { recursive: true });
  say('npm pack');
  run('node', [join(source, 'bin/build.js')], source);
  const packed =
    run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', work], source)
      .trim()
      .split('\n')
      .at(-1) ?? '';
  const files = run('tar', ['--list', '--gzip', '--file', join(work, packed)], work).split('\n');
  expect(
    !files.some((file) => /\.test\.[jt]s$|\/test\/|keys\.json|^package\/(?!client\/).*\.ts$/.test(file)),
    `${packed} has no tests, sources or keys, ${files.length} files`,
  );
  expect(
    ['package/dist/main.js', 'package/rules/policy.yaml', 'package/NOTICE', 'package/LICENSE'].every((file) =>
      files.includes(file),
    ),
    'it has program, rules and licence',
  );

  run('cp', ['--archive', `${base}/.`, root], work);
  cpSync(realpathSync(process.execPath), join(root, 'usr/local/bin/node'));
  chmodSync(join(root, 'usr/local/bin/node'), 0o755);
  const npm = dirname(dirname(realpathSync(run('sh', ['-c', 'command -v npm'], work).trim())));
  run('cp', ['--archive', '--dereference', npm, join(root, 'usr/local/lib/npm')], work);
  for (const name of ['npm', 'npx'])
    symlinkSync(`/usr/local/lib/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name));
  mkdirSync(join(root, 'home/user'), { recursive: true });
  cpSync(join(work, packed), join(root, 'home/user', packed));

  say(`npx holdfast@file:${packed} in an empty folder, without TypeScript`);
  const asked = await runStep(
    root,
    '/home/user',
    {},
    `printf 'Record employment again!' > draft.txt
    npx --yes holdfast@file:./${packed} rules test | tail -1; echo "rules $?"`,
  );
  expect(asked.code === 0 && asked.said.includes('rules 0'), 'npx runs it');
  const installed = await runStep(
    root,
    '/home/user',
    {},
    `npm init --yes > /dev/null; npm install --omit=dev ./${packed} > /dev/null && chmod -R a+rX . && ls node_modules`,
  );
  expect(installed.code === 0, 'npm installs it');
  expect(
    !installed.said.split('\n').includes('typescript') ||
      !existsSync(join(root, 'home/user/node_modules/typescript/bin/tsc')),
    'no TypeScript comes with it',
  );
  if (installed.code !== 0 || asked.code !== 0) say(`${asked.said}\n${installed.said}`.slice(-3000));

  const data = join(work, 'data');
  mkdirSync(data, { mode: 0o700 });
  chownSync(data, 65_534, 65_534);
  mkdirSync(join(root, 'data'));
  const settings = {
    user: '65534:65534',
    env: { HOME: '/tmp', HOLDFAST_DATA: '/data' },
    folder: '/home/user',
    volumes: { '/data': data },
  };
  const replayed = await runContained(root, settings, ['/home/user/node_modules/.bin/holdfast', 'replay']);
  expect(
    replayed.code === 0 && replayed.said.includes('Both breaches were stopped'),
    'the seeds replay passes from the tarball, as nobody, on a read-only root',
  );
  expect(readdirSync(data).length === 0, 'and leaves nothing behind');
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, [...args], { encoding: 'utf8', cwd });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout;
}
