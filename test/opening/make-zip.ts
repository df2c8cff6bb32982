import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** What the directory says instead of the truth. */
  readonly claimedSize?: number;
  readonly flags?: number;
}

/** A zip file in memory, deflated, with what its directory claims under the test's control. */
export function makeZip(parts: readonly ZipPart[], comment = ''): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claimedSize, flags = 0 } of parts) {
    const bytes = Buffer.from(content as string);
    const data = deflateRawSync(bytes);
    const label = Buffer.from(name);
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt16LE(flags | 0x800, 2);
    fixed.writeUInt16LE(8, 4);
    fixed.writeUInt32LE(crc32(bytes), 10);
    fixed.writeUInt32LE(data.length, 14);
    fixed.writeUInt32LE(claimedSize ?? bytes.length, 18);
    fixed.writeUInt16LE(label.length, 22);
    local.push(word(0x04034b50), fixed, label, data);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    central.push(word(0x02014b50), half(20), fixed.subarray(0, 26), place, label);
    offset += 30 + label.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  end.writeUInt16LE(comment.length, 16);
  return Buffer.concat([...local, directory, word(0x06054b50), end, Buffer.from(comment)]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function half(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
