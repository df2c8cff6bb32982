import { type ByteSource, readAll } from '../core/byte-source.ts';
import { Unreadable } from './unreadable.ts';

/** A storage (folder) or stream (file) of a compound file; names are unique within a storage. */
export interface CompoundEntry {
  readonly name: string;
  readonly kind: 'storage' | 'stream' | 'root';
  readonly size: number;
  readonly children: readonly CompoundEntry[];
  /** The stream's bytes; throws `corrupt` where its chain is broken. */
  read(): Uint8Array;
}

/** The stream of that name in a storage; names are compared without case, as the format does. */
export function findStream(storage: CompoundEntry, name: string): CompoundEntry | null {
  const lower = name.toLowerCase();
  return storage.children.find((entry) => entry.kind === 'stream' && entry.name.toLowerCase() === lower) ?? null;
}

const FREE = 0xffffffff;
const END = 0xfffffffe;

/** A stream as the directory has it, whether or not the tree leads to it. */
export interface CompoundSlot {
  readonly size: number;
  readonly isReached: boolean;
  /** The sectors of its chain, in order; of the mini stream where `isMini`. */
  readonly chain: readonly number[];
  readonly isMini: boolean;
}

/** Where in the file everything lies, so that what no stream holds can be told. */
export interface CompoundLayout {
  readonly sectorSize: number;
  readonly miniSize: number;
  /** Follower of each sector: 0xffffffff where it is free. */
  readonly fat: Uint32Array;
  readonly miniStream: Buffer;
  /** Sectors that the file needs for itself: tables, directory, mini stream. */
  readonly own: readonly number[];
  readonly slots: readonly CompoundSlot[];
  /** Links of the directory that lead to no entry. */
  readonly brokenLinks: number;
  /** The header behind its signature, the tables and the directory, without the names of entries that the tree leads to. */
  readonly bookkeeping: readonly Uint8Array[];
}

/**
 * Reads the tree of a compound file (OLE2 structured storage): `.doc`, `.xls`, `.ppt`, `.msg`, encrypted OOXML.
 *
 * Loops in sector chains and in the directory end as `corrupt`. Source: [MS-CFB].
 */
export function readCompoundFile(bytes: Uint8Array): CompoundEntry {
  return openCompound(bytes).root;
}

