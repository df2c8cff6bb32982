import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

import type { Config } from '../config.ts';
import type { AccountRecord } from '../service/stores.ts';

const keptSchema = z.strictObject({ admin: z.string().nullable(), apiToken: z.string().nullable() });

/** What was made at first start, to be printed once; null for what the settings gave. */
export interface FirstStart {
  readonly admin: string | null;
  readonly apiToken: string | null;
}

/**
 * Makes the user `admin` and an API token where there is no user yet; null where there is.
 *
 * What is made is written to `first-start.json` (0600) before the database knows it, so that a crash in between locks nobody out.
 */
export async function firstStart(config: Config, accounts: AccountRecord): Promise<FirstStart | null> {
  if (await accounts.hasUsers()) return null;
  const file = join(config.data, 'first-start.json');
  const kept = readKept(file);
  const made: FirstStart = {
    admin: config.adminPassword === null ? (kept?.admin ?? secret(15)) : null,
    apiToken: config.apiToken === null ? (kept?.apiToken ?? `holdfast_${secret(30)}`) : null,
  };
  writeFileSync(`${file}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  const isFirst = await accounts.createFirst(
    {
      name: 'admin',
      password: config.adminPassword ?? made.admin ?? '',
      address: config.adminEmail,
      roles: ['submitter', 'reviewer', 'registrar', 'auditor', 'admin'],
    },
    {
      name: 'first token',
      token: config.apiToken ?? made.apiToken ?? '',
      address: null,
      roles: ['submitter', 'reviewer', 'registrar'],
    },
  );
  return isFirst ? made : null;
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

function readKept(file: string): FirstStart | null {
  try {
    return keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
