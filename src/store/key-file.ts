import { randomBytes } from 'node:crypto';
import { link, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Instant } from '../core/entry.ts';
import type { Fault, Result } from '../core/result.ts';
import { addMasterKey, KEY_BYTES, KeyFile, type KeyRing, keyRing } from '../registers/keys.ts';
import { explainIssue } from '../text/explain-issue.ts';
import { dotted } from '../text/read-yaml.ts';
import { errorCode } from './error-code.ts';
import { makeFolder } from './make-folder.ts';
import { replaceFile } from './replace-file.ts';
import type { StoreKeys } from './store-keys.ts';

/** The keys of `keys.json`; null where there is no such file. A file that others may read is refused, as ssh does. */
export async function readKeyFile(file: string): Promise<Result<KeyRing | null>> {
  try {
    const found = await stat(file);
    if ((found.mode & 0o007) !== 0)
      return fail(file, `can be read by everybody, make it private: chmod 600 ${JSON.stringify(file)}`);
    return parseKeyFile(file, await readFile(file, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { ok: true, value: null };
    return fail(file, `cannot be read (${errorCode(error)}), let the user that runs holdfast read it`);
  }
}

/** The keys of `keys.json`, made with one new master key and mode 0600 where there is none; durable when this resolves. */
export async function openKeyFile(file: string, now: Instant): Promise<Result<KeyRing>> {
  const read = await readKeyFile(file);
  if (!read.ok) return read;
  if (read.value !== null) return { ok: true, value: read.value };
  try {
    makeFolder(dirname(file), 0o700);
    await createKeyFile(file, addMasterKey(null, randomBytes(KEY_BYTES), new Date(now).toISOString()));
  } catch (error) {
    return fail(file, `cannot be written (${errorCode(error)}), let the user that runs holdfast write to its folder`);
  }
  // Read back, since another process may have been first: both go on with the file that is there.
  const created = await readKeyFile(file);
  if (!created.ok) return created;
  return created.value === null ? fail(file, 'vanished while it was made') : { ok: true, value: created.value };
}

/** The keys of `keys.json` with a new master key as the current one; the file is replaced whole, or stays as it is. */
export async function addKey(file: string, now: Instant): Promise<Result<KeyRing>> {
  const read = await readKeyFile(file);
  if (!read.ok) return read;
  if (read.value === null) return fail(file, 'there is no key file, name it with HOLDFAST_KEY_FILE');
  try {
    // Checked a line above.
    const content = KeyFile.parse(JSON.parse(await readFile(file, 'utf8')));
    const anew = addMasterKey(content, randomBytes(KEY_BYTES), new Date(now).toISOString());
    await replaceFile(file, `${JSON.stringify(anew, null, 2)}\n`);
    return { ok: true, value: keyRing(anew) };
  } catch (error) {
    return fail(file, `cannot be written (${errorCode(error)}), let the user that runs holdfast write to its folder`);
  }
}

/** What the store takes from the key ring. */
export function storeKeys(ring: KeyRing): StoreKeys {
  const wrapping = ({ id, content }: KeyRing['current']) => ({ id, key: content });
  return {
    current: wrapping(ring.current),
    all: [...ring.byId.values()].map(wrapping),
    audit: ring.first.audit,
    token: ring.first.tokens,
  };
}

/** Writes a whole file and then gives it its name, so that no reader ever sees half of it; leaves a file that is there alone. */
async function createKeyFile(file: string, content: KeyFile): Promise<void> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
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

function parseKeyFile(file: string, text: string): Result<KeyRing> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail(file, 'is not valid JSON, restore it from its backup');
  }
  const parsed = KeyFile.safeParse(value);
  if (parsed.success) return { ok: true, value: keyRing(parsed.data) };
  const faults = parsed.error.issues.flatMap((issue) => explainIssue(issue, value, KeyFile));
  return {
    ok: false,
    error: faults.map(({ path, message }) => ({ file, line: null, column: null, key: dotted(path), message })),
  };
}

function fail(file: string, message: string): { readonly ok: false; readonly error: readonly Fault[] } {
  return { ok: false, error: [{ file, line: null, column: null, key: null, message }] };
}
