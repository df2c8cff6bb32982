import { randomBytes } from 'node:crypto';
import { open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './error-code.ts';

/** Gives a file new content, whole or not at all, and durably; its mode stays, and a link goes on pointing at it. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const target = await realpath(file).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return file;
    throw error;
  });
  const mode = (await stat(target).catch(() => null))?.mode ?? 0o644;
  const draft = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}`);
  const handle = await open(draft, 'wx', mode & 0o777);
  try {
    await handle.writeFile(content);
    await handle.sync();
    await handle.close();
    await rename(draft, target);
  } catch (error) {
    await handle.close().catch(() => {});
    await unlink(draft).catch(() => {});
    throw error;
  }
}
