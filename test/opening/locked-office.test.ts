import { createCipheriv, createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { deflateRawSync } from 'node:zlib';
import type * as SheetJs from '@e965/xlsx';
import { argon2id, hash } from 'argon2';
import { incompleteParts } from '../../src/core/part.ts';
import { makeOdf } from './make-office.ts';
import { makeZip, type ZipPart } from './make-zip.ts';
import { allText, openBytes } from './open-bytes.ts';

interface Cfb {
  readonly utils: { cfb_new(): unknown; cfb_add(cfb: unknown, name: string, bytes: Uint8Array): void };
  write(cfb: unknown, options: { type: 'buffer' }): Buffer;
  read(bytes: Buffer, options: { type: 'buffer' }): { readonly FileIndex: { name: string; content: Uint8Array }[] };
}
const { CFB, utils, write } = createRequire(import.meta.url)('@e965/xlsx') as typeof SheetJs & { readonly CFB: Cfb };

const WORDS = 'Employment rate at 74.0 per cent';
const PASSWORD = 'correct horse';
const salt = randomBytes(16);

const sum = (name: string, ...parts: readonly Uint8Array[]): Buffer => {
  const made = createHash(name);
  for (const part of parts) made.update(part);
  return made.digest();
};
const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const words = (...values: readonly number[]): Buffer => Buffer.concat(values.map(word));

/** RC4 as its description has it; OpenSSL offers it no more. */
function rc4(key: Uint8Array, bytes: Uint8Array): Buffer {
  const s = Array.from({ length: 256 }, (_, at) => at);
  let j = 0;
  const swap = (a: number, b: number): void => {
    [s[a], s[b]] = [s[b] as number, s[a] as number];
  };
  for (let i = 0; i < 256; i += 1) {
    j = (j + (s[i] as number) + (key[i % key.length] as number)) & 255;
    swap(i, j);
  }
  j = 0;
  return Buffer.from(
    bytes.map((byte, at) => {
      const i = (at + 1) & 255;
      j = (j + (s[i] as number)) & 255;
      swap(i, j);
      return byte ^ (s[((s[i] as number) + (s[j] as number)) & 255] as number);
    }),
  );
}

interface Cipher {
  readonly header: Buffer;
  readonly keyOf: (block: number) => Buffer;
}

/** [MS-OFFCRYPTO] 2.3.6: the method of Office 97. */
function basic(): Cipher {
  const short = sum('md5', Buffer.from(PASSWORD, 'utf16le')).subarray(0, 5);
  const secret = sum('md5', Buffer.concat(Array.from({ length: 16 }, () => [short, salt]).flat())).subarray(0, 5);
  const keyOf = (block: number): Buffer => sum('md5', secret, word(block));
  const check = randomBytes(16);
  const locked = rc4(keyOf(0), Buffer.concat([check, sum('md5', check)]));
  return { header: Buffer.concat([Buffer.from([1, 0, 1, 0]), salt, locked]), keyOf };
}

/** [MS-OFFCRYPTO] 2.3.5: RC4 CryptoAPI with 128 bits. */
function cryptoApi(): Cipher {
  const secret = sum('sha1', salt, Buffer.from(PASSWORD, 'utf16le'));
  const keyOf = (block: number): Buffer => sum('sha1', secret, word(block)).subarray(0, 16);
  const check = randomBytes(16);
  const locked = rc4(keyOf(0), Buffer.concat([check, sum('sha1', check)]));
  const inner = words(4, 0, 0x6801, 0x8004, 128, 1, 0, 0);
  const header = [Buffer.from([2, 0, 2, 0]), words(4, inner.length), inner];
  const verifier = [word(16), salt, locked.subarray(0, 16), word(20), locked.subarray(16)];
  return { header: Buffer.concat([...header, ...verifier]), keyOf };
}

/** Encrypts a whole stream in blocks of one size. */
function inBlocks({ keyOf }: Cipher, stream: Buffer, size: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < stream.length; at += size) blocks.push(rc4(keyOf(at / size), stream.subarray(at, at + size)));
  return Buffer.concat(blocks);
}

function compound(streams: Readonly<Record<string, Uint8Array>>): Buffer {
  const cfb = CFB.utils.cfb_new();
  for (const [name, bytes] of Object.entries(streams)) CFB.utils.cfb_add(cfb, name, bytes);
  return CFB.write(cfb, { type: 'buffer' });
}