/** The same with the file's layout, which is worked out when it is asked for. */
export function openCompound(bytes: Uint8Array): { readonly root: CompoundEntry; layout(): CompoundLayout } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 512) throw new Unreadable('corrupt', 'the compound file is cut off');
  const sectorSize = 1 << file.readUInt16LE(30);
  const miniSize = 1 << file.readUInt16LE(32);
  if (sectorSize < 128 || sectorSize > 65_536 || miniSize > sectorSize)
    throw new Unreadable('corrupt', 'the compound file has no sensible sector size');
  const sector = (id: number): Buffer => file.subarray((id + 1) * sectorSize, (id + 2) * sectorSize);
  const { fat, tables } = readFat(file, sector, sectorSize);
  const chain = (start: number, table: Uint32Array, limit: number): number[] => {
    const ids: number[] = [];
    for (let id = start; id < END && ids.length <= limit; id = table[id] ?? END) {
      if (id >= table.length) break;
      ids.push(id);
    }
    if (ids.length > limit) throw new Unreadable('corrupt', 'a chain of the compound file runs in a circle');
    return ids;
  };
  const readChain = (start: number): Buffer => Buffer.concat(chain(start, fat, fat.length).map(sector));
  const directory = readChain(file.readUInt32LE(48));
  const miniFat = words(readChain(file.readUInt32LE(60)));
  const miniStream = directory.length >= 128 ? readChain(directory.readUInt32LE(116)) : Buffer.alloc(0);
  const cutoff = file.readUInt32LE(56);

  const seen = new Set<number>();
  let brokenLinks = 0;
  const entryAt = (id: number): { entry: CompoundEntry; left: number; right: number } | null => {
    if (id === FREE) return null;
    const raw = directory.subarray(id * 128, id * 128 + 128);
    const type = raw[66];
    if (seen.has(id) || raw.length < 128 || (type !== 1 && type !== 2 && type !== 5)) {
      brokenLinks += 1;
      return null;
    }
    seen.add(id);
    const name = raw.toString('utf16le', 0, Math.max(0, Math.min(64, raw.readUInt16LE(64)) - 2));
    const start = raw.readUInt32LE(116);
    const size = raw.readUInt32LE(120);
    const read = (): Uint8Array => {
      if (size === 0) return new Uint8Array();
      if (size >= cutoff) return readChain(start).subarray(0, size);
      const pieces = chain(start, miniFat, miniFat.length).map((each) =>
        miniStream.subarray(each * miniSize, (each + 1) * miniSize),
      );
      return Buffer.concat(pieces).subarray(0, size);
    };
    const children = type === 2 ? [] : siblings(raw.readUInt32LE(76));
    const kind = type === 2 ? 'stream' : type === 5 ? 'root' : 'storage';
    return { entry: { name, kind, size, children, read }, left: raw.readUInt32LE(68), right: raw.readUInt32LE(72) };
  };
  const siblings = (first: number): CompoundEntry[] => {
    const found: CompoundEntry[] = [];
    const waiting = [first];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const one = entryAt(id);
      if (one === null) continue;
      found.push(one.entry);
      waiting.push(one.right, one.left);
    }
    return found;
  };
  const root = entryAt(0);
  if (root === null) throw new Unreadable('corrupt', 'the compound file has no root');
  const layout = (): CompoundLayout => {
    const slots: CompoundSlot[] = [];
    // Each sector belongs to one chain; damaged chains may share them all, and are not followed for ever.
    let left = 2 * (fat.length + miniFat.length);
    const follow = (start: number, table: Uint32Array): readonly number[] => {
      const ids: number[] = [];
      for (let id = start; id < table.length && left > 0; id = table[id] ?? END) {
        ids.push(id);
        left -= 1;
      }
      return ids;
    };
    const starts = [file.readUInt32LE(48), file.readUInt32LE(60), directory.readUInt32LE(116)];
    const own = [...tables, ...starts.flatMap((start) => follow(start, fat))];
    for (let id = 1; (id + 1) * 128 <= directory.length; id += 1) {
      const raw = directory.subarray(id * 128, id * 128 + 128);
      if (raw[66] !== 2) continue;
      const size = raw.readUInt32LE(120);
      const isMini = size < cutoff;
      const ids = size === 0 ? [] : follow(raw.readUInt32LE(116), isMini ? miniFat : fat);
      slots.push({ size, isReached: seen.has(id), chain: ids, isMini });
    }
    const names = Buffer.from(directory);
    for (const id of seen) if (id > 0 || isRootName(directory)) names.fill(0, id * 128, id * 128 + 64);
    const bookkeeping = [file.subarray(8, sectorSize), ...tables.map(sector), asBytes(miniFat), names];
    return { sectorSize, miniSize, fat, miniStream, own, slots, brokenLinks, bookkeeping };
  };
  return { root: root.entry, layout };
}

/** The media type of a compound file by the streams in its root. */
export async function detectCompoundType(source: ByteSource): Promise<string> {
  let names: ReadonlySet<string>;
  try {
    names = new Set(readCompoundFile(await readAll(source)).children.map((entry) => entry.name.toLowerCase()));
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return 'application/x-ole-storage';
    throw error;
  }
  if (names.has('encryptedpackage')) return 'application/x-ole-encrypted-package';
  if (names.has('__properties_version1.0')) return 'application/vnd.ms-outlook';
  if (names.has('worddocument')) return 'application/msword';
  if (names.has('workbook') || names.has('book')) return 'application/vnd.ms-excel';
  if (names.has('powerpoint document') || names.has('pp40')) return 'application/vnd.ms-powerpoint';
  return 'application/x-ole-storage';
}

function readFat(file: Buffer, sector: (id: number) => Buffer, sectorSize: number) {
  const ids: number[] = [];
  for (let at = 76; at < 512; at += 4) ids.push(file.readUInt32LE(at));
  const seen = new Set<number>();
  const perSector = sectorSize / 4 - 1;
  for (let next = file.readUInt32LE(68); next < END && !seen.has(next); ) {
    seen.add(next);
    const page = sector(next);
    if (page.length < sectorSize) break;
    for (let at = 0; at < perSector; at += 1) ids.push(page.readUInt32LE(at * 4));
    next = page.readUInt32LE(perSector * 4);
  }
  const tables = ids.filter((id) => id < END);
  const fat = words(Buffer.concat(tables.map(sector)));
  return { fat, tables: [...tables, ...seen] };
}

/** The root is shown under no name, so that its own is no words. */
function isRootName(directory: Buffer): boolean {
  return /^R(oot Entry)?\0*$/i.test(directory.toString('utf16le', 0, 64));
}

function words(bytes: Buffer): Uint32Array {
  const found = new Uint32Array(bytes.length >> 2);
  for (let at = 0; at < found.length; at += 1) found[at] = bytes.readUInt32LE(at * 4);
  return found;
}

function asBytes(table: Uint32Array): Uint8Array {
  return new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
}
