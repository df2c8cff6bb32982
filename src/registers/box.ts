import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { KeyRing, KeySet } from './keys.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A short text encrypted for one place of one entry (AES-256-GCM), as base64; padded to a multiple of `step` bytes, so that its size
 * says little. Deterministic, so that sealing twice writes the same file; what was boxed for another place does not open.
 */
export function boxText(text: string, place: string, step: number, keys: KeySet): string {
  const bytes = Buffer.from(text);
  const plain = Buffer.alloc(Math.max(1, Math.ceil(bytes.length / step)) * step);
  bytes.copy(plain);
  // The nonce depends on key, place and text alone (as in SIV, RFC 5297): no two different texts ever share one.
  const digest = createHmac('sha256', keys.sealing).update(aad(place)).update(plain).digest();
  const nonce = digest.subarray(0, NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keys.figures, nonce).setAAD(aad(place));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** The text back; null without the key it was boxed with, at another place, or where a bit was changed. */
export function unboxText(
  sealed: { readonly key: string; readonly box: string },
  place: string,
  ring: KeyRing,
): string | null {
  const keys = ring.byId.get(sealed.key);
  if (keys === undefined) return null;
  const box = Buffer.from(sealed.box, 'base64');
  if (box.length <= NONCE_BYTES + TAG_BYTES) return null;
  const cipher = createDecipheriv('aes-256-gcm', keys.figures, box.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(aad(place)).setAuthTag(box.subarray(-TAG_BYTES));
  try {
    const plain = Buffer.concat([cipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES)), cipher.final()]);
    return plain.toString('utf8').replace(/\0+$/, '');
  } catch {
    return null;
  }
}

function aad(place: string): Buffer {
  return Buffer.from(`holdfast box\0${place}\0`);
}
