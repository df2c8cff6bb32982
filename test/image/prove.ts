// Proves the image without a container engine: runs every step of the Dockerfile in a chroot, measures what comes of it, and starts it
// as its user, without capabilities, on a root file system that is read-only, where the seeds are replayed; then the same from the packed
// tarball, on a machine without TypeScript.
//
//   npm run image [-- --base DIR] [--only image|tarball]     as root, with debootstrap, and a network for npm and Debian
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildImage } from './build-image.ts';
import { type Ended, runContained } from './chroot.ts';
import { proveTarball } from './prove-tarball.ts';

const MOST_MB = 400;
const ROOT = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { base: { type: 'string' }, only: { type: 'string' } } });
const say = (line: string) => process.stdout.write(`${line}\n`);
let wrong = 0;
const expect = (holds: boolean, what: string) => {
  if (!holds) wrong += 1;
  say(`  ${holds ? 'ok ' : 'NOT'}  ${what}`);
};

const work = mkdtempSync(join(tmpdir(), 'holdfast-image-'));
try {
  const base = values.base ?? join(work, 'debian');
  if (!existsSync(base)) {
    say('debootstrap: a minimal Debian bookworm');
    const made = spawnSync('debootstrap', ['--variant=minbase', 'bookworm', base], { encoding: 'utf8' });
    if (made.error !== undefined)
      throw new Error('debootstrap cannot be run: install it (apt-get install debootstrap)', { cause: made.error });
    if (made.status !== 0) throw new Error(`debootstrap ended with ${made.status}: ${made.stdout.slice(-2000)}`);
  }
  if (values.only !== 'tarball') await proveImage(base);
  if (values.only !== 'image') await proveTarball(ROOT, join(work, 'tarball'), base, expect, say);
} finally {
  rmSync(work, { recursive: true, force: true });
}
say(
  wrong === 0 ? '\nThe image and the tarball do what they say.' : `\n${wrong} things are otherwise than they must be.`,
);
process.exitCode = wrong === 0 ? 0 : 1;

async function proveImage(base: string): Promise<void> {
  const image = await buildImage(ROOT, join(work, 'build'), base, say);
  const bytes = Number(
    spawnSync('du', ['--summarize', '--block-size=1', '--one-file-system', image.root], {
      encoding: 'utf8',
    }).stdout.split('\t')[0],
  );
  const parts = ['app/node_modules', 'usr/local/bin/node'].map(
    (path) => `${path} ${sizeOf(join(image.root, path))} MB`,
  );
  expect(bytes < MOST_MB * 1e6, `the image has ${Math.round(bytes / 1e6)} MB, under ${MOST_MB} (${parts.join(', ')})`);
  const development = readdirSync(join(image.root, 'app/node_modules')).filter((name) =>
    ['jest', 'typescript', '@biomejs', '@swc', '@types', 'playwright-core', 'node'].includes(name),
  );
  expect(development.length === 0, `no development dependency is in it ${development.join(', ')}`);
  expect(existsSync(join(image.root, 'app/sbom.cdx.json')), 'its bill of materials is in it');
  const volumes = Object.fromEntries(image.volumes.map((target) => [target, aVolume(target, image.user)]));
  const contained = (
    command: readonly string[],
    env: Readonly<Record<string, string>> = {},
    show = false,
  ): Promise<Ended> => runContained(image.root, { ...image, env: { ...image.env, ...env }, volumes }, command, show);
  const holdfast = (...args: readonly string[]) => [...image.entrypoint, ...args];

  const rights = await contained([
    '/bin/sh',
    '-c',
    'id -u; grep -E "^Cap(Eff|Bnd)" /proc/self/status; touch /app/x /usr/x /etc/x 2>&1; touch /tmp/x /data/x && echo writable; rm /data/x',
  ]);
  expect(
    rights.said.startsWith('10001\n') && !/Cap...:\s*0*[1-9a-f]/.test(rights.said),
    'it runs as 10001, without a capability',
  );
  expect(
    (rights.said.match(/Read-only file system/g) ?? []).length === 3 && rights.said.includes('writable'),
    'it can write to /tmp and its volumes alone',
  );
  const replayed = await contained(holdfast('replay'), {}, true);
  expect(replayed.code === 0 && replayed.said.includes('Both breaches were stopped'), 'the seeds replay passes');

  // The pictures' readers have parts in machine code and in WebAssembly, of which the image has some alone.
  const draw = `const { createCanvas } = require('@napi-rs/canvas');
    const canvas = createCanvas(900, 160), pen = canvas.getContext('2d');
    pen.fillStyle = 'white'; pen.fillRect(0, 0, 900, 160); pen.fillStyle = 'black';
    for (let x = 100; x < 700; x += 150) pen.fillRect(x, 40, 60, 80);
    require('fs').writeFileSync('/tmp/chart.png', canvas.toBuffer('image/png'));`;
  const opened = await contained([
    '/bin/sh',
    '-c',
    `node -e "${draw.replaceAll('\n', ' ')}" && node /app/bin/holdfast.js open /tmp/chart.png`,
  ]);
  expect(opened.code === 0 && !opened.said.includes('"incomplete"'), 'a picture is read in it');
  if (wrong > 0) say(opened.said.slice(-1000));

  // A server, asked by its own health check, and stopped as a container is.
  const script = `${holdfast(...image.command)
    .map((one) => `'${one}'`)
    .join(' ')} > /tmp/said 2>&1 & server=$!
    for i in $(seq 120); do ${image.health.map((one) => `'${one}'`).join(' ')} && break; sleep 0.5; done
    ${image.health.join(' ')}; echo "health $?"
    node /app/bin/holdfast.js doctor --format json | grep '"level":"fault"'
    node /app/bin/holdfast.js backup /data/store.backup && echo backed-up
    kill -TERM $server; wait $server; echo "ended $?"; cat /tmp/said`;
  const served = await contained(['/bin/sh', '-c', script], { HOLDFAST_NEXT_HOP: '127.0.0.1:9' });
  expect(served.said.includes('health 0'), 'serve is healthy by its own check');
  expect(/holdfast: ready/.test(served.said), 'it says that it is ready');
  const found = [...served.said.matchAll(/"check":"([^"]+)"/g)].map(([, check]) => check);
  expect(found.join() === 'next hop', `doctor finds the next hop that is not there, and nothing else: ${found.join()}`);
  expect(served.said.includes('backed-up'), 'a backup is taken');
  expect(served.said.includes('ended 0'), 'SIGTERM ends it with 0');
  if (wrong > 0) say(served.said.slice(-3000));
}

function aVolume(target: string, user: string): string {
  const folder = join(work, `volume${target.replaceAll('/', '-')}`);
  const [uid = 0, gid = 0] = user.split(':').map(Number);
  mkdirSync(folder, { mode: 0o700 });
  chownSync(folder, uid, gid);
  return folder;
}

function sizeOf(path: string): number {
  return Math.round(
    Number(spawnSync('du', ['--summarize', '--block-size=1', path], { encoding: 'utf8' }).stdout.split('\t')[0]) / 1e6,
  );
}
