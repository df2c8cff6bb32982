import { createDecipheriv, createHash } from 'node:crypto';
import { XmlReader } from './xml-reader.ts';

/** Passwords that Office tries by itself: a file encrypted with one opens without a question. */
export const BUILT_IN_PASSWORDS: readonly string[] = ['VelvetSweatshop', '/01Hannes Ruescher/01'];
/** More turns of the hash than any program writes would only burn time. */
const MAX_SPIN = 10_000_000;
const SEGMENT = 4096;
const VERIFIER_INPUT = Buffer.from('fea7d2763b4b9e79', 'hex');
const VERIFIER_VALUE = Buffer.from('d7aa0f6d3061344e', 'hex');
const KEY_VALUE = Buffer.from('146e0be7abacd0d6', 'hex');

/** Opens an `EncryptedPackage` with the password it was made for. */
export interface OfficeLock {
  /** The package's bytes; null where the password is wrong. */
  readonly open: (password: string, encrypted: Uint8Array) => Uint8Array | null;
}

/** Reads an `EncryptionInfo` stream; null where its method is none of the known. Source: [MS-OFFCRYPTO] 2.3.4. */
export function readOfficeLock(info: Uint8Array): OfficeLock | null {
  const file = Buffer.from(info.buffer, info.byteOffset, info.length);
  if (file.length < 12) return null;
  const major = file.readUInt16LE(0);
  const minor = file.readUInt16LE(2);
  if (major === 4 && minor === 4) return readAgile(file.toString('utf8', 8));
  return minor === 2 && major >= 2 && major <= 4 ? readStandard(file.subarray(8)) : null;
}

interface AgileKey {
  readonly salt: Buffer;
  readonly blockSize: number;
  readonly keyBytes: number;
  readonly hash: string;
  readonly hashSize: number;
  readonly isAesCbc: boolean;
}

function readAgile(xml: string): OfficeLock | null {
  let data: ReadonlyMap<string, string> | null = null;
  let key: ReadonlyMap<string, string> | null = null;
  const reader = new XmlReader({
    open(name, attributes) {
      if (name === 'keyData') data = attributes;
      else if (name === 'encryptedKey') key ??= attributes;
    },
    text() {},
    close() {},
  });
  reader.write(xml);
  reader.end();
  if (data === null || key === null) return null;
  const dataKey = agileKey(data);
  const passwordKey = agileKey(key);
  const encrypted = key as ReadonlyMap<string, string>;
  const spin = Number(encrypted.get('spinCount'));
  if (dataKey === null || passwordKey === null || !(spin >= 0 && spin <= MAX_SPIN)) return null;
  const part = (name: string): Buffer => Buffer.from(encrypted.get(name) ?? '', 'base64');
  return {
    open(password, bytes) {
      const { hash, salt, hashSize } = passwordKey;
      const spun = spinHash(hash, salt, password, spin);
      const decrypt = (block: Buffer, value: Buffer): Buffer =>
        decryptCbc(sized(digest(hash, spun, block), passwordKey.keyBytes), sized(salt, passwordKey.blockSize), value);
      const input = decrypt(VERIFIER_INPUT, part('encryptedVerifierHashInput')).subarray(0, salt.length);
      const expected = decrypt(VERIFIER_VALUE, part('encryptedVerifierHashValue')).subarray(0, hashSize);
      if (!digest(hash, input).subarray(0, hashSize).equals(expected)) return null;
      const secret = decrypt(KEY_VALUE, part('encryptedKeyValue')).subarray(0, dataKey.keyBytes);
      return decryptSegments(bytes, secret, dataKey);
    },
  };
}

function agileKey(attributes: ReadonlyMap<string, string>): AgileKey | null {
  const hash = (attributes.get('hashAlgorithm') ?? '').replace(/[-_]/g, '').toLowerCase();
  const keyBytes = Number(attributes.get('keyBits')) / 8;
  const isAesCbc =
    attributes.get('cipherAlgorithm') === 'AES' && attributes.get('cipherChaining') === 'ChainingModeCBC';
  if (!/^(sha1|sha256|sha384|sha512|md5)$/.test(hash) || ![16, 24, 32].includes(keyBytes) || !isAesCbc) return null;
  return {
    salt: Buffer.from(attributes.get('saltValue') ?? '', 'base64'),
    blockSize: Number(attributes.get('blockSize')) || 16,
    keyBytes,
    hash,
    hashSize: Number(attributes.get('hashSize')),
    isAesCbc,
  };
}

function decryptSegments(bytes: Uint8Array, secret: Buffer, key: AgileKey): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = Math.min(Number(file.readBigUInt64LE(0)), file.length - 8);
  const plain: Buffer[] = [];
  for (let at = 8, segment = 0; at < file.length; at += SEGMENT, segment++) {
    const iv = sized(digest(key.hash, key.salt, word(segment)), key.blockSize);
    plain.push(decryptCbc(secret, iv, file.subarray(at, at + SEGMENT)));
  }
  return Buffer.concat(plain).subarray(0, size);
}

function readStandard(file: Buffer): OfficeLock | null {
  const headerSize = file.readUInt32LE(0);
  if (file.length < 4 + headerSize + 72) return null;
  const algorithm = file.readUInt32LE(12);
  const keyBytes = file.readUInt32LE(20) / 8;
  if (algorithm < 0x660e || algorithm > 0x6610 || ![16, 24, 32].includes(keyBytes)) return null;
  const verifier = file.subarray(4 + headerSize);
  const salt = verifier.subarray(4, 20);
  return {
    open(password, bytes) {
      const last = digest('sha1', spinHash('sha1', salt, password, 50_000), word(0));
      const key = Buffer.concat([xorDigest(last, 0x36), xorDigest(last, 0x5c)]).subarray(0, keyBytes);
      const input = decryptEcb(key, verifier.subarray(20, 36));
      const expected = decryptEcb(key, verifier.subarray(40, 72)).subarray(0, 20);
      if (!digest('sha1', input).equals(expected)) return null;
      const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      const size = Math.min(Number(whole.readBigUInt64LE(0)), whole.length - 8);
      return decryptEcb(key, whole.subarray(8, 8 + ((whole.length - 8) & ~15))).subarray(0, size);
    },
  };
}

function spinHash(hash: string, salt: Buffer, password: string, turns: number): Buffer {
  let spun = digest(hash, salt, Buffer.from(password, 'utf16le'));
  for (let turn = 0; turn < turns; turn++) spun = digest(hash, word(turn), spun);
  return spun;
}

function xorDigest(value: Buffer, byte: number): Buffer {
  const block = Buffer.alloc(64, byte);
  for (const [at, each] of value.entries()) block[at] = each ^ byte;
  return digest('sha1', block);
}

function digest(hash: string, ...parts: readonly Uint8Array[]): Buffer {
  const sum = createHash(hash);
  for (const part of parts) sum.update(part);
  return sum.digest();
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Keys and vectors are cut, or filled up with 0x36. */
function sized(bytes: Buffer, length: number): Buffer {
  return bytes.length >= length
    ? bytes.subarray(0, length)
    : Buffer.concat([bytes, Buffer.alloc(length - bytes.length, 0x36)]);
}

function decryptCbc(key: Buffer, iv: Buffer, value: Buffer): Buffer {
  const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(false);
  const whole = value.subarray(0, value.length & ~15);
  return Buffer.concat([decipher.update(whole), decipher.final()]);
}

function decryptEcb(key: Buffer, value: Buffer): Buffer {
  const decipher = createDecipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  return Buffer.concat([decipher.update(value), decipher.final()]);
}
