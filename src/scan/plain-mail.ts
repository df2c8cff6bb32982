import type { Opener } from './engine.ts';

const MOST_BYTES = 32 * 1024;
/** What announces anything but words: encoded bodies, file names, types of files and pictures, uuencoded files. */
const ANNOUNCED = /base64|name[*\d]*=|(?:application|image|video|audio)\/|^begin \d{3} /im;

/**
 * Whether a request is likely a mail of words alone, which takes a millisecond or two to open.
 *
 * A guess about cost and about nothing else: whatever it says, the mail is opened the same.
 */
export function isPlainMail({ kind, source, firstRows }: Parameters<Opener>[0]): boolean {
  const { memory } = source;
  if (kind !== 'email' || memory === null || memory.length > MOST_BYTES || firstRows !== undefined) return false;
  return !ANNOUNCED.test(Buffer.from(memory.buffer, memory.byteOffset, memory.length).toString('latin1'));
}
