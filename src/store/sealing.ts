import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';

import type { ByteSource } from '../core/byte-source.ts';
import { takeRandom } from '../service/take-random.ts';
import { keyObject } from './key-object.ts';
import { findKey, type StoreKeys } from './store-keys.ts';

const VERSION = 1;
const NONCE = 12;
const TAG = 16;
/** Bounds what one step of reading or writing a large message holds in memory. */
export const CHUNK_BYTES = 1 << 20;

/** A message's own key, and how it is kept. */
export interface DataKey {
  readonly key: Uint8Array;
  readonly keyId: string;
  readonly wrapped: Buffer;
}

/** A fresh data key for one message, wrapped by the current key of the key file. */
export function newDataKey(messageId: string, keys: StoreKeys): DataKey {
  const key = takeRandom(32);
  const { id, key: wrapping } = keys.current;
  return { key, keyId: id, wrapped: seal(key, keyObject(wrapping), `${messageId}/key/${id}`) };
}

/**
 * The data key of a stored message.
 *
 * @throws Error where the key file has no key of that id, or the row was tampered with.
 */
export function unwrapDataKey(messageId: string, keyId: string, wrapped: Uint8Array, keys: StoreKeys): Uint8Array {
  const wrapping = findKey(keys, keyId);
  if (wrapping === null) throw new Error(`the key file has no key ${keyId}, which message ${messageId} is sealed with`);
  return open(wrapped, keyObject(wrapping.key), `${messageId}/key/${keyId}`);
}

/** AES-256-GCM with a random nonce; `place` says what is sealed and where it belongs, and must be the same to open it. */
export function seal(plain: Uint8Array, key: Uint8Array | KeyObject, place: string): Buffer {
  const nonce = takeRandom(NONCE);
  // Given bytes, a cipher first finds out by an exception that they are no key object, which costs more than the sealing.
  const cipher = createCipheriv('aes-256-gcm', objectOf(key), nonce);
  cipher.setAAD(additional(place));
  const body = cipher.update(plain);
  const rest = cipher.final();
  const sealed = Buffer.concat([nonce, body, rest, cipher.getAuthTag()]);
  forget(body);
  return sealed;
}

/** @throws Error where key or place are not those it was sealed with, or a bit was changed. */
export function open(sealed: Uint8Array, key: Uint8Array | KeyObject, place: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', objectOf(key), sealed.subarray(0, NONCE));
  decipher.setAAD(additional(place));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  const plain = decipher.update(sealed.subarray(NONCE, sealed.length - TAG));
  const rest = decipher.final();
  return rest.length === 0 ? plain : Buffer.concat([plain, rest]);
}

function objectOf(key: Uint8Array | KeyObject): KeyObject {
  return key instanceof Uint8Array ? createSecretKey(key) : key;
}

/** Smaller buffers may share their memory, and are left to the collector. */
const LARGE = 64 * 1024;

/**
 * Gives the memory of a large buffer back at once; nobody may read it afterwards.
 *
 * The collector sees a buffer as small as its handle: by the time it comes round, chunks of large messages had taken some 100 MB.
 */
export function forget(bytes: Buffer): void {
  const { buffer } = bytes;
  if (bytes.length >= LARGE && buffer.byteLength === bytes.length && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** One chunk of a message's content; index and end are sealed in, so that none can be dropped, doubled or moved. */
export interface SealedChunk {
  readonly index: number;
  readonly final: boolean;
  readonly sealed: Buffer;
}

export function* sealContent(messageId: string, content: Uint8Array, key: Uint8Array): Generator<SealedChunk> {
  const count = Math.max(1, Math.ceil(content.length / CHUNK_BYTES));
  for (let index = 0; index < count; index++) {
    const final = index === count - 1;
    const plain = content.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
    yield { index, final, sealed: seal(plain, key, chunkPlace(messageId, index, final)) };
  }
}

/** The same for content that is read piece by piece: one chunk of it in memory at a time. */
export async function* sealSource(messageId: string, source: ByteSource, key: Uint8Array): AsyncGenerator<SealedChunk> {
  const count = Math.max(1, Math.ceil(source.size / CHUNK_BYTES));
  for (let index = 0; index < count; index++) {
    const final = index === count - 1;
    const plain = await source.read(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
    yield { index, final, sealed: seal(plain, key, chunkPlace(messageId, index, final)) };
  }
}

/** @throws Error where it is not the chunk of this message at this place, or is the last where more follow, or was tampered with. */
export function openChunk(
  messageId: string,
  index: number,
  final: boolean,
  sealed: Uint8Array,
  key: Uint8Array,
): Buffer {
  return open(sealed, key, chunkPlace(messageId, index, final));
}

function chunkPlace(messageId: string, index: number, final: boolean): string {
  return `${messageId}/content/${index}/${final ? 'final' : 'more'}`;
}

function additional(place: string): Buffer {
  return Buffer.from(`holdfast/${VERSION}/${place}`);
}
