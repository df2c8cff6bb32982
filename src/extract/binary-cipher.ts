import { createHash } from 'node:crypto';
import { Unreadable } from './unreadable.ts';

/** Decrypts a stream of a binary Office file in place; `block` is the number that its key is made with. */
export interface BinaryKey {
  /** The key stream of one block, from its start. */
  readonly keyStream: (block: number, length: number) => Buffer;
}

/** A method of encryption that names everything but the password. */
export interface BinaryLock {
  /** Null where the password is wrong. */
  readonly open: (password: string) => BinaryKey | null;
}

/**
 * Reads the encryption header that `.doc`, `.xls` and `.ppt` share: RC4 and RC4 CryptoAPI.
 *
 * Throws `unsupported` for any other. Source: [MS-OFFCRYPTO] 2.3.5 and 2.3.6.
 */
export function readBinaryLock(header: Buffer): BinaryLock {
  if (header.length < 52) throw new Unreadable('unsupported', 'the file is encrypted in a way that is not known');
  const major = header.readUInt16LE(0);
  const minor = header.readUInt16LE(2);
  if (major === 1 && minor === 1) return basicLock(header.subarray(4));
  if (minor === 2 && major >= 2 && major <= 4) return cryptoApiLock(header.subarray(4));
  throw new Unreadable('unsupported', `the file is encrypted by method ${major}.${minor}`);
}

function basicLock(header: Buffer): BinaryLock {
  const [salt, verifier, verifierHash] = [header.subarray(0, 16), header.subarray(16, 32), header.subarray(32, 48)];
  return {
    open(password) {
      const short = digest('md5', Buffer.from(password, 'utf16le')).subarray(0, 5);
      const secret = digest('md5', Buffer.concat(Array.from({ length: 16 }, () => [short, salt]).flat())).subarray(
        0,
        5,
      );
      return checked((block) => digest('md5', secret, word(block)).subarray(0, 16), 'md5', verifier, verifierHash);
    },
  };
}

function cryptoApiLock(header: Buffer): BinaryLock {
  const size = header.readUInt32LE(4);
  const algorithm = header.readUInt32LE(16);
  const bits = header.readUInt32LE(24) || 40;
  const check = header.subarray(8 + size);
  if (algorithm !== 0x6801 || bits > 128 || check.length < 60)
    throw new Unreadable('unsupported', 'the file is encrypted by a cipher other than RC4');
  const salt = check.subarray(4, 20);
  return {
    open(password) {
      const secret = digest('sha1', salt, Buffer.from(password, 'utf16le'));
      const keyOf = (block: number): Buffer => {
        const key = digest('sha1', secret, word(block)).subarray(0, bits / 8);
        // Keys of 40 bits are filled up with zeros, as the provider does.
        return bits === 40 ? Buffer.concat([key, Buffer.alloc(11)]) : key;
      };
      return checked(keyOf, 'sha1', check.subarray(20, 36), check.subarray(40, 60));
    },
  };
}

function checked(
  keyOf: (block: number) => Buffer,
  hash: string,
  verifier: Buffer,
  verifierHash: Buffer,
): BinaryKey | null {
  const stream = rc4(keyOf(0), verifier.length + verifierHash.length);
  const plain = xor(verifier, stream);
  const expected = xor(verifierHash, stream.subarray(verifier.length));
  if (!digest(hash, plain).subarray(0, expected.length).equals(expected)) return null;
  return { keyStream: (block, length) => rc4(keyOf(block), length) };
}

/** RC4, which OpenSSL offers no more. */
function rc4(key: Buffer, length: number): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, at) => at);
  for (let i = 0, j = 0; i < 256; i += 1) {
    const held = state[i] as number;
    j = (j + held + (key[i % key.length] as number)) & 255;
    state[i] = state[j] as number;
    state[j] = held;
  }
  const out = Buffer.alloc(length);
  for (let at = 0, i = 0, j = 0; at < length; at += 1) {
    i = (i + 1) & 255;
    const held = state[i] as number;
    j = (j + held) & 255;
    const other = state[j] as number;
    state[i] = other;
    state[j] = held;
    out[at] = state[(held + other) & 255] as number;
  }
  return out;
}

export function xor(bytes: Uint8Array, stream: Uint8Array): Buffer {
  const out = Buffer.alloc(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) out[at] = (bytes[at] as number) ^ (stream[at] as number);
  return out;
}

function digest(hash: string, ...parts: readonly Uint8Array[]): Buffer {
  const sum = createHash(hash);
  for (const part of parts) sum.update(part);
  return sum.digest();
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
