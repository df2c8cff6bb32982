import { crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { makeXlsx } from '../opening/make-office.ts';
import { makeZip } from '../opening/make-zip.ts';

const MB = 1024 ** 2;

/** A workbook of 1.4 KB whose sheet claims four gigabytes. */
export function lyingWorkbook(): Buffer {
  const book = makeXlsx({ rows: '<row r="1"><c r="A1"><v>74</v></c></row>' });
  const name = Buffer.from('xl/worksheets/sheet1.xml');
  for (let at = book.indexOf(name); at >= 0; at = book.indexOf(name, at + 1)) {
    if (book.readUInt32LE(at - 30) === 0x04034b50) book.writeUInt32LE(0xfffffff0, at - 8);
    else if (at >= 46 && book.readUInt32LE(at - 46) === 0x02014b50) book.writeUInt32LE(0xfffffff0, at - 22);
  }
  return book;
}

/** A zip whose one entry expands a thousand times. */
export const zipBomb = (): Buffer => makeZip([{ name: 'zeros.bin', content: Buffer.alloc(200 * MB) }]);

/** Zips in zips, sixteen wide and five deep, as 42.zip is. */
export function nestedBomb(): Buffer {
  let zip = makeZip([{ name: 'zeros.txt', content: Buffer.alloc(10 * MB, 0x30) }]);
  for (let level = 0; level < 4; level += 1) {
    const inner = zip;
    zip = makeZip(Array.from({ length: 16 }, (_, at) => ({ name: `${level}-${at}.zip`, content: inner })));
  }
  return zip;
}

/** Fifield's bomb: every entry is the same compressed bytes. */
export function overlappingZip(entries = 5000): Buffer {
  const kernel = Buffer.alloc(4 * MB, 0x61);
  const data = deflateRawSync(kernel, { level: 9 });
  const sum = crc32(kernel);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(sum, 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(kernel.length, 18);
  fields.writeUInt16LE(4, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from('0000'), data]);
  const directory = Array.from({ length: entries }, (_, at) => {
    const tail = Buffer.alloc(14);
    return Buffer.concat([
      Buffer.from('PK\x01\x02\x14\0', 'latin1'),
      fields,
      tail,
      Buffer.from(at.toString(36).padStart(4, '0')),
    ]);
  });
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(directory.length * 50, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, ...directory, end]);
}

/** Gzip in gzip in gzip; each layer alone is harmless. */
export function gzipChain(layers = 200): Buffer {
  let bytes: Buffer = Buffer.from('the words inside');
  for (let layer = 0; layer < layers; layer += 1) bytes = gzipSync(bytes);
  return bytes;
}

/** A million times over, in layers that each stay below the ratio. */
export const gzipLayers = (): Buffer => gzipSync(gzipSync(Buffer.alloc(600 * MB), { level: 1 }), { level: 9 });

/** A `.lzma` header that asks for a dictionary of 4 GB, with next to nothing behind it. */
export function lzmaDictionary(): Buffer {
  const head = Buffer.from([0x5d, 0xff, 0xff, 0xff, 0xff]);
  return Buffer.concat([
    Buffer.from('5d00000004ff', 'hex').subarray(0, 5),
    Buffer.alloc(8, 0xff),
    head,
    Buffer.alloc(64),
  ]);
}

/** An `.xz` stream whose block asks for a dictionary of 4 GB. The xz file format 1.1.0, section 5.3.1. */
export function xzDictionary(): Buffer {
  const flags = Buffer.from([0, 4]);
  const head = Buffer.concat([Buffer.from('fd377a585a00', 'hex'), flags, little(crc32(flags))]);
  const block = Buffer.from([2, 0, 0x21, 1, 40, 0, 0, 0]);
  return Buffer.concat([head, block, little(crc32(block)), Buffer.alloc(64, 1)]);
}

/** A 7z file whose header says that it has a billion entries. 7-Zip's `7zFormat.txt`. */
export function sevenZipEntries(): Buffer {
  // Header, FilesInfo, number of files as a 7z number of four bytes behind its first.
  const header = Buffer.from([0x01, 0x05, 0xf0, 0x00, 0xca, 0x9a, 0x3b, 0x00]);
  const start = Buffer.alloc(20);
  start.writeBigUInt64LE(0n, 0);
  start.writeBigUInt64LE(BigInt(header.length), 8);
  start.writeUInt32LE(crc32(header), 16);
  return Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), little(crc32(start)), start, header]);
}

/** RAR 5 with a main header and a file header that claims a dictionary of 4 GB and a terabyte of data. RAR 5.0 archive format. */
export function rarDictionary(): Buffer {
  const block = (body: Buffer): Buffer => {
    const sized = Buffer.concat([Buffer.from([body.length]), body]);
    return Buffer.concat([little(crc32(sized)), sized]);
  };
  const terabyte = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x20]);
  // type 2, flags: data; data size 16; file flags 0; size; attributes; compression: version 0, method 5, dictionary 15.
  const file = Buffer.concat([
    Buffer.from([2, 2, 16, 0]),
    terabyte,
    Buffer.from([0, 0x80 | 0x80, 0x7a, 1, 5]),
    Buffer.from('a.txt'),
  ]);
  return Buffer.concat([
    Buffer.from('526172211a070100', 'hex'),
    block(Buffer.from([1, 0, 0])),
    block(file),
    Buffer.alloc(16, 7),
    block(Buffer.from([5, 0, 0])),
  ]);
}

/** A tar header of 512 bytes. */
export function tarHeader(name: string, size: number, kind = '0'): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 'latin1');
  block.write('0000644\0', 100, 'latin1');
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.fill(0x20, 148, 156);
  block.write(kind, 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** Entries without content: 512 bytes each. */
export function tarOfMany(entries = 300_000): Buffer {
  const header = tarHeader('a.txt', 0);
  const whole = Buffer.alloc(entries * 512 + 1024);
  for (let at = 0; at < entries; at += 1) header.copy(whole, at * 512);
  return whole;
}

/** A GNU sparse file: 512 bytes that stand for a terabyte. */
export function sparseTar(): Buffer {
  const block = tarHeader('sparse.bin', 512, 'S');
  block.write('00000000000\0', 386, 'latin1');
  block.write('00000001000\0', 398, 'latin1');
  // Real size, in base 256.
  block.set([0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], 483);
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([block, Buffer.alloc(512, 0x61), Buffer.alloc(1024)]);
}

/** A tar header whose size reaches past all numbers. */
export function tarOfClaims(): Buffer {
  return Buffer.concat([tarHeader('huge.bin', 0o77777777777), Buffer.alloc(512, 0x61)]);
}

/** A zip of more entries than any office sends. */
export const zipOfMany = (entries = 60_000): Buffer =>
  makeZip(Array.from({ length: entries }, (_, at) => ({ name: `${at}.txt`, content: 'x' })));

/** A zlib stream of zeros, as PNG and PDF hold them. */
export const zeros = (megabytes: number): Buffer => deflateSync(Buffer.alloc(megabytes * MB), { level: 9 });

export function little(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
