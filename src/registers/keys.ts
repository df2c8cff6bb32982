import { hkdfSync } from 'node:crypto';
import { z } from 'zod';

/** Length of a master key and of every key derived from it, in bytes. */
export const KEY_BYTES = 32;

/** `keys.json`: master keys, newest last. Old ones stay until nothing sealed or encrypted with them is left. */
export const KeyFile = z
  .strictObject({
    version: z.literal(1),
    keys: z
      .array(
        z.strictObject({
          id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is no key id, use small letters, digits and hyphens'),
          created: z.iso.datetime('is no instant, write it as 2026-01-31T09:30:00Z'),
          secret: z.base64('is no base64 text').refine((text) => Buffer.from(text, 'base64').length === KEY_BYTES, {
            message: `is no key, ${KEY_BYTES} bytes in base64 are needed: restore the file from its backup`,
          }),
        }),
      )
      .min(1),
  })
  .refine((file) => new Set(file.keys.map((key) => key.id)).size === file.keys.length, {
    path: ['keys'],
    message: 'an id stands twice, restore the file from its backup',
  });
export type KeyFile = z.output<typeof KeyFile>;

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
  /** HMAC-SHA-256 that API tokens and session keys are stored as. */
  readonly tokens: Uint8Array;
  /** HMAC-SHA-256 of sketches of datasets and documents. */
  readonly sketches: Uint8Array;
}

/** The keys a process works with: it writes with `current` and reads with any. */
export interface KeyRing {
  readonly current: KeySet;
  /** The first key ever made: what must not change with rotation, as the audit chain and stored tokens, stays with it. */
  readonly first: KeySet;
  readonly byId: ReadonlyMap<string, KeySet>;
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
  const sets = file.keys.map((key) => deriveKeys(key.id, Buffer.from(key.secret, 'base64')));
  const [first] = sets;
  const current = sets.at(-1);
  if (first === undefined || current === undefined) throw new RangeError('a key ring needs a key');
  return { current, first, byId: new Map(sets.map((set) => [set.id, set])) };
}

/** A ring of one key that is never written down: for a scan on a machine without a key file. */
export function ephemeralKeyRing(secret: Uint8Array): KeyRing {
  const current = deriveKeys(`ephemeral-${fingerprint(secret)}`, secret);
  return { current, first: current, byId: new Map([[current.id, current]]) };
}

/** `keys.json` with a new master key as the current one; from nothing, a first file. */
export function addMasterKey(file: KeyFile | null, secret: Uint8Array, created: string): KeyFile {
  const keys = file?.keys ?? [];
  return {
    version: 1,
    keys: [
      ...keys,
      { id: `k${keys.length + 1}-${fingerprint(secret)}`, created, secret: Buffer.from(secret).toString('base64') },
    ],
  };
}

/** Tells the keys of two key files apart; says nothing of the key. */
function fingerprint(secret: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', secret, 'holdfast-1', 'fingerprint', 4)).toString('hex');
}
