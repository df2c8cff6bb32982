import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

import type { Fault, Result } from '../core/result.ts';
import { KEY_BYTES } from '../registers/keys.ts';
import { type KeyEncryptionKey, keyEncryptionKey } from '../registers/wrap-keys.ts';
import type { KekSource } from '../service/kek-source.ts';
import { errorCode } from './error-code.ts';

const COMMAND_MS = 30_000;
const run = promisify(execFile);

/** The key-encryption key; null where none is set. What a command or a file says never appears in a fault. */
export async function readKek(source: KekSource | null): Promise<Result<KeyEncryptionKey | null>> {
  if (source === null) return { ok: true, value: null };
  if (source.kind === 'value') return parse('HOLDFAST_KEK', source.text);
  if (source.kind === 'command') return fromCommand(source.command);
  const name = `HOLDFAST_KEK_FILE ${source.file}`;
  try {
    if (((await stat(source.file)).mode & 0o007) !== 0) {
      return fail(name, `can be read by everybody, make it private: chmod 600 ${JSON.stringify(source.file)}`);
    }
    return parse(name, await readFile(source.file, 'utf8'));
  } catch (error) {
    return fail(name, `cannot be read (${errorCode(error)}), restore it or let the user that runs holdfast read it`);
  }
}

async function fromCommand(command: string): Promise<Result<KeyEncryptionKey>> {
  try {
    const { stdout } = await run('/bin/sh', ['-c', command], { timeout: COMMAND_MS, maxBuffer: 64 * 1024 });
    return parse('HOLDFAST_KEK_COMMAND', stdout);
  } catch (error) {
    const { code, killed } = error as { readonly code?: unknown; readonly killed?: boolean };
    const how =
      killed === true ? `gave no key within ${COMMAND_MS / 1000} s` : `ended with ${String(code ?? 'a fault')}`;
    return fail('HOLDFAST_KEK_COMMAND', `${how}, run it by hand as the user that runs holdfast and see what it says`);
  }
}

function parse(name: string, text: string): Result<KeyEncryptionKey> {
  const trimmed = text.trim();
  const key = /^[A-Za-z0-9+/]+={0,2}$/.test(trimmed) ? Buffer.from(trimmed, 'base64') : Buffer.alloc(0);
  if (key.length === KEY_BYTES) return { ok: true, value: keyEncryptionKey(key) };
  return fail(
    name,
    `gives no key, ${KEY_BYTES} bytes in base64 are needed: make one with \`openssl rand -base64 ${KEY_BYTES}\``,
  );
}

function fail(file: string, message: string): { readonly ok: false; readonly error: readonly Fault[] } {
  return { ok: false, error: [{ file, line: null, column: null, key: null, message }] };
}
