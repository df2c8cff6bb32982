import { crc32, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { openBytes, textByPath } from './open-bytes.ts';

const WORDS = 'The words inside';

async function show(bytes: Uint8Array, name = 'file'): Promise<Readonly<Record<string, string>>> {
  return textByPath(await openBytes(bytes, { name }));
}

describe('a gzip file', () => {
  const first = gzipSync('the first member\n');

  it('with text after its end shows both', async () => {
    const shown = await show(Buffer.concat([first, Buffer.from('words that follow the end')]), 'a.txt.gz');
    expect(shown).toMatchObject({
      'a.txt.gz › a.txt': 'the first member\n',
      'a.txt.gz › after the end': 'words that follow the end',
    });
  });

  it('of a member cut off shows what there is and says so', async () => {
    const second = gzipSync(`${WORDS} ${'and on '.repeat(20)}`);
    const shown = await show(Buffer.concat([first, second.subarray(0, second.length - 12)]), 'a.txt.gz');
    expect(shown['a.txt.gz › a.txt']).toContain(`the first member\n${WORDS}`);
    expect(shown['a.txt.gz']).toBe('!corrupt');
  });

  it('whose checksum is wrong is never whole', async () => {
    const broken = Buffer.from(first);
    broken.writeUInt32LE(1, broken.length - 8);
    expect(Object.values(await show(broken))).toContain('!corrupt');
  });
});

describe('an lzip file', () => {
  const [first, second] = [
    '4c5a4950011000229b4a06de6e661e60d6cc23b23de7f7320aaa15efffde8a00007a4cb03f10000000000000003500000000000000',
    '4c5a4950011000309d000270e6021e704c1bcb982426b54c599ae1abfffb24c0002401775010000000000000003500000000000000',
  ].map((hex) => Buffer.from(hex, 'hex')) as [Buffer, Buffer];

  it('of two members shows what both say together', async () => {
    const shown = await show(Buffer.concat([first, second]), 'a.txt.lz');
    expect(shown['a.txt.lz › a.txt']).toBe('Employment rate at 74.0 per cent');
    expect(Object.values(shown)).not.toContain('!corrupt');
  });

  it('with bytes after its end shows both', async () => {
    const shown = await show(Buffer.concat([first, second, Buffer.from('words that follow the end')]), 'a.txt.lz');
    expect(shown).toMatchObject({
      'a.txt.lz › a.txt': 'Employment rate at 74.0 per cent',
      'a.txt.lz › after the end': 'words that follow the end',
    });
  });

  it('as an LZMA file of other properties and a dictionary of its own is known as one', async () => {
    const head = Buffer.from('5d00001800ffffffffffffffff', 'hex');
    const shown = await show(Buffer.concat([head, first.subarray(6, first.length - 20)]), 'a.txt.lzma');
    expect(shown['a.txt.lzma › a.txt']).toBe('Employment rate ');
  });

  it.each<[what: string, file: Buffer]>([
    ['cut off', first.subarray(0, 33)],
    ['with a wrong checksum', Buffer.from(first.toString('hex').replace('7a4cb03f', '00000000'), 'hex')],
    ['of a header alone', first.subarray(0, 6)],
  ])('%s is never whole', async (_what, file) => {
    expect(Object.values(await show(file, 'a.txt.lz'))).toContain('!corrupt');
  });
});

describe('an LZ4 file as it was before 2013', () => {
  const block = (text: string): Buffer =>
    Buffer.from([text.length + 2, 0, 0, 0, 0xf0, text.length - 15, ...Buffer.from(text)]);
  const magic = Buffer.from('02214c18', 'hex');

  it('shows its blocks, and the frame that follows', async () => {
    const file = Buffer.concat([
      magic,
      block('Employment rate '),
      block('at 74.0 per cent '),
      magic,
      block('in three months.'),
    ]);
    expect((await show(file, 'a.txt.lz4'))['a.txt.lz4 › a.txt']).toBe(
      'Employment rate at 74.0 per cent in three months.',
    );
  });

  it('that is cut off is never whole', async () => {
    const shown = await show(Buffer.concat([magic, block('Employment rate ').subarray(0, 12)]), 'a.txt.lz4');
    expect(Object.values(shown)).toContain('!corrupt');
  });
});

describe('a gzip file with a name in UTF-8', () => {
  it('shows it as it was written', async () => {
    const packed = gzipSync('x');
    const head = Buffer.from(packed.subarray(0, 10));
    head[3] = 8;
    const named = Buffer.concat([head, Buffer.from('données août.csv\0'), packed.subarray(10)]);
    expect(Object.keys(await show(named, 'a.gz'))).toContain('a.gz › données août.csv');
  });
});

describe('a Zstandard file', () => {
  const frame = (text: string): Buffer => zstdCompressSync(text);

  it('of several frames shows all of them', async () => {
    const shown = await show(Buffer.concat([frame('one '), frame('two '), frame('x'.repeat(300_000))]), 'a.txt.zst');
    expect(shown['a.txt.zst › a.txt']).toBe(`one two ${'x'.repeat(300_000)}`);
  });

  it('shows what stands beside the frames', async () => {
    const skipped = Buffer.concat([
      Buffer.from('502a4d18', 'hex'),
      Buffer.from([WORDS.length, 0, 0, 0]),
      Buffer.from(WORDS),
    ]);
    const shown = await show(Buffer.concat([skipped, frame('one'), Buffer.from('and what follows')]), 'a.txt.zst');
    expect(Object.values(shown)).toEqual(expect.arrayContaining(['one', WORDS, 'and what follows']));
  });

  it('cut off shows what there is and says so', async () => {
    const whole = frame(`${WORDS} ${Array.from({ length: 9000 }, (_, at) => at * 7919).join(' ')}`);
    expect(Object.values(await show(whole.subarray(0, whole.length - 9)))).toContain('!corrupt');
  });
});

function field(block: Buffer, at: number, value: string): void {
  block.write(value, at, 'latin1');
}

/** A tar header of the kind, with its checksum. */
function tarHeader(name: string, size: number, kind: string, change?: (block: Buffer) => void): Buffer {
  const block = Buffer.alloc(512);
  field(block, 0, name);
  field(block, 124, size.toString(8).padStart(11, '0'));
  field(block, 148, ' '.repeat(8));
  field(block, 156, kind);
  field(block, 257, 'ustar\0' + '00');
  change?.(block);
  const sum = block.reduce((all, byte) => all + byte, 0);
  field(block, 148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}

const padded = (text: string): Buffer => Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, '\0'));

