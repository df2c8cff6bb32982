import { createHmac } from 'node:crypto';
import type { KeyRing } from './keys.ts';

/** A passage by which it is known again and not read: `key:digest` (HMAC-SHA-256). */
export function digestPassage(passage: string, { current }: Pick<KeyRing, 'current'>): string {
  return `${current.id}:${digest(passage, current.sketches)}`;
}

/** Compares with a digest of any key of the ring, a retired one too; one whose key is gone matches nothing. */
export function makeMatchesPassage(ring: Pick<KeyRing, 'sketchKeys'>): (passage: string, digested: string) => boolean {
  return (passage, digested) => {
    const at = digested.indexOf(':');
    const key = ring.sketchKeys.get(digested.slice(0, at));
    return key !== undefined && digest(passage, key) === digested.slice(at + 1);
  };
}

function digest(passage: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(`passage\0${passage}`).digest('hex');
}
