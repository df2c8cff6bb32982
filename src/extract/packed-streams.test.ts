import { deflateSync } from 'node:zlib';
import { joinedFiles } from './joined-file.ts';

function withStreams(count: number, length: number): Buffer {
  const packed = deflateSync(Buffer.alloc(length, 'words '));
  return Buffer.concat(
    Array.from({ length: count }, () => [Buffer.from('stream\n'), packed, Buffer.from('\n')]).flat(),
  );
}

it('unpacks streams that have lost their object', () => {
  expect([...joinedFiles(withStreams(2, 600))]).toMatchObject([
    { step: 'packed stream 1' },
    { step: 'packed stream 2' },
  ]);
});

it.each([
  ['one that holds more than is unpacked', 1, 17 * 1024 ** 2],
  ['several that do so together', 5, 5 * 1024 ** 2],
  ['more of them than are unpacked', 101, 600],
])('says of %s that it is incomplete', (_, count, length) => {
  expect([...joinedFiles(withStreams(count, length))].at(-1)).toMatchObject({
    kind: 'incomplete',
    reason: 'too-large',
  });
});
