import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { errorCode } from '../error-code.ts';
import { LINE, Manifest } from './backup-format.ts';

/** A file that is no backup, or not all of one; one line. */
export class BackupFault extends Error {
  override readonly name = 'BackupFault';
}

/**
 * The lines of a backup, without their ends.
 *
 * @throws BackupFault where the file cannot be read or unpacked.
 */
export async function readBackupLines(file: string, onLine: (line: string) => Promise<boolean>): Promise<void> {
  const stopped = new AbortController();
  try {
    await pipeline(
      createReadStream(file),
      createGunzip(),
      async (chunks: AsyncIterable<Buffer>) => {
        let rest: Buffer[] = [];
        for await (const chunk of chunks) {
          let from = 0;
          for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
            rest.push(chunk.subarray(from, end));
            const more = await onLine(Buffer.concat(rest).toString('utf8'));
            if (!more) {
              stopped.abort();
              return;
            }
            rest = [];
            from = end + 1;
          }
          rest.push(chunk.subarray(from));
        }
      },
      { signal: stopped.signal },
    );
  } catch (error) {
    if (stopped.signal.aborted) return;
    const code = errorCode(error);
    if (code.startsWith('Z_')) {
      throw new BackupFault(`${file}: is no backup, or was cut short (${code}): take another one`, { cause: error });
    }
    if (/^E[A-Z]+$/.test(code)) {
      throw new BackupFault(`${file}: cannot be read (${code}): name the file that \`holdfast backup\` wrote`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** What a backup says of itself. @throws BackupFault */
export async function readManifest(file: string): Promise<Manifest> {
  let first = '';
  await readBackupLines(file, async (line) => {
    first = line;
    return false;
  });
  try {
    if (first.startsWith(LINE.manifest)) return Manifest.parse(JSON.parse(first.slice(1)));
  } catch (cause) {
    throw new BackupFault(
      `${file}: is a backup of a Holdfast that this one does not know: restore it with that version`,
      {
        cause,
      },
    );
  }
  throw new BackupFault(`${file}: is no backup: name the file that \`holdfast backup\` wrote`);
}
