import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { explainIssue } from '../text/explain-issue.ts';
import { dotted } from '../text/read-yaml.ts';
import { KEY_BYTES, KeyFile } from './keys.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The key that wraps the master keys of a key file: 32 bytes from outside, as from a key management service. */
export interface KeyEncryptionKey {
  /** Tells one from another; says nothing of the key. */
  readonly id: string;
  readonly key: Uint8Array;
}

/** `keys.json` whose secrets are wrapped: what it looks like on disk where a key-encryption key is set. */
const WrappedKeyFile = z.strictObject({
  version: z.literal(1),
  wrappedBy: z.string(),
  keys: z.array(z.looseObject({ id: z.string(), wrapped: z.base64('is no base64 text') })).min(1),
});

/** @throws RangeError where it has not 32 bytes. */
export function keyEncryptionKey(key: Uint8Array): KeyEncryptionKey {
  if (key.length !== KEY_BYTES) throw new RangeError(`a key-encryption key has ${KEY_BYTES} bytes`);
  const mark = Buffer.from(hkdfSync('sha256', key, 'holdfast-1', 'key-encryption-key id', 4)).toString('hex');
  return { id: `kek-${mark}`, key };
}

/** The key file as it is written: each secret wrapped (AES-256-GCM) for its id, or in the clear where there is no such key. */
export function wrapKeyFile(file: KeyFile, kek: KeyEncryptionKey | null): unknown {
  if (kek === null) return file;
  return {
    version: file.version,
    wrappedBy: kek.id,
    keys: file.keys.map(({ secret, ...key }) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', kek.key, nonce).setAAD(place(key.id));
      const body = Buffer.concat([nonce, cipher.update(Buffer.from(secret, 'base64')), cipher.final()]);
      return { ...key, wrapped: Buffer.concat([body, cipher.getAuthTag()]).toString('base64') };
    }),
  };
}

export type KeyFileReading =
  | { readonly ok: true; readonly value: KeyFile; readonly wrappedBy: string | null }
  | { readonly ok: false; readonly faults: readonly { readonly key: string | null; readonly message: string }[] };

/** The id of the key that a key file's secrets are wrapped by; null where they are in the clear or it is no such file. */
export function wrappedBy(value: unknown): string | null {
  return typeof value === 'object' && value !== null && 'wrappedBy' in value ? String(value.wrappedBy) : null;
}

/** Reads what `wrapKeyFile` wrote. */
export function readWrappedKeyFile(value: unknown, kek: KeyEncryptionKey | null): KeyFileReading {
  const wrapper = wrappedBy(value);
  if (wrapper === null) return parse(value, KeyFile, (file) => ({ ok: true, value: file, wrappedBy: null }));
  if (kek === null) {
    return fault(
      `its keys are wrapped by ${wrapper}: set HOLDFAST_KEK_FILE, HOLDFAST_KEK_COMMAND or HOLDFAST_KEK to that key-encryption key`,
    );
  }
  if (kek.id !== wrapper) {
    return fault(
      `its keys are wrapped by ${wrapper}, and the key-encryption key that is set is ${kek.id}: set the right one`,
    );
  }
  return parse(value, WrappedKeyFile, (file) => {
    const keys: unknown[] = [];
    for (const { wrapped, ...key } of file.keys) {
      const secret = unwrap(Buffer.from(wrapped, 'base64'), key.id, kek);
      if (secret === null)
        return fault(`the key ${key.id} was changed after it was wrapped, restore the file from its backup`);
      keys.push({ ...key, secret: secret.toString('base64') });
    }
    return parse({ version: file.version, keys }, KeyFile, (clear) => ({ ok: true, value: clear, wrappedBy: wrapper }));
  });
}

function parse<T>(value: unknown, schema: z.ZodType<T>, next: (parsed: T) => KeyFileReading): KeyFileReading {
  const parsed = schema.safeParse(value);
  if (parsed.success) return next(parsed.data);
  const faults = parsed.error.issues.flatMap((issue) => explainIssue(issue, value, schema));
  return { ok: false, faults: faults.map(({ path, message }) => ({ key: dotted(path), message })) };
}

function unwrap(wrapped: Buffer, id: string, kek: KeyEncryptionKey): Buffer | null {
  if (wrapped.length <= NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', kek.key, wrapped.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(place(id)).setAuthTag(wrapped.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}

function place(id: string): Buffer {
  return Buffer.from(`holdfast master key\0${id}`);
}

function fault(message: string): KeyFileReading {
  return { ok: false, faults: [{ key: null, message }] };
}
