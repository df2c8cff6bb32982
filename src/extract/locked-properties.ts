import { type BinaryKey, xor } from './binary-cipher.ts';

/** More streams than this is no list of properties. */
const MAX_STREAMS = 64;

/** The property streams that RC4 CryptoAPI keeps in a stream of its own, by name. [MS-OFFCRYPTO] 2.3.5.4. */
export function lockedProperties(stream: Buffer, key: BinaryKey): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  if (stream.length < 8) return found;
  const head = xor(stream.subarray(0, 8), key.keyStream(0, 8));
  const [start, size] = [head.readUInt32LE(0), head.readUInt32LE(4)];
  const list = xor(stream.subarray(start, start + size), key.keyStream(0, size & 0xfffff));
  if (list.length < 4) return found;
  const count = Math.min(list.readUInt32LE(0), MAX_STREAMS);
  for (let each = 0, at = 4; each < count && at + 16 <= list.length; each += 1) {
    const [offset, length, block] = [list.readUInt32LE(at), list.readUInt32LE(at + 4), list.readUInt16LE(at + 8)];
    const nameLength = list[at + 10] as number;
    const name = list.toString('utf16le', at + 16, at + 16 + nameLength * 2);
    const bytes = stream.subarray(offset, offset + length);
    found.set(name, xor(bytes, key.keyStream(block, bytes.length)));
    at += 16 + (nameLength + 1) * 2;
  }
  return found;
}
