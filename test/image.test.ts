import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readSettingsFile } from '../src/cli/config-file.ts';
import { readConfig } from '../src/config.ts';
import { dockerContext } from './image/docker-context.ts';
import { lintDockerfile } from './image/lint-dockerfile.ts';
import { readDockerfile } from './image/read-dockerfile.ts';

// What can be held without a container engine; `npm run image` runs every step and starts what comes of it.

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('the image', () => {
  it('is written by the rules', () => {
    expect(lintDockerfile(read('Dockerfile'), dockerContext(ROOT).has)).toEqual([]);
    const folder = join(ROOT, 'deploy/postfix');
    const found = lintDockerfile(read('deploy/postfix/Dockerfile'), (path) => existsSync(join(folder, path)));
    // Postfix needs root to listen on port 25, and gives it up by itself.
    expect(found).toEqual(['runs as root, or as a user whose number nobody can check [DL3002]']);
  });

  it.each([
    ['FROM debian\nUSER 1:1', 'no version tag'],
    ['FROM debian:latest\nUSER 1:1', 'no version tag'],
    ['FROM debian:12\nRUN apt-get install curl', 'asks a question'],
    ['FROM debian:12\nRUN npm install', 'past the lock file'],
    ['FROM debian:12\nADD . /app', 'use COPY'],
    ['FROM debian:12\nCOPY gone /app', 'gone is not there'],
    ['FROM debian:12\nCOPY --from=build /app /app', 'no earlier stage'],
    ['FROM debian:12\nENV HOLDFAST_API_TOKEN=abc', 'secret'],
    ['FROM debian:12\nENTRYPOINT node main.js', 'through a shell'],
    ['FROM debian:12\nUSER root', 'runs as root'],
    ['FROM debian:12\nUSER 1:1', 'no health check'],
  ])('would not be written as %j', (text, what) => {
    expect(lintDockerfile(text, () => false).join('\n')).toContain(what);
  });

  it('is given neither keys nor data, nor tests', () => {
    const files = dockerContext(ROOT).files();
    expect(files).toContain('src/main.ts');
    expect(files.filter((file) => /\.test\.ts$|keys\.json|^data\/|^dist\//.test(file))).toEqual([]);
  });

  it('has of node the version that the project is tested with', () => {
    const [, major] =
      /^(\d+)\./.exec(
        (JSON.parse(read('package.json')) as { devDependencies: { node: string } }).devDependencies.node,
      ) ?? [];
    expect(readDockerfile(read('Dockerfile'))[0]?.base).toBe(`node:${major}-bookworm-slim`);
  });
});

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly environment?: Readonly<Record<string, string | number>>;
        readonly command?: readonly string[];
        readonly profiles?: readonly string[];
        readonly read_only?: boolean;
        readonly cap_drop?: readonly string[];
        readonly networks: readonly string[];
        readonly ports?: readonly string[];
        readonly volumes?: readonly string[];
      }
    >
  >;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

describe('compose.yaml', () => {
  const compose = parse(read('compose.yaml'), { merge: true }) as Compose;
  const ours = ['web', 'gateway', 'worker'];

  it('starts database, Redis, web, gateway and workers, and Postfix by its profile alone', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['gateway', 'postfix', 'postgres', 'redis', 'web', 'worker']);
    expect(compose.services['postfix']?.profiles).toEqual(['postfix']);
  });

  it.each(ours)('gives %s settings that hold, and no rights', (name) => {
    const service = compose.services[name];
    // As compose does: a default where nothing is set.
    const env = Object.fromEntries(
      Object.entries(service?.environment ?? {}).map(([key, value]) => [
        key,
        String(value)
          .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
          .replaceAll(/\$\{\w+:\?[^}]*\}/g, 'given'),
      ]),
    );
    const reading = readConfig(env);
    expect(reading.ok ? reading.warnings : reading.lines).toEqual([]);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(service?.volumes).toContain('keys:/keys');
  });

  it('keeps jobs in Redis, and database and Redis away from the outside', () => {
    expect(compose.services['redis']?.command?.join(' ')).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/);
    for (const name of ['postgres', 'redis']) {
      expect(compose.services[name]).toMatchObject({ networks: ['inside'] });
      expect(compose.services[name]?.ports).toBeUndefined();
    }
    expect(compose.networks['inside']).toEqual({ internal: true });
    for (const name of ours)
      for (const port of compose.services[name]?.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('names no network or volume that is not there', () => {
    for (const service of Object.values(compose.services)) {
      for (const name of service.networks) expect(Object.keys(compose.networks)).toContain(name);
      for (const volume of service.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });
});

describe('the systemd units', () => {
  const units = readdirSync(join(ROOT, 'deploy/systemd')).filter((name) => name.endsWith('.service'));
  const systemd = spawnSync('systemd-analyze', ['--version']).status === 0 ? it : it.skip;

  systemd.each(units)('%s is understood by systemd, and exposes little', (name) => {
    // The program and its man page are not installed here.
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-unit-'));
    const unit = join(folder, name);
    writeFileSync(unit, read(`deploy/systemd/${name}`).replace(/^Documentation=.*\n/m, ''));
    const verified = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    expect(verified.stderr.split('\n').filter((line) => line.includes('holdfast'))).toEqual([]);
    const security = spawnSync('systemd-analyze', ['security', '--offline=yes', '--threshold=20', unit], {
      encoding: 'utf8',
    });
    expect(security.stdout).toMatch(/Overall exposure level for .*: 1\.\d OK/);
    rmSync(folder, { recursive: true });
  });

  it.each(units)('%s can write its own state alone', (name) => {
    const unit = read(`deploy/systemd/${name}`);
    for (const line of [
      'ProtectSystem=strict',
      'NoNewPrivileges=yes',
      'CapabilityBoundingSet=',
      'User=holdfast',
      'UMask=0077',
    ])
      expect(unit.split('\n')).toContain(line);
  });

  it('read a sample of settings that holds', () => {
    const reading = readConfig(readSettingsFile(join(ROOT, 'deploy/holdfast.env'), {}).env);
    expect(reading.ok ? reading.warnings : reading.lines).toEqual([]);
  });
});
