import { randomBytes } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { memorySource } from '../core/byte-source.ts';
import { Budget, DEFAULT_LIMITS } from './budget.ts';
import { readZipEntry } from './zip-entry.ts';

/** Hex of random bytes: large also when deflated. */
const TEXT = Buffer.from(randomBytes(1_500_000).toString('hex'));
const DEFLATED = deflateRawSync(TEXT);
const SECRET = deflateRawSync(Buffer.from('the figure is 4.7%'));

interface Entry {
  readonly data: Uint8Array;
  readonly crc: number;
  readonly claimedSize: number;
}

async function read({ data, crc, claimedSize }: Entry, isPassing = false) {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(8, 8);
  const entry = {
    name: 'a.xml',
    method: 8,
    crc,
    claimedSize,
    compressedSize: data.length,
    headerOffset: 0,
    encrypted: false,
    isFolder: false,
  };
  const chunks: Uint8Array[] = [];
  let fault = '';
  const budget = new Budget(DEFAULT_LIMITS, () => 0);
  try {
    const source = memorySource(Buffer.concat([header, data]));
    for await (const chunk of readZipEntry(source, entry as Parameters<typeof readZipEntry>[1], budget, isPassing))
      chunks.push(Buffer.from(chunk));
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  }
  return { bytes: Buffer.concat(chunks), fault };
}

function gzipTrailer(bytes: Uint8Array): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(bytes), 0);
  trailer.writeUInt32LE(bytes.length, 4);
  return trailer;
}

const GOOD: Entry = { data: DEFLATED, crc: crc32(TEXT), claimedSize: TEXT.length };

describe('a large deflated zip entry', () => {
  it.each([false, true])('is given whole, chunk by chunk (passing: %s)', async (isPassing) => {
    const { bytes, fault } = await read(GOOD, isPassing);
    expect(fault).toBe('');
    expect(bytes.equals(TEXT)).toBe(true);
  });

  it.each([
    ['another checksum', { ...GOOD, crc: 1 }, /checksum/],
    ['a larger size', { ...GOOD, claimedSize: TEXT.length + 1 }, /checksum|as long/],
    ['a size 4 GB larger', { ...GOOD, claimedSize: TEXT.length + 2 ** 32 }, /as long/],
    ['no end', { ...GOOD, data: DEFLATED.subarray(0, -5000) }, /damaged|early/],
    ['a byte after its end', { ...GOOD, data: Buffer.concat([DEFLATED, Buffer.from('x')]) }, /checksum|follow/],
    [
      'words after what looks like the end of a gzip file',
      { ...GOOD, data: Buffer.concat([DEFLATED, gzipTrailer(TEXT), Buffer.alloc(3), SECRET]) },
      /follow/,
    ],
    [
      'a second gzip file after the first',
      {
        ...GOOD,
        data: Buffer.concat([DEFLATED, gzipTrailer(TEXT), Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 0, 3), SECRET]),
      },
      /checksum|as long|follow/,
    ],
  ])('with %s is not taken for whole', async (_, entry, why) => {
    const { bytes, fault } = await read(entry);
    expect(fault).toMatch(why);
    // What could be read came first.
    expect(bytes.length).toBeGreaterThan(1_000_000);
  });
});