it.each([['5'], ['0'], ['\0']])(
  'shows what follows a folder of a tar archive that says a size and has no bytes: %j',
  async (kind) => {
    const file = Buffer.concat([tarHeader('d/', 1, kind), tarHeader('d/a.txt', WORDS.length, '0'), padded(WORDS)]);
    expect((await show(file, 'a.tar'))['a.tar › d/a.txt']).toBe(WORDS);
  },
);

describe('a sparse file in a tar archive', () => {
  it('of GNU has its list of pieces before its text, in blocks of its own', async () => {
    const more = Buffer.alloc(512);
    const archive = Buffer.concat([
      tarHeader('sparse.txt', WORDS.length, 'S', (block) => block.writeUInt8(1, 482)),
      more,
      padded(WORDS),
      tarHeader('next.txt', 4, '0'),
      padded('next'),
      Buffer.alloc(1024),
    ]);
    expect(await show(archive)).toMatchObject({ 'file › sparse.txt': WORDS, 'file › next.txt': 'next' });
  });

  it('of pax has its list as lines in the data, and its name in a record', async () => {
    const records = ['22 GNU.sparse.major=1\n', '22 GNU.sparse.minor=0\n', '31 GNU.sparse.name=report.txt\n'].join('');
    const archive = Buffer.concat([
      tarHeader('PaxHeaders/x', records.length, 'x'),
      padded(records),
      tarHeader('GNUSparseFile.1/report.txt', 512 + WORDS.length, '0'),
      padded(`1\n4096\n${WORDS.length}\n`),
      padded(WORDS),
      Buffer.alloc(1024),
    ]);
    expect(await show(archive)).toMatchObject({ 'file › report.txt': WORDS });
  });
});

