import { hkdfSync } from 'node:crypto';
import { z } from 'zod';

/** Length of a master key and of every key derived from it, in bytes. */
export const KEY_BYTES = 32;

/** What is left of a retired key: its audit, token and sketch keys, one after the other. None of them opens or seals anything. */
const RETIRED_BYTES = 3 * KEY_BYTES;

/**
 * `keys.json`: master keys, newest last. Old ones stay until nothing sealed or encrypted with them is left; then `holdfast keys retire`
 * keeps of them what the audit chain, stored tokens and sketches need.
 */
export const KeyFile = z
  .strictObject({
    version: z.literal(1),
    keys: z
      .array(
        z.strictObject({
          id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is no key id, use small letters, digits and hyphens'),
          created: z.iso.datetime('is no instant, write it as 2026-01-31T09:30:00Z'),
          secret: z
            .base64('is no base64 text')
            .refine((text) => [KEY_BYTES, RETIRED_BYTES].includes(Buffer.from(text, 'base64').length), {
              message: `is no key, ${KEY_BYTES} bytes in base64 are needed: restore the file from its backup`,
            }),
          /** Can be read with, and is not yet written with: until every process has it. */
          waiting: z.literal(true).optional(),
        }),
      )
      .min(1),
  })
  .refine((file) => new Set(file.keys.map((key) => key.id)).size === file.keys.length, {
    path: ['keys'],
    message: 'an id stands twice, restore the file from its backup',
  })
  .refine((file) => file.keys.length === 0 || file.keys.some((key) => !isRetired(key) && key.waiting === undefined), {
    path: ['keys'],
    message: 'has no key to write with, restore the file from its backup',
  });
export type KeyFile = z.output<typeof KeyFile>;
export type MasterKey = KeyFile['keys'][number];

/** Whether only what cannot change is left of a key. */
export function isRetired({ secret }: { readonly secret: string }): boolean {
  return Buffer.from(secret, 'base64').length === RETIRED_BYTES;
}

/** What one master key serves for. Each use has a key of its own, so that no ciphertext or digest of one means anything to another. */
export interface KeySet {
  readonly id: string;
  /** HMAC-SHA-256 of embargoed figures. */
  readonly sealing: Uint8Array;
  /** AES-256-GCM of the value beside its digests. */
  readonly figures: Uint8Array;
  /** AES-256-GCM of message content and findings at rest. */
  readonly content: Uint8Array;
  /** HMAC-SHA-256 of the audit chain. */
  readonly audit: Uint8Array;
  /** HMAC-SHA-256 that API tokens, session keys and names of rules are stored as. */
  readonly tokens: Uint8Array;
  /** HMAC-SHA-256 of sketches of datasets and documents. */
  readonly sketches: Uint8Array;
}

/** The keys a process works with: it writes with `current` and reads with any. */
export interface KeyRing {
  readonly current: KeySet;
  /** Of the first key ever made, even if retired: what must not change with rotation, as the audit chain, stored tokens and digests of rules. */
  readonly first: Pick<KeySet, 'id' | 'audit' | 'tokens'>;
  /** Every key that opens what it sealed; one that waits to become current too. */
  readonly byId: ReadonlyMap<string, KeySet>;
  /** Sketch keys by id, those of retired keys too: a sketch cannot be keyed anew without the data it was made of. */
  readonly sketchKeys: ReadonlyMap<string, Uint8Array>;
}

/** Derives the keys for each use from a master key by HKDF-SHA-256 (RFC 5869). */
export function deriveKeys(id: string, secret: Uint8Array): KeySet {
  if (secret.length !== KEY_BYTES) throw new RangeError(`a master key has ${KEY_BYTES} bytes`);
  const derive = (use: string) => new Uint8Array(hkdfSync('sha256', secret, 'holdfast-1', use, KEY_BYTES));
  return {
    id,
    sealing: derive('sealing'),
    figures: derive('figures'),
    content: derive('content'),
    audit: derive('audit'),
    tokens: derive('tokens'),
    sketches: derive('sketches'),
  };
}

export function keyRing(file: KeyFile): KeyRing {
  const sets = file.keys.flatMap((key) => (isRetired(key) ? [] : [deriveKeys(key.id, bytesOf(key))]));
  const byId = new Map(sets.map((set) => [set.id, set]));
  const remains = file.keys.map((key) => byId.get(key.id) ?? remainsOf(key));
  const [first] = remains;
  const waiting = new Set(file.keys.filter((key) => key.waiting === true).map((key) => key.id));
  const current = sets.findLast((set) => !waiting.has(set.id));
  if (first === undefined || current === undefined) throw new RangeError('a key ring needs a key to write with');
  return { current, first, byId, sketchKeys: new Map(remains.map(({ id, sketches }) => [id, sketches])) };
}

function bytesOf({ secret }: MasterKey): Uint8Array {
  return Buffer.from(secret, 'base64');
}

function remainsOf(key: MasterKey): Pick<KeySet, 'id' | 'audit' | 'tokens' | 'sketches'> {
  const bytes = bytesOf(key);
  const [audit, tokens, sketches] = [0, 1, 2].map((n) => bytes.slice(n * KEY_BYTES, (n + 1) * KEY_BYTES));
  if (audit === undefined || tokens === undefined || sketches === undefined)
    throw new RangeError('a retired key has three parts');
  return { id: key.id, audit, tokens, sketches };
}

/** A ring of one key that is never written down: for a scan on a machine without a key file. */
export function ephemeralKeyRing(secret: Uint8Array): KeyRing {
  const current = deriveKeys(`ephemeral-${fingerprint(secret)}`, secret);
  return {
    current,
    first: current,
    byId: new Map([[current.id, current]]),
    sketchKeys: new Map([[current.id, current.sketches]]),
  };
}

/** `keys.json` with a new master key, as the current one or waiting to become it; from nothing, a first file. */
export function addMasterKey(file: KeyFile | null, secret: Uint8Array, created: string, waiting = false): KeyFile {
  const keys = file?.keys ?? [];
  const added = {
    id: `k${keys.length + 1}-${fingerprint(secret)}`,
    created,
    secret: Buffer.from(secret).toString('base64'),
  };
  return { version: 1, keys: [...keys, waiting ? { ...added, waiting } : added] };
}

/** `keys.json` with a waiting key as the current one. */
export function promoteMasterKey(file: KeyFile): KeyFile {
  return { version: 1, keys: file.keys.map(({ waiting: _, ...key }) => key) };
}

/** `keys.json` without the secret of a key: what it encrypted and sealed can never be opened again (HKDF does not run backwards). */
export function retireMasterKey(file: KeyFile, id: string): KeyFile {
  const retire = (key: MasterKey): MasterKey => {
    if (key.id !== id || isRetired(key)) return key;
    const { audit, tokens, sketches } = deriveKeys(key.id, bytesOf(key));
    return { ...key, secret: Buffer.concat([audit, tokens, sketches]).toString('base64') };
  };
  return { version: 1, keys: file.keys.map(retire) };
}

/** Tells the keys of two key files apart; says nothing of the key. */
function fingerprint(secret: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', secret, 'holdfast-1', 'fingerprint', 4)).toString('hex');
}
