import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { incompleteParts } from '../../src/core/part.ts';
import { makeXlsx } from './make-office.ts';
import { allText, openBytes } from './open-bytes.ts';

interface Cfb {
  readonly utils: { cfb_new(): unknown; cfb_add(cfb: unknown, name: string, bytes: Uint8Array): void };
  write(cfb: unknown, options: { type: 'buffer' }): Buffer;
}
const { CFB } = createRequire(import.meta.url)('@e965/xlsx') as { readonly CFB: Cfb };

const SPIN = 1000;
const WORDS = 'Employment rate at 74.0 per cent';
const workbook = makeXlsx({ rows: `<row><c t="str"><v>${WORDS}</v></c></row>` });

function hash(...parts: readonly Uint8Array[]): Buffer {
  const sum = createHash('sha512');
  for (const part of parts) sum.update(part);
  return sum.digest();
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function encrypt(key: Buffer, iv: Buffer, plain: Buffer): Buffer {
  const padded = Buffer.concat([plain, Buffer.alloc((16 - (plain.length % 16)) % 16)]);
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(padded), cipher.final()]);
}

/** Agile encryption as Office 2010 and later write it ([MS-OFFCRYPTO] 2.3.4.10). */
function encryptAgile(file: Buffer, password: string): Buffer {
  const [dataSalt, keySalt, input] = [randomBytes(16), randomBytes(16), randomBytes(16)];
  const secret = randomBytes(32);
  let spun = hash(keySalt, Buffer.from(password, 'utf16le'));
  for (let turn = 0; turn < SPIN; turn++) spun = hash(word(turn), spun);
  const locked = (block: string, value: Buffer): string =>
    encrypt(hash(spun, Buffer.from(block, 'hex')).subarray(0, 32), keySalt, value).toString('base64');
  const common =
    'blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"';
  const info = `<encryption><keyData saltSize="16" ${common} saltValue="${dataSalt.toString('base64')}"/><keyEncryptors><keyEncryptor><p:encryptedKey spinCount="${SPIN}" saltSize="16" ${common} saltValue="${keySalt.toString('base64')}" encryptedVerifierHashInput="${locked('fea7d2763b4b9e79', input)}" encryptedVerifierHashValue="${locked('d7aa0f6d3061344e', hash(input))}" encryptedKeyValue="${locked('146e0be7abacd0d6', secret)}"/></keyEncryptor></keyEncryptors></encryption>`;
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(file.length));
  const segments: Buffer[] = [size];
  for (let at = 0; at < file.length; at += 4096)
    segments.push(encrypt(secret, hash(dataSalt, word(at / 4096)).subarray(0, 16), file.subarray(at, at + 4096)));
  const cfb = CFB.utils.cfb_new();
  CFB.utils.cfb_add(cfb, '/EncryptionInfo', Buffer.concat([Buffer.from('0400040040000000', 'hex'), Buffer.from(info)]));
  CFB.utils.cfb_add(cfb, '/EncryptedPackage', Buffer.concat(segments));
  return CFB.write(cfb, { type: 'buffer' });
}

describe('an encrypted workbook', () => {
  it.each([
    ['without a password', []],
    ['with other passwords', ['wrong', 'also wrong']],
  ])('is incomplete %s', async (_, passwords) => {
    const opened = await openBytes(encryptAgile(workbook, 'correct horse'), { passwords });
    expect(incompleteParts(opened)).toEqual([{ path: 'file', reason: 'encrypted' }]);
  });

  it('is read with its password', async () => {
    const opened = await openBytes(encryptAgile(workbook, 'correct horse'), { passwords: ['wrong', 'correct horse'] });
    expect(incompleteParts(opened)).toEqual([]);
    expect(allText(opened)).toContain(WORDS);
  });

  it('is read without one where Office asks for none', async () => {
    const opened = await openBytes(encryptAgile(workbook, 'VelvetSweatshop'));
    expect(incompleteParts(opened)).toEqual([]);
    expect(allText(opened)).toContain(WORDS);
  });
});
