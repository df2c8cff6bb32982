import { once } from 'node:events';
import { crc32, createDeflateRaw } from 'node:zlib';

/**
 * Writes a zip container (PKWARE APPNOTE 4.3) of deflated parts without extras, each given whole or as it is made; equal parts
 * give equal bytes.
 */
export async function writeZip(
  parts: Readonly<Record<string, string | Iterable<string>>>,
  level: number,
): Promise<Buffer> {
  const deflated = Object.entries(parts).map(async ([name, content]) => {
    const chunks = typeof content === 'string' ? [content] : content;
    return { name, ...(await deflate(chunks, level)) };
  });
  return zip(await Promise.all(deflated));
}

interface Deflated {
  readonly data: Buffer;
  readonly size: number;
  readonly crc: number;
}

async function deflate(chunks: Iterable<string>, level: number): Promise<Deflated> {
  const stream = createDeflateRaw({ level });
  const out: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => out.push(chunk));
  const ended = once(stream, 'end');
  let size = 0;
  let crc = 0;
  let pending: string[] = [];
  const flush = async () => {
    const bytes = Buffer.from(pending.join(''));
    pending = [];
    size += bytes.length;
    crc = crc32(bytes, crc);
    if (!stream.write(bytes)) await once(stream, 'drain');
  };
  for (const chunk of chunks) {
    pending.push(chunk);
    if (pending.length >= 500) await flush();
  }
  await flush();
  stream.end();
  await ended;
  return { data: Buffer.concat(out), size, crc };
}

function zip(parts: readonly (Deflated & { readonly name: string })[]): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const name = Buffer.from(part.name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt16LE(0x2821, 8); // 1 January 2000, so that equal content gives equal bytes
    fields.writeUInt32LE(part.crc, 10);
    fields.writeUInt32LE(part.data.length, 14);
    fields.writeUInt32LE(part.size, 18);
    fields.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    const header = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name]);
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), fields, tail, name);
    local.push(header, part.data);
    offset += header.length + part.data.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, entries, end]);
}