/** A zip as a streaming writer leaves it: wide records at the end although nothing needs them. */
function makeStreamedZip(): Buffer {
  const name = Buffer.from('a.txt');
  const data = Buffer.from(WORDS);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50);
  local.writeUInt32LE(crc32(data), 14);
  local.writeUInt32LE(data.length, 18);
  local.writeUInt32LE(data.length, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50);
  local.copy(central, 16, 14, 30);
  const offset = local.length + name.length + data.length;
  const size = central.length + name.length;
  const wide = Buffer.alloc(56 + 20);
  wide.writeUInt32LE(0x06064b50);
  wide.writeBigUInt64LE(44n, 4);
  wide.writeBigUInt64LE(1n, 24);
  wide.writeBigUInt64LE(1n, 32);
  wide.writeBigUInt64LE(BigInt(size), 40);
  wide.writeBigUInt64LE(BigInt(offset), 48);
  wide.writeUInt32LE(0x07064b50, 56);
  wide.writeBigUInt64LE(BigInt(offset + size), 64);
  wide.writeUInt32LE(1, 72);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([local, name, data, central, name, wide, end]);
}

it('a zip with wide end records that it does not need is read', async () => {
  expect(await show(makeStreamedZip())).toMatchObject({ 'file › a.txt': WORDS });
});

it('an LZ4 frame is expanded: literals, then a match that repeats them', async () => {
  const block = Buffer.concat([
    Buffer.from([0xc2]),
    Buffer.from('again again '),
    Buffer.from([6, 0, 0x50]),
    Buffer.from('done.'),
  ]);
  const head = Buffer.from('04224d1860400000', 'hex');
  head[6] = 0;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(block.length);
  const frame = Buffer.concat([head.subarray(0, 7), size, block, Buffer.alloc(4)]);
  expect(await show(frame, 'a.txt.lz4')).toMatchObject({ 'a.txt.lz4 › a.txt': 'again again again done.' });
});

describe('what no reader opens', () => {
  it.each([
    ['an Outlook data file', Buffer.from('!BDN')],
    ['an Access database', Buffer.from('\0\x01\0\0Standard Jet DB\0', 'latin1')],
    ['a WordPerfect document', Buffer.from('\xffWPC\x10\0', 'latin1')],
    ['bytes of no kind', Buffer.from([1, 2, 0, 255, 254])],
  ])('%s shows its strings and is never clean', async (_, head) => {
    const wide = Buffer.from('Ωμέγα κείμενο', 'utf16le');
    const shown = await show(Buffer.concat([head, Buffer.alloc(9, 1), Buffer.from(WORDS), Buffer.alloc(9, 2), wide]));
    expect(shown).toMatchObject({ file: '!unsupported' });
    expect(shown['file › strings']).toContain(WORDS);
    expect(shown['file › strings']).toContain('Ωμέγα κείμενο');
  });

  it('a OneNote section shows its strings, and the files inside as parts', async () => {
    const inner = Buffer.from('a file on a page');
    const head = Buffer.alloc(36);
    Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac', 'hex').copy(head);
    head.writeBigUInt64LE(BigInt(inner.length), 16);
    const section = Buffer.concat([
      Buffer.from('e4525c7b8cd8a74daeb15378d02996d3', 'hex'),
      Buffer.from(WORDS, 'utf16le'),
      head,
      inner,
      Buffer.alloc(8),
    ]);
    const shown = await show(section);
    expect(shown).toMatchObject({ 'file › file 1': 'a file on a page', 'file › pages': '!unsupported' });
    expect(shown['file › strings']).toContain(WORDS);
  });

  it('a part of an iWork document shows its strings, unpacked', async () => {
    const packed = Buffer.concat([
      Buffer.from([WORDS.length + 5, (WORDS.length - 1) << 2]),
      Buffer.from(WORDS),
      Buffer.from([((5 - 4) << 2) | 1, 6]),
    ]);
    const head = Buffer.from([0, packed.length, 0, 0]);
    const shown = await show(Buffer.concat([head, packed]));
    expect(shown).toMatchObject({ file: `${WORDS}insid`, 'file › objects': '!unsupported' });
  });
});
