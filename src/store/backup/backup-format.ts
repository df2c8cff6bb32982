import { createHmac, type Hmac } from 'node:crypto';
import { z } from 'zod';

import type { KeyRing } from '../../registers/keys.ts';

// A backup is gzip of lines. The first letter of a line says what it is: the manifest, a table, a row of that table, the end.
export const LINE = { manifest: 'M', table: 'T', row: 'R', end: 'E' } as const;

/** Of processes that ran, and of people who were signing in or signed in: what a restored store has no use for. */
export const LEFT_OUT: readonly string[] = ['schema_migration', 'running_process', 'session', 'sign_in_step'];

export const Manifest = z.strictObject({
  holdfast: z.literal('backup'),
  format: z.literal(1),
  version: z.string(),
  takenAt: z.iso.datetime(),
  /** The schema that the rows are of. */
  migrations: z.array(z.strictObject({ version: z.int(), digest: z.string() })).min(1),
  tables: z.array(
    z.strictObject({ name: z.string().regex(/^[a-z_]+$/), columns: z.array(z.string().regex(/^[a-z_0-9]+$/)).min(1) }),
  ),
  /** Keys that what is in it needs. */
  keyIds: z.array(z.string()),
  /** Proves a key file to be that of this store. */
  keyProof: z.string(),
  /** The key file as it stood, as base64, where it was asked for. */
  keyFile: z.base64().nullable(),
});
export type Manifest = z.output<typeof Manifest>;

export const End = z.strictObject({ rows: z.int(), mac: z.string() });

/** The code over every line of a backup, under a key that only the store's key file gives. */
export function backupMac(ring: KeyRing): Hmac {
  return createHmac('sha256', ring.first.audit).update('holdfast backup\0');
}

export function keyProof(ring: KeyRing, takenAt: string): string {
  return backupMac(ring).update(`proof\0${takenAt}`).digest('hex');
}
