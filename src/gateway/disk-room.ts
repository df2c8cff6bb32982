import { statfs } from 'node:fs/promises';

/** Whether so many more bytes can be stored. */
export type DiskRoom = (bytes: number) => Promise<boolean>;

const REMEMBERED_MS = 500;
/** A message is on its spool, in the log of the database and in its table, for a while. */
const TIMES = 3;

/**
 * Watches the file system of a folder: it must have room for a message three times and still keep the reserve, since a database whose
 * disk is full stops for everybody. Where the system does not say, the answer is yes, and the database's own word decides.
 */
export function createDiskRoom(folder: string, reserve: number, now: () => number): DiskRoom {
  let known: { readonly free: number; readonly until: number } | null = null;
  return async (bytes) => {
    if (known === null || known.until < now()) {
      const free = await statfs(folder).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => Number.POSITIVE_INFINITY,
      );
      known = { free, until: now() + REMEMBERED_MS };
    }
    return known.free >= bytes * TIMES + reserve;
  };
}
