import { readFile, stat } from 'node:fs/promises';
import type { Fault, Result } from '../core/result.ts';
import { errorCode } from './error-code.ts';

/** A sketch is at most 2 MB by design; the rest is room for those of documents with many tables. */
const SKETCH_LIMIT = 8_000_000;

/** The bytes of a sketch file that a sensitivity entry names. */
export async function readSketch(file: string): Promise<Result<Uint8Array, Fault>> {
  const fail = (message: string) => ({
    ok: false as const,
    error: { file, line: null, column: null, key: null, message },
  });
  try {
    const found = await stat(file);
    if (!found.isFile()) return fail('is no regular file, so rows of this dataset are not recognised by sketch');
    if (found.size > SKETCH_LIMIT)
      return fail('is larger than a sketch can be (8 MB), make it anew with `holdfast fingerprint`');
    return { ok: true, value: await readFile(file) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      return fail(
        'is not there, so rows of this dataset are not recognised by sketch: make it with `holdfast fingerprint`',
      );
    return fail(`cannot be read (${errorCode(error)}), let the user that runs holdfast read it`);
  }
}
