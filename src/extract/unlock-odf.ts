import { crc32 } from 'node:zlib';
import { memorySource } from '../core/byte-source.ts';
import type { ExtractContext, Piece, RawPart } from './extractor.ts';
import { type OdfLock, OdfLocks, openOdfEntry } from './odf-crypto.ts';
import { tryPasswords } from './try-passwords.ts';
import { readXml } from './xml-reader.ts';
import type { ZipEntry } from './zip-directory.ts';
import { locateEntryData, readZipEntry } from './zip-entry.ts';

const CLOSED: Piece = { kind: 'incomplete', step: null, reason: 'encrypted', detail: 'the document needs a password' };

/** An encrypted OpenDocument file opened with one of the passwords at hand; one that stays closed is incomplete. */
export async function* unlockOdf(
  part: RawPart,
  entries: readonly ZipEntry[],
  context: ExtractContext,
): AsyncGenerator<Piece> {
  const manifest = entries.find((entry) => entry.name === 'META-INF/manifest.xml');
  const locks = new OdfLocks();
  if (manifest !== undefined) await readXml(readZipEntry(part.source, manifest, context.budget), locks);
  const byName = new Map(locks.found.map((lock) => [lock.name, lock]));
  const locked = entries.filter((entry) => byName.has(entry.name));
  const first = locked.toSorted((a, b) => a.compressedSize - b.compressedSize)[0];
  if (first === undefined) {
    yield CLOSED;
    return;
  }
  const lockOf = (entry: ZipEntry): OdfLock => byName.get(entry.name) as OdfLock;
  const sealed = await rawBytes(part, first, context);
  const password = await tryPasswords(context, [], (candidate) =>
    openOdfEntry(lockOf(first), candidate, sealed, context.budget) === null ? null : candidate,
  );
  if (password === null) {
    yield CLOSED;
    return;
  }
  const opened: { name: string; bytes: Buffer }[] = [];
  for (const entry of entries.filter((one) => !one.isFolder && one !== manifest)) {
    context.budget.checkTime();
    const bytes = byName.has(entry.name)
      ? openOdfEntry(lockOf(entry), password, await rawBytes(part, entry, context), context.budget)
      : await wholeEntry(part, entry, context);
    if (bytes === null)
      yield { kind: 'incomplete', step: entry.name, reason: 'encrypted', detail: 'the entry has another password' };
    else opened.push({ name: entry.name, bytes });
  }
  // Since LibreOffice 24.2 the whole document is one entry.
  const whole = opened.find(({ name }) => name === 'encrypted-package');
  const source = memorySource(whole?.bytes ?? storedZip(opened));
  yield { kind: 'part', step: 'decrypted', name: part.name, declaredType: null, source };
}

/** An encrypted entry is stored as it is, and its size and checksum are those from before. */
async function rawBytes(part: RawPart, entry: ZipEntry, context: ExtractContext): Promise<Uint8Array> {
  if (entry.method !== 0) return wholeEntry(part, entry, context);
  const { start, end } = await locateEntryData(part.source, entry);
  context.budget.takeBytes(end - start);
  return part.source.read(start, end);
}

async function wholeEntry(part: RawPart, entry: ZipEntry, context: ExtractContext): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readZipEntry(part.source, entry, context.budget)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A zip file of stored entries. */
function storedZip(files: readonly { readonly name: string; readonly bytes: Buffer }[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes } of files) {
    const label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    // Names are UTF-8.
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(label.length, 22);
    const offset = Buffer.alloc(14);
    offset.writeUInt32LE(at, 10);
    bodies.push(Buffer.from('PK\x03\x04', 'latin1'), common, label, bytes);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, offset, label);
    at += 30 + label.length + bytes.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, list, end]);
}
