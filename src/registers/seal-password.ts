import { z } from 'zod';
import { boxText, unboxText } from './box.ts';
import type { KeyRing } from './keys.ts';

const PADDED_TO = 64;

/** A password to try on encrypted attachments, in the clear or sealed. */
export const PasswordDocument = z.union([
  z.string().min(1).max(128),
  z.strictObject({
    sealed: z.strictObject({
      key: z.string().max(100),
      box: z.base64('is damaged, write the password anew').max(1000),
    }),
  }),
]);
export type PasswordDocument = z.output<typeof PasswordDocument>;

/** The password as it may be kept: encrypted with the ring's current key; one that cannot be opened stays as it is. */
export function sealPassword(password: PasswordDocument, entry: string, ring: KeyRing): PasswordDocument {
  const text = openPassword(password, entry, ring);
  if (text === null) return password;
  return { sealed: { key: ring.current.id, box: boxText(text, placeOf(entry), PADDED_TO, ring.current) } };
}

/** The password itself; null where its key is not on the ring, or it was sealed for another entry. */
export function openPassword(password: PasswordDocument, entry: string, ring: KeyRing): string | null {
  return typeof password === 'string' ? password : unboxText(password.sealed, placeOf(entry), ring);
}

function placeOf(entry: string): string {
  return `password\0${entry}`;
}
