import { randomBytes } from 'node:crypto';
import { link, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Instant } from '../core/entry.ts';
import type { Fault, Result } from '../core/result.ts';
import { addMasterKey, KEY_BYTES, type KeyFile, type KeyRing, keyRing } from '../registers/keys.ts';
import { type KeyEncryptionKey, readWrappedKeyFile, wrapKeyFile } from '../registers/wrap-keys.ts';
import type { KekSource } from '../service/kek-source.ts';
import { errorCode } from './error-code.ts';
import { makeFolder } from './make-folder.ts';
import { readKek } from './read-kek.ts';
import { replaceFile } from './replace-file.ts';

/** Where the keys are, and what wraps them there; the settings have both. */
export interface KeyPlace {
  readonly keyFile: string;
  /** Null: the secrets stand in the file as they are. */
  readonly kek: KekSource | null;
}

/** A key file with what it needs to be written again. */
export interface OpenedKeyFile {
  readonly content: KeyFile;
  readonly kek: KeyEncryptionKey | null;
  /** Whether the secrets stand in it wrapped. */
  readonly isWrapped: boolean;
}

/** The keys of `keys.json`; null where there is no such file. A file that others may read is refused, as ssh does. */
export async function readKeyFile(place: KeyPlace): Promise<Result<KeyRing | null>> {
  const opened = await loadKeyFile(place);
  if (!opened.ok || opened.value === null) return opened.ok ? { ok: true, value: null } : opened;
  return { ok: true, value: keyRing(opened.value.content) };
}

/** The same with its content, for whoever changes it. */
export async function loadKeyFile({ keyFile, kek: source }: KeyPlace): Promise<Result<OpenedKeyFile | null>> {
  let text: string;
  try {
    const found = await stat(keyFile);
    if ((found.mode & 0o007) !== 0)
      return fail(keyFile, `can be read by everybody, make it private: chmod 600 ${JSON.stringify(keyFile)}`);
    text = await readFile(keyFile, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { ok: true, value: null };
    return fail(keyFile, `cannot be read (${errorCode(error)}), let the user that runs holdfast read it`);
  }
  const kek = await readKek(source);
  return kek.ok ? parseKeyFile(keyFile, text, kek.value) : kek;
}

/** The keys of `keys.json`, made with one new master key and mode 0600 where there is none; durable when this resolves. */
export async function openKeyFile(place: KeyPlace, now: Instant): Promise<Result<KeyRing>> {
  const opened = await loadOrMakeKeyFile(place, now);
  return opened.ok ? { ok: true, value: keyRing(opened.value.content) } : opened;
}

/** The same with its content, for whoever follows its changes. */
export async function loadOrMakeKeyFile(place: KeyPlace, now: Instant): Promise<Result<OpenedKeyFile>> {
  const { keyFile } = place;
  const read = await loadKeyFile(place);
  if (!read.ok) return read;
  if (read.value !== null) return { ok: true, value: read.value };
  const kek = await readKek(place.kek);
  if (!kek.ok) return kek;
  try {
    makeFolder(dirname(keyFile), 0o700);
    const first = addMasterKey(null, randomBytes(KEY_BYTES), new Date(now).toISOString());
    await createKeyFile(keyFile, textOf(first, kek.value));
  } catch (error) {
    return fail(
      keyFile,
      `cannot be written (${errorCode(error)}), let the user that runs holdfast write to its folder`,
    );
  }
  // Read back, since another process may have been first: both go on with the file that is there.
  const created = await loadKeyFile(place);
  if (!created.ok) return created;
  return created.value === null ? fail(keyFile, 'vanished while it was made') : { ok: true, value: created.value };
}

/**
 * Changes `keys.json`; the file is replaced whole, or stays as it is. Its secrets are wrapped afterwards where they were before, or
 * where a key-encryption key is set.
 */
export async function changeKeyFile(place: KeyPlace, change: (content: KeyFile) => KeyFile): Promise<Result<KeyFile>> {
  const read = await loadKeyFile(place);
  if (!read.ok) return read;
  if (read.value === null) return fail(place.keyFile, 'there is no key file, name it with HOLDFAST_KEY_FILE');
  const changed = change(read.value.content);
  const written = await writeKeyFile(place.keyFile, changed, read.value.kek);
  return written.ok ? { ok: true, value: changed } : written;
}

/** Writes `keys.json` in place of the one that is there; null: with its secrets in the clear. */
export async function writeKeyFile(
  keyFile: string,
  content: KeyFile,
  kek: KeyEncryptionKey | null,
): Promise<Result<void>> {
  try {
    await replaceFile(keyFile, textOf(content, kek));
    return { ok: true, value: undefined };
  } catch (error) {
    return fail(
      keyFile,
      `cannot be written (${errorCode(error)}), let the user that runs holdfast write to its folder`,
    );
  }
}

/** What stands in a key file. */
export function parseKeyFile(keyFile: string, text: string, kek: KeyEncryptionKey | null): Result<OpenedKeyFile> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail(keyFile, 'is not valid JSON, restore it from its backup');
  }
  const read = readWrappedKeyFile(value, kek);
  if (read.ok) return { ok: true, value: { content: read.value, kek, isWrapped: read.wrappedBy !== null } };
  return { ok: false, error: read.faults.map((one) => ({ file: keyFile, line: null, column: null, ...one })) };
}

function textOf(content: KeyFile, kek: KeyEncryptionKey | null): string {
  return `${JSON.stringify(wrapKeyFile(content, kek), null, 2)}\n`;
}

/** Writes a whole file and then gives it its name, so that no reader ever sees half of it; leaves a file that is there alone. */
async function createKeyFile(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function fail(file: string, message: string): { readonly ok: false; readonly error: readonly Fault[] } {
  return { ok: false, error: [{ file, line: null, column: null, key: null, message }] };
}
