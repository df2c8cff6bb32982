import { createSecretKey, type KeyObject } from 'node:crypto';

const made = new WeakMap<Uint8Array, KeyObject>();

/**
 * A key that lives as long as the process in the form that Node works with, made once; its bytes may not change afterwards.
 *
 * Given bytes, Node first finds out by an exception that they are no key object, which costs more than the digest itself.
 */
export function keyObject(key: Uint8Array): KeyObject {
  const known = made.get(key);
  if (known !== undefined) return known;
  const object = createSecretKey(key);
  made.set(key, object);
  return object;
}
