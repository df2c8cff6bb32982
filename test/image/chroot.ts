import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** Runs a shell script as root in name spaces of its own, so that what it mounts is gone with it. */
export function inNamespace(script: string, show = false): Promise<Ended> {
  const child = spawn('unshare', ['--mount', '--pid', '--ipc', '--fork', '--kill-child', '/bin/sh', '-ec', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (show) process.stdout.write(chunk);
    });
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, said })));
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A RUN step: in a chroot, as root, with the network and the npm settings of this machine, and nothing else of it. */
export async function runStep(
  root: string,
  folder: string,
  env: Readonly<Record<string, string>>,
  command: string,
): Promise<Ended> {
  // Behind a proxy that opens TLS, what this machine trusts is trusted here; and npm and names are found as it finds them.
  const trusted = process.env['NODE_EXTRA_CA_CERTS'] ?? '/etc/ssl/certs/ca-certificates.crt';
  const mounts = [
    [join(homedir(), '.npmrc'), `${root}/root/.npmrc`],
    ['/etc/resolv.conf', `${root}/etc/resolv.conf`],
    [trusted, `${root}/run/trusted.crt`],
  ] as const;
  for (const [, target] of mounts) if (!existsSync(target)) writeFileSync(target, '');
  const settings = Object.entries({
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    NODE_EXTRA_CA_CERTS: '/run/trusted.crt',
    ...env,
  });
  return inNamespace(`
    mount --make-rprivate /
    mount -t proc proc ${quoted(root)}/proc
    mount --rbind /dev ${quoted(root)}/dev
    ${mounts.map(([from, to]) => `[ ! -e ${quoted(from)} ] || mount --bind ${quoted(from)} ${quoted(to)}`).join('\n')}
    exec env -i ${settings.map(([name, value]) => quoted(`${name}=${value}`)).join(' ')} chroot ${quoted(root)} /bin/sh -ec ${quoted(`cd ${folder}\n${command}`)}
  `);
}

/**
 * Starts a command as the container would: an unprivileged user, no capabilities, a root file system that is read-only, and of its own
 * nothing but /tmp and the volumes.
 */
export function runContained(
  root: string,
  {
    user,
    env,
    folder,
    volumes,
  }: {
    readonly user: string;
    readonly env: Readonly<Record<string, string>>;
    readonly folder: string;
    readonly volumes: Readonly<Record<string, string>>;
  },
  command: readonly string[],
  show = true,
): Promise<Ended> {
  const [uid, gid] = user.split(':');
  return inNamespace(
    `
    mount --make-rprivate /
    mount --bind ${quoted(root)} ${quoted(root)}
    mount -t proc proc ${quoted(root)}/proc
    mount -t tmpfs -o mode=755 tmpfs ${quoted(root)}/dev
    for device in null zero random urandom; do touch ${quoted(root)}/dev/$device; mount --bind /dev/$device ${quoted(root)}/dev/$device; done
    mkdir ${quoted(root)}/dev/shm; mount -t tmpfs -o mode=1777,size=256m tmpfs ${quoted(root)}/dev/shm; ln -s /proc/self/fd ${quoted(root)}/dev/fd
    ${['stdin', 'stdout', 'stderr'].map((name, number) => `ln -s /proc/self/fd/${number} ${quoted(root)}/dev/${name}`).join('\n')}
    mount -t tmpfs -o mode=1777,size=512m,nosuid,nodev tmpfs ${quoted(root)}/tmp
    ${Object.entries(volumes)
      .map(([target, source]) => `mount --bind ${quoted(source)} ${quoted(root + target)}`)
      .join('\n')}
    mount -o remount,ro,bind ${quoted(root)}
    cd ${quoted(root)}
    exec env -i PATH=/usr/local/bin:/usr/bin:/bin ${Object.entries(env)
      .map(([name, value]) => quoted(`${name}=${value}`))
      .join(' ')} \
      /usr/sbin/chroot . /usr/bin/setpriv --reuid ${uid} --regid ${gid} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
      /bin/sh -c ${quoted(`cd ${folder} && exec "$@"`)} sh ${command.map(quoted).join(' ')}
  `,
    show,
  );
}
