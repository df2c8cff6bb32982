import { crc32 } from 'node:zlib';
import { makeZip } from './make-zip.ts';
import { openBytes } from './open-bytes.ts';

/** A zip file whose one name is these bytes, without the flag for UTF-8, and with extra fields in its directory. */
function zipNamed(name: Buffer, extra: Buffer): Buffer {
  const zip = makeZip([{ name: 'x'.repeat(name.length), content: 'words' }]);
  const directory = zip.indexOf(Buffer.from('504b0102', 'hex'));
  const end = zip.indexOf(Buffer.from('504b0506', 'hex'));
  for (const [header, flags, at] of [
    [0, 6, 30],
    [directory, 8, directory + 46],
  ] as const) {
    zip.writeUInt16LE(0, header + flags);
    name.copy(zip, at);
  }
  zip.writeUInt16LE(extra.length, directory + 30);
  const tail = Buffer.from(zip.subarray(end));
  tail.writeUInt32LE(end - directory + extra.length, 12);
  return Buffer.concat([zip.subarray(0, end), extra, tail]);
}

function unicodePath(name: Buffer, path: string): Buffer {
  const head = Buffer.alloc(9);
  const bytes = Buffer.from(path);
  head.writeUInt16LE(0x7075, 0);
  head.writeUInt16LE(bytes.length + 5, 2);
  head[4] = 1;
  head.writeUInt32LE(crc32(name), 5);
  return Buffer.concat([head, bytes]);
}

const western = Buffer.from('81bersicht.txt', 'latin1');

describe('the names in a zip file', () => {
  it.each([
    [
      'of code page 437',
      zipNamed(Buffer.concat([Buffer.from([0x9a]), Buffer.from('bersicht.txt')]), Buffer.alloc(0)),
      'Übersicht.txt',
    ],
    ['in UTF-8 without saying so', zipNamed(Buffer.from('Größe.txt'), Buffer.alloc(0)), 'Größe.txt'],
    ['with the true one beside it', zipNamed(western, unicodePath(western, '部屋.txt')), '部屋.txt'],
    [
      'changed since the one beside it was written',
      zipNamed(western, unicodePath(Buffer.from('a'), '部屋.txt')),
      '81bersicht.txt',
    ],
  ])('are read %s', async (_, zip, expected) => {
    const opened = await openBytes(zip, { name: 'a.zip' });
    expect(opened.parts.map((part) => part.path)).toContain(`a.zip › ${expected}`);
  });
});