/** A workbook of Excel 97: record heads, the first record and where sheets begin stay in the clear. [MS-XLS] 2.2.10. */
function lockedXls(cipher: Cipher): Buffer {
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet([[WORDS], [74]]), 'Sheet');
  const file = write(book, { type: 'buffer', bookType: 'biff8' }) as Buffer;
  const plain = Buffer.from(
    CFB.read(file, { type: 'buffer' }).FileIndex.find((entry: { readonly name: string }) => entry.name === 'Workbook')
      ?.content ?? [],
  );
  const pass = Buffer.concat([Buffer.from([0x2f, 0]), Buffer.alloc(2), Buffer.from([1, 0]), cipher.header]);
  pass.writeUInt16LE(pass.length - 4, 2);
  const first = 4 + plain.readUInt16LE(2);
  const stream = Buffer.concat([plain.subarray(0, first), pass, plain.subarray(first)]);
  const locked = inBlocks(cipher, stream, 1024);
  for (let at = 0; at < stream.length; ) {
    const [type, length] = [stream.readUInt16LE(at), stream.readUInt16LE(at + 2)];
    // The sheet's place moves with the record that was put in.
    if (type === 0x85) stream.writeUInt32LE(stream.readUInt32LE(at + 4) + pass.length, at + 4);
    const clear = [0x809, 0x2f, 0xe1].includes(type) ? 4 + length : type === 0x85 ? 8 : 4;
    stream.copy(locked, at, at, at + clear);
    at += 4 + length;
  }
  return compound({ '/Workbook': locked });
}

/** A Word document of one piece, its first 68 bytes in the clear. */
function lockedDoc(cipher: Cipher): Buffer {
  const main = Buffer.alloc(0x400);
  main.writeUInt16LE(0xa5ec, 0);
  main.writeUInt16LE(0x00c1, 2);
  main.writeUInt16LE(0x0300, 10);
  main.writeUInt32LE(cipher.header.length, 14);
  main.writeUInt32LE(WORDS.length, 0x4c);
  main.writeUInt32LE(cipher.header.length, 0x1a2);
  main.writeUInt32LE(21, 0x1a6);
  const pieces = Buffer.concat([
    Buffer.from([2]),
    words(16, 0, WORDS.length),
    Buffer.alloc(2),
    word(0x400),
    Buffer.alloc(2),
  ]);
  const text = Buffer.concat([main, Buffer.from(WORDS, 'utf16le')]);
  const table = Buffer.concat([cipher.header, pieces]);
  const lockedText = Buffer.concat([text.subarray(0, 68), inBlocks(cipher, text, 512).subarray(68)]);
  const lockedTable = Buffer.concat([cipher.header, inBlocks(cipher, table, 512).subarray(cipher.header.length)]);
  return compound({ '/WordDocument': lockedText, '/1Table': lockedTable });
}

/** A presentation whose one slide, object 1, is encrypted apart; object 2 says how. [MS-PPT] 2.3.7. */
function lockedPpt(cipher: Cipher): Buffer {
  const record = (type: number, body: Uint8Array, version = 0): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(version, 0);
    head.writeUInt16LE(type, 2);
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body]);
  };
  const slide = rc4(cipher.keyOf(1), record(0x3ee, record(0xfa0, Buffer.from(WORDS, 'utf16le')), 15));
  const session = record(0x2f14, cipher.header, 15);
  const directory = record(0x1772, words((2 << 20) | 1, 0, slide.length));
  const directoryAt = slide.length + session.length;
  const edit = record(0xff5, words(0, 0, 0, directoryAt, 1, 3, 0, 2));
  const user = record(0xff6, words(20, 0xf3d1c4df, directoryAt + directory.length));
  return compound({ '/PowerPoint Document': Buffer.concat([slide, session, directory, edit]), '/Current User': user });
}

const body = `<text:p>${WORDS}</text:p>`;
const content = `<office:document-content>${body}</office:document-content>`;

function lockedOdf(name: string, sealed: Uint8Array, data: string, open: readonly ZipPart[] = []): Buffer {
  return makeZip([
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text' },
    ...open,
    { name, content: sealed },
    {
      name: 'META-INF/manifest.xml',
      content: `<manifest:manifest><manifest:file-entry manifest:full-path="${name}">${data}</manifest:file-entry></manifest:manifest>`,
    },
  ]);
}

