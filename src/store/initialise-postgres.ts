import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { lastLine, type PostgresPlace, serverEnvironment, tellFolder } from './postgres-place.ts';

/**
 * Makes the database folder, owned by the user the server runs as; `keep` is given its password before anything depends on it.
 *
 * @throws Error with the last line that initdb said.
 */
export async function initialisePostgres(
  { dataFolder, folder, binaries, runAs }: PostgresPlace,
  keep: (password: string) => void,
): Promise<void> {
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  const passwordFile = join(dataFolder, 'postgres.password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs !== null) for (const path of [fresh, passwordFile]) chownSync(path, runAs.uid, runAs.gid);
  const input = openSync(passwordFile, 'r');
  const place = tellFolder(fresh, runAs);
  try {
    const args = [
      '--pgdata',
      place.path,
      '--username',
      'holdfast',
      '--pwfile',
      '/dev/stdin',
      '--auth',
      'scram-sha-256',
      '--encoding',
      'UTF8',
      '--locale',
      'C',
      '--no-instructions',
    ];
    const child = spawn(binaries.initdb, args, {
      ...place.options,
      env: serverEnvironment(),
      stdio: [input, 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said = (said + String(chunk)).slice(-2000);
    });
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (code !== 0) throw new Error(`${folder}: cannot be made: ${lastLine(said)}`);
  } finally {
    closeSync(input);
    rmSync(passwordFile, { force: true });
  }
  keep(password);
  // The rename is last, so that a start killed in the middle begins anew.
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}
