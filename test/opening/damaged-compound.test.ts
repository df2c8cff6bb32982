import { incompleteParts } from '../../src/core/part.ts';
import { makeCompound } from './make-compound.ts';
import { makeMsg } from './make-outlook.ts';
import { makeZip } from './make-zip.ts';
import { allText, openBytes } from './open-bytes.ts';

const WORDS = 'Employment rate at 74.0 per cent';
const SECTOR = 512;

/** Streams of one sector each, in the order given; the directory and the table follow them. */
function message(): Buffer {
  return makeMsg({ '0037001F': 'papers', '1000001F': WORDS });
}

function object(): Buffer {
  return makeCompound({
    Contents: Buffer.from(`${WORDS}. ${'x'.repeat(5000)}`),
    Package: Buffer.from('Nothing here.'),
  });
}

/** Offset of a directory entry by its place. */
function entryAt(file: Buffer, id: number): number {
  return (file.readUInt32LE(48) + 1) * SECTOR + id * 128;
}

function changed(file: Buffer, change: (file: Buffer) => void): Buffer {
  change(file);
  return file;
}

const BODY = 3;

const files: readonly (readonly [damage: string, file: () => Buffer])[] = [
  [
    'the name of the body is damaged',
    () => changed(message(), (file) => file.writeUInt16LE(0x2075, entryAt(message(), BODY) + 6)),
  ],
  [
    'the id of the body is no number',
    () => changed(message(), (file) => file.write('x', entryAt(message(), BODY) + 28, 'utf16le')),
  ],
  [
    'the type of the body is none of text',
    () => changed(message(), (file) => file.write('3', entryAt(message(), BODY) + 38, 'utf16le')),
  ],
  [
    'the entry of the body is dead',
    () => changed(message(), (file) => file.writeUInt8(0, entryAt(message(), BODY) + 66)),
  ],
  [
    'no entry leads to the body',
    () => changed(message(), (file) => file.writeUInt32LE(0xffffffff, entryAt(message(), BODY - 1) + 72)),
  ],
  [
    'the body is said to be empty',
    () => changed(message(), (file) => file.writeUInt32LE(0, entryAt(message(), BODY) + 120)),
  ],
  [
    'a stream begins in a sector that is not there',
    () => changed(object(), (file) => file.writeUInt32LE(0x200000, entryAt(object(), 1) + 116)),
  ],
  [
    'a stream begins in the sector of another',
    () => changed(object(), (file) => file.writeUInt32LE(3, entryAt(object(), 1) + 116)),
  ],
  [
    'a stream is said to be far longer than it is',
    () => changed(object(), (file) => file.writeUInt32LE(0x7fffffff, entryAt(object(), 1) + 120)),
  ],
  [
    'a chain ends after its first sector',
    () => changed(object(), (file) => file.writeUInt32LE(0xfffffffe, (file.readUInt32LE(76) + 1) * SECTOR)),
  ],
  [
    'a chain runs in a circle',
    () => changed(object(), (file) => file.writeUInt32LE(0, (file.readUInt32LE(76) + 1) * SECTOR + 4)),
  ],
  ['the root is dead', () => changed(object(), (file) => file.writeUInt8(0, entryAt(object(), 0) + 66))],
];

describe('a damaged compound file', () => {
  it.each(files)('gives its words and is incomplete where %s', async (_damage, file) => {
    const opened = await openBytes(file());
    expect(allText(opened)).toContain('74.0 per cent');
    expect(incompleteParts(opened).map(({ reason }) => reason)).toContain('corrupt');
  });

  it.each<readonly [string, () => Buffer]>([
    [
      'its table of sectors and part of the body changed places',
      () =>
        changed(message(), (file) => {
          const table = (file.readUInt32LE(76) + 1) * SECTOR + 21;
          const body = file.subarray(file.indexOf(WORDS, 0, 'utf16le'));
          file.write(WORDS, table, 'utf16le');
          body.fill(0xff, 0, WORDS.length * 2);
        }),
    ],
    [
      'the words stand in the header, among the places of its tables',
      () =>
        changed(object(), (file) => {
          file.fill(0x78, file.indexOf(WORDS), file.indexOf(WORDS) + WORDS.length);
          file.write(WORDS, 415);
        }),
    ],
  ])('gives its words where %s', async (_, file) => {
    expect(allText(await openBytes(file()))).toContain('74.0 per cent');
  });

  it.each([
    ['message', message],
    ['object', object],
  ])('is told from a %s that is whole', async (_kind, file) => {
    expect(incompleteParts(await openBytes(file()))).toEqual([]);
  });
});

describe('a compound file', () => {
  it('gives what was deleted in it, and is complete', async () => {
    const deleted = Buffer.alloc(SECTOR);
    deleted.write(WORDS, 'utf16le');
    const opened = await openBytes(Buffer.concat([object(), deleted]));
    expect(allText(opened)).toContain(WORDS);
    expect(incompleteParts(opened)).toEqual([]);
  });

  it('gives what stands behind the end of a stream in its last sector', async () => {
    const file = object();
    file.write(WORDS.replace('74.0', '75.0'), file.indexOf('Nothing here.') + 100);
    expect(allText(await openBytes(file))).toContain('75.0 per cent');
  });

  it('is opened with the archive that was joined to it', async () => {
    const archive = makeZip([
      { name: 'note.txt', content: Buffer.from(`${WORDS.replace('74.0', '75.0')} `.repeat(20)) },
    ]);
    expect(allText(await openBytes(Buffer.concat([object(), archive])))).toContain('75.0 per cent');
  });

  it('gives the words behind a zero in a property of a message', async () => {
    expect(allText(await openBytes(makeMsg({ '1000001F': `Good morning\0${WORDS}` })))).toContain(WORDS);
  });
});
