import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runStep } from './chroot.ts';
import { dockerContext } from './docker-context.ts';
import { execForm, type Instruction, readDockerfile, readEnv } from './read-dockerfile.ts';

/** What a Dockerfile comes to: a root file system, and how a container of it starts. */
export interface BuiltImage {
  readonly root: string;
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly volumes: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly health: readonly string[];
}

/** Does what the steps of a Dockerfile say, in folders below `work`; `base` is a minimal Debian bookworm (debootstrap). */
export async function buildImage(
  source: string,
  work: string,
  base: string,
  say: (line: string) => void,
): Promise<BuiltImage> {
  const roots = new Map<string, string>();
  const context = dockerContext(source);
  let image: BuiltImage | null = null;
  for (const [index, { base: from, as, steps }] of readDockerfile(
    readFileSync(join(source, 'Dockerfile'), 'utf8'),
  ).entries()) {
    const root = join(work, as ?? `stage-${index}`);
    say(`FROM ${from}`);
    baseOf(from, base, root);
    if (as !== null) roots.set(as, root);
    const state = {
      env: {} as Record<string, string>,
      folder: '/',
      user: '',
      volumes: [] as string[],
      entrypoint: [] as readonly string[],
      command: [] as readonly string[],
      health: [] as readonly string[],
    };
    for (const step of steps) {
      say(`${step.name} ${step.text.slice(0, 110)}`);
      switch (step.name) {
        case 'RUN': {
          const ended = await runStep(root, state.folder, state.env, step.text);
          if (ended.code !== 0)
            throw new Error(`line ${step.line} ended with ${ended.code}:\n${ended.said.slice(-3000)}`);
          break;
        }
        case 'COPY':
          copy(step, source, root, state.folder, roots, context);
          break;
        case 'WORKDIR':
          state.folder = step.text;
          mkdirSync(join(root, step.text), { recursive: true });
          break;
        case 'ENV':
          Object.assign(state.env, readEnv(step.text));
          break;
        case 'USER':
          state.user = step.text;
          break;
        case 'VOLUME':
          state.volumes.push(...(execForm(step.text) ?? []));
          break;
        case 'ENTRYPOINT':
          state.entrypoint = execForm(step.text) ?? [];
          break;
        case 'CMD':
          state.command = execForm(step.text) ?? [];
          break;
        case 'HEALTHCHECK':
          state.health = execForm(step.text.slice(step.text.indexOf('['))) ?? [];
          break;
        default:
      }
    }
    image = { root, ...state };
  }
  if (image === null) throw new Error('the Dockerfile has no FROM');
  return image;
}

/** The two bases as their makers build them: Debian's slim without manuals, and Node's with npm on top of it. */
function baseOf(from: string, base: string, root: string): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(dirname(root), { recursive: true });
  run('cp', ['--archive', base, root]);
  for (const path of [
    'usr/share/doc',
    'usr/share/man',
    'usr/share/info',
    'usr/share/locale',
    'var/cache/apt',
    'var/lib/apt/lists',
  ])
    rmSync(join(root, path), { recursive: true, force: true });
  for (const path of ['usr/share/man/man1', 'var/cache/apt/archives/partial', 'var/lib/apt/lists/partial'])
    mkdirSync(join(root, path), { recursive: true });
  if (from === 'debian:bookworm-slim') return;
  if (!/^node:\d+-bookworm-slim$/.test(from)) throw new Error(`${from}: is no base that is known here`);
  cpSync(realpathSync(process.execPath), join(root, 'usr/local/bin/node'));
  chmodSync(join(root, 'usr/local/bin/node'), 0o755);
  const npm = dirname(dirname(realpathSync(run('sh', ['-c', 'command -v npm']).trim())));
  run('cp', ['--archive', '--dereference', npm, join(root, 'usr/local/lib/npm')]);
  symlinkSync('/usr/local/lib/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
}

function copy(
  step: Instruction,
  source: string,
  root: string,
  folder: string,
  roots: ReadonlyMap<string, string>,
  context: ReturnType<typeof dockerContext>,
): void {
  const [, from] = /^--from=(\S+)\s/.exec(step.text) ?? [];
  const paths = step.text.replace(/^--from=\S+\s+/, '').split(/\s+/);
  const to = paths.pop() ?? '';
  const target = join(root, to.startsWith('/') ? to : join(folder, to));
  for (const path of paths) {
    if (from !== undefined) {
      mkdirSync(dirname(target), { recursive: true });
      rmSync(target, { recursive: true, force: true });
      run('cp', ['--archive', join(roots.get(from) ?? '', path), target]);
      continue;
    }
    const isFolder = statSync(join(source, path)).isDirectory();
    for (const file of context.files()) {
      if (file !== path && !file.startsWith(`${path}/`)) continue;
      const into = isFolder
        ? join(target, file.slice(path.length))
        : to.endsWith('/')
          ? join(target, basename(path))
          : target;
      mkdirSync(dirname(into), { recursive: true });
      cpSync(join(source, file), into);
    }
    if (!isFolder && !existsSync(to.endsWith('/') ? join(target, basename(path)) : target)) {
      throw new Error(`line ${step.line}: ${path} was not copied, .dockerignore keeps it out`);
    }
  }
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, [...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout;
}
