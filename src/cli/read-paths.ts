import { open, stat } from 'node:fs/promises';
import type { ByteSource } from '../core/byte-source.ts';
import { memorySource } from '../core/byte-source.ts';

/** Files up to here are read at once; larger ones in ranges. */
const IN_MEMORY = 64 * 1024 ** 2;

/** Bytes read at once; those that are lent stay in the processor's cache. */
const STEP = 1 << 20;
const LENT = 1 << 18;

/**
 * A file as bytes; throws the system's error for what cannot be read, and `EISDIR` for a folder.
 *
 * Standard input is not a path; the caller reads it.
 */
export async function fileSource(path: string, inMemory = IN_MEMORY): Promise<ByteSource> {
  const { size } = await stat(path);
  const handle = await open(path, 'r');
  try {
    if (size > inMemory) return rangedSource(path, size);
    return memorySource(await handle.readFile());
  } finally {
    await handle.close();
  }
}

function rangedSource(path: string, size: number): ByteSource {
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    const from = Math.max(0, Math.min(start, size));
    const bytes = Buffer.alloc(Math.max(0, Math.min(end, size) - from));
    const handle = await open(path, 'r');
    try {
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  };
  return {
    size,
    memory: null,
    read,
    async *stream(lent = false) {
      const step = lent ? LENT : STEP;
      const lendable = lent ? [Buffer.allocUnsafeSlow(step), Buffer.allocUnsafeSlow(step)] : null;
      const handle = await open(path, 'r');
      try {
        const readAt = (at: number): Promise<{ buffer: Buffer; bytesRead: number }> => {
          const length = Math.max(0, Math.min(step, size - at));
          const buffer = lendable?.[(at / step) % 2] ?? Buffer.allocUnsafe(length);
          return handle.read(buffer, 0, length, at);
        };
        // The next bytes are read while the caller is busy with these.
        let next = readAt(0);
        for (let at = 0; at < size; at += step) {
          const { buffer, bytesRead } = await next;
          if (bytesRead === 0) return;
          next = readAt(at + step);
          yield buffer.subarray(0, bytesRead);
        }
        await next;
      } finally {
        await handle.close();
      }
    },
  };
}

/** What went wrong with a path, in words with a remedy. */
export function describeReadError(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'no such file, check the path';
    case 'EISDIR':
      return 'is a folder, name the files in it';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read, check its permissions';
    default:
      return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