/** As LibreOffice up to 24.1 writes it. */
function odfCbc(name = 'content.xml', open: readonly ZipPart[] = []): Buffer {
  const iv = randomBytes(16);
  const key = pbkdf2Sync(sum('sha256', Buffer.from(PASSWORD)), salt, 1000, 32, 'sha1');
  const deflated = deflateRawSync(content);
  const fill = 16 - (deflated.length % 16);
  const padded = Buffer.concat([deflated, Buffer.alloc(fill - 1), Buffer.from([fill])]);
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return lockedOdf(
    name,
    Buffer.concat([cipher.update(padded), cipher.final()]),
    `<manifest:encryption-data manifest:checksum-type="x#sha256-1k" manifest:checksum="${sum('sha256', deflated.subarray(0, 1024)).toString('base64')}"><manifest:algorithm manifest:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes256-cbc" manifest:initialisation-vector="${iv.toString('base64')}"/><manifest:start-key-generation manifest:start-key-generation-name="x#sha256" manifest:key-size="32"/><manifest:key-derivation manifest:key-derivation-name="PBKDF2" manifest:key-size="32" manifest:iteration-count="1000" manifest:salt="${salt.toString('base64')}"/></manifest:encryption-data>`,
    open,
  );
}

/** As LibreOffice from 24.2 on: the whole document is one entry. */
async function odfGcm(): Promise<Buffer> {
  const iv = randomBytes(12);
  const start = sum('sha256', Buffer.from(PASSWORD));
  const options = {
    raw: true,
    type: argon2id,
    salt,
    hashLength: 32,
    timeCost: 3,
    memoryCost: 1024,
    parallelism: 4,
  } as const;
  const cipher = createCipheriv('aes-256-gcm', await hash(start, options), iv);
  const sealed = Buffer.concat([iv, cipher.update(makeOdf('text', body)), cipher.final(), cipher.getAuthTag()]);
  return lockedOdf(
    'encrypted-package',
    sealed,
    `<manifest:encryption-data><manifest:algorithm manifest:algorithm-name="http://www.w3.org/2009/xmlenc11#aes256-gcm" manifest:initialisation-vector="${iv.toString('base64')}"/><manifest:start-key-generation manifest:start-key-generation-name="x#sha256" manifest:key-size="32"/><manifest:key-derivation manifest:key-derivation-name="urn:org:documentfoundation:names:experimental:office:manifest:argon2id" manifest:key-size="32" loext:argon2-iterations="3" loext:argon2-memory="1024" loext:argon2-lanes="4" manifest:salt="${salt.toString('base64')}"/></manifest:encryption-data>`,
  );
}

const files: readonly (readonly [what: string, make: () => Buffer | Promise<Buffer>])[] = [
  ['an .xls of Office 97', () => lockedXls(basic())],
  ['an .xls of Office 2003', () => lockedXls(cryptoApi())],
  ['a .doc of Office 97', () => lockedDoc(basic())],
  ['a .doc of Office 2003', () => lockedDoc(cryptoApi())],
  ['a .ppt of Office 2003', () => lockedPpt(cryptoApi())],
  ['an OpenDocument file', () => odfCbc()],
  ['an OpenDocument file in one package', odfGcm],
];

describe('a locked file', () => {
  it.each(files)('%s is incomplete without its password', async (_, make) => {
    const opened = await openBytes(await make(), { passwords: ['wrong'] });
    expect(incompleteParts(opened).map(({ reason }) => reason)).toEqual(['encrypted']);
    expect(allText(opened)).not.toContain(WORDS);
  });

  it.each(files)('%s is read with it', async (_, make) => {
    const opened = await openBytes(await make(), { passwords: ['wrong', PASSWORD] });
    expect(allText(opened)).toContain(WORDS);
    expect(incompleteParts(opened)).toEqual([]);
  });

  it('leaves the document around locked macros open', async () => {
    const script = `<?xml version="1.0"?><!DOCTYPE l PUBLIC "-//L//EN" "libraries.dtd"><l/>`;
    const opened = await openBytes(
      odfCbc('Basic/Own/Module1.xml', [
        { name: 'content.xml', content },
        { name: 'Basic/script-lc.xml', content: script },
      ]),
    );
    expect(allText(opened)).toContain(WORDS);
    expect(incompleteParts(opened)).toMatchObject([{ reason: 'encrypted', path: expect.stringContaining('Module1') }]);
  });

  it('is not tried past the bound of its message', async () => {
    const opened = await openBytes(odfCbc(), { passwords: ['wrong', PASSWORD], limits: { passwordTrials: 1 } });
    expect(incompleteParts(opened).map(({ reason }) => reason)).toEqual(['encrypted']);
  });
});
