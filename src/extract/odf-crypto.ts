import * as crypto from 'node:crypto';
import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { decryptBlowfishCfb } from './blowfish.ts';
import type { Budget } from './budget.ts';
import { Unreadable } from './unreadable.ts';
import type { XmlAttributes, XmlHandler } from './xml-reader.ts';

/** How one entry of a document was encrypted. OpenDocument 1.3 part 2, 4.8; Argon2 and GCM as LibreOffice 24.2 writes them. */
export interface OdfLock {
  readonly name: string;
  readonly algorithm: string;
  readonly iv: Buffer;
  readonly salt: Buffer;
  readonly keySize: number;
  readonly startKey: string;
  readonly derivation: string;
  readonly iterations: number;
  readonly memory: number;
  readonly lanes: number;
  readonly checksumType: string;
  readonly checksum: Buffer;
}

/** More turns, or kilobytes, than any program writes would only burn time. */
const MAX_ITERATIONS = 2_000_000;
const MAX_MEMORY = 256 * 1024;
const MAX_LANES = 16;

/** Collects the locks that a manifest tells of. */
export class OdfLocks implements XmlHandler {
  readonly found: OdfLock[] = [];
  private name = '';
  private told: Map<string, string> | null = null;

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'file-entry') this.name = attributes.get('full-path') ?? '';
    if (name === 'encryption-data') this.told = new Map();
    // `key-size` is said of the start key and of the derived one.
    const prefix = name === 'start-key-generation' ? 'start ' : '';
    for (const [key, value] of attributes) this.told?.set(`${prefix}${key}`, value);
  }

  text(): void {}

  close(name: string): void {
    if (name !== 'encryption-data' || this.told === null) return;
    const told = this.told;
    this.told = null;
    const bytes = (key: string): Buffer => Buffer.from(told.get(key) ?? '', 'base64');
    this.found.push({
      name: this.name,
      algorithm: told.get('algorithm-name') ?? '',
      iv: bytes('initialisation-vector'),
      salt: bytes('salt'),
      keySize: Number(told.get('key-size') ?? 16),
      startKey: told.get('start start-key-generation-name') ?? 'SHA1',
      derivation: told.get('key-derivation-name') ?? '',
      iterations: Number(told.get('iteration-count') ?? told.get('argon2-iterations') ?? 0),
      memory: Number(told.get('argon2-memory') ?? 0),
      lanes: Number(told.get('argon2-lanes') ?? 0),
      checksumType: told.get('checksum-type') ?? '',
      checksum: bytes('checksum'),
    });
  }
}

/** An entry's bytes as the document holds them, expanded; null where the password is wrong. Throws `unsupported`, `too-large`. */
export function openOdfEntry(lock: OdfLock, password: string, encrypted: Uint8Array, budget: Budget): Buffer | null {
  const key = deriveKey(lock, password);
  const plain = decrypt(lock, key, encrypted);
  if (plain === null || !isRight(lock, plain)) return null;
  if (plain.toString('latin1', 0, 2) === 'PK') return plain;
  try {
    const most = Math.max(budget.limits.ratioGrace, plain.length * budget.limits.ratio) + 1;
    const expanded = inflateRawSync(plain, { maxOutputLength: most });
    budget.takeBytes(expanded.length);
    return expanded;
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new Unreadable('too-large', `expands more than ${budget.limits.ratio} times`);
    return null;
  }
}

function deriveKey(lock: OdfLock, password: string): Buffer {
  const start = createHash(/256/.test(lock.startKey) ? 'sha256' : 'sha1')
    .update(password, 'utf8')
    .digest();
  const { salt, iterations, keySize, memory, lanes } = lock;
  if (!(keySize >= 16 && keySize <= 32) || !(iterations > 0 && iterations <= MAX_ITERATIONS))
    throw new Unreadable('encrypted', 'the document is encrypted in a way that is not known');
  if (/pbkdf2$/i.test(lock.derivation)) return pbkdf2Sync(start, salt, iterations, keySize, 'sha1');
  if (!/argon2id$/i.test(lock.derivation) || !(memory > 0 && memory <= MAX_MEMORY && lanes > 0 && lanes <= MAX_LANES))
    throw new Unreadable('encrypted', `the document's key is made by ${lock.derivation}`);
  // Node has it since 24.7; a native package could not be loaded where files are opened.
  if (typeof crypto.argon2Sync !== 'function')
    throw new Unreadable('encrypted', 'the document needs Argon2, which this Node does not have');
  return crypto.argon2Sync('argon2id', {
    message: start,
    nonce: salt,
    parallelism: lanes,
    tagLength: keySize,
    memory,
    passes: iterations,
  });
}

function decrypt(lock: OdfLock, key: Buffer, encrypted: Uint8Array): Buffer | null {
  const { algorithm, iv } = lock;
  if (/blowfish/i.test(algorithm)) return decryptBlowfishCfb(key, iv, encrypted);
  const mode = /aes(?:128|192|256)-(cbc|gcm)$/i.exec(algorithm)?.[1]?.toLowerCase();
  if (mode === undefined) throw new Unreadable('encrypted', `the document is encrypted by ${algorithm}`);
  try {
    if (mode === 'gcm') {
      const name = `aes-${key.length * 8}-gcm` as 'aes-256-gcm';
      // The vector may stand before the data as well.
      const from = Buffer.from(encrypted.subarray(0, iv.length)).equals(iv) ? iv.length : 0;
      const decipher = createDecipheriv(name, key, iv);
      decipher.setAuthTag(encrypted.subarray(encrypted.length - 16));
      return Buffer.concat([decipher.update(encrypted.subarray(from, encrypted.length - 16)), decipher.final()]);
    }
    const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(false);
    const plain = Buffer.concat([decipher.update(encrypted), decipher.final()]);
    // XML encryption fills the last block up with anything, and says in its last byte with how much.
    return plain.subarray(0, plain.length - Math.min(16, plain.at(-1) ?? 0));
  } catch {
    return null;
  }
}

function isRight(lock: OdfLock, plain: Buffer): boolean {
  // Where there is no checksum the tag of the cipher has vouched for it.
  if (lock.checksum.length === 0) return /gcm$/i.test(lock.algorithm);
  const hash = /256/.test(lock.checksumType) ? 'sha256' : 'sha1';
  const covered = /1k$/i.test(lock.checksumType) ? plain.subarray(0, 1024) : plain;
  return createHash(hash).update(covered).digest().equals(lock.checksum);
}
