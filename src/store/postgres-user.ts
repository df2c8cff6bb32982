import { readFileSync, statSync } from 'node:fs';

/** The user a process runs as. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who the embedded PostgreSQL runs as; null: as ourselves.
 *
 * PostgreSQL refuses to run as root, so for root it is the owner of an existing data folder, else the system's own
 * `postgres` or `nobody` (initdb insists on a user with a name).
 */
export function postgresUser(dataFolder: string): RunAs | null {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(dataFolder, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const passwd = readFileSync('/etc/passwd', 'utf8');
  for (const name of ['postgres', 'nobody', 'daemon']) {
    const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(passwd) ?? [];
    if (uid !== undefined && gid !== undefined && uid !== '0') return { uid: Number(uid), gid: Number(gid) };
  }
  return null;
}
