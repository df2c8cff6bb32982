import type { CompoundEntry } from './compound-file.ts';

const SECTOR = 512;
const MINI = 64;
const CUTOFF = 4096;
const END = 0xfffffffe;
const FREE = 0xffffffff;
const FAT = 0xfffffffd;
const FAT_LIST = 0xfffffffc;
/** Sectors of the allocation table that the header lists; the rest stand in sectors of their own. */
const HEADER_FATS = 109;
/** Numbers in a sector. */
const WORDS = SECTOR / 4;

interface Slot {
  readonly entry: CompoundEntry;
  readonly children: number[];
  next: number;
  start: number;
  size: number;
}

/**
 * A compound file of its own made of a storage, so that an embedded document is opened like any other.
 *
 * Throws `corrupt` where a stream cannot be read. Source: [MS-CFB], version 3.
 */
export function writeCompound(storage: CompoundEntry): Uint8Array {
  const slots: Slot[] = [];
  const add = (entry: CompoundEntry): number => {
    const id = slots.length;
    const slot: Slot = { entry, children: [], next: FREE, start: END, size: 0 };
    slots.push(slot);
    for (const child of entry.children) slot.children.push(add(child));
    for (const [at, child] of slot.children.entries()) (slots[child] as Slot).next = slot.children[at + 1] ?? FREE;
    return id;
  };
  add(storage);
  const sectors = new Sectors(SECTOR);
  const minis = new Sectors(MINI);
  for (const slot of slots) {
    if (slot.entry.kind !== 'stream' || slot.entry.size === 0) continue;
    const bytes = slot.entry.read();
    slot.size = bytes.length;
    slot.start = (bytes.length < CUTOFF ? minis : sectors).place(bytes);
  }
  const root = slots[0] as Slot;
  const miniStream = minis.bytes();
  root.size = miniStream.length;
  root.start = sectors.place(miniStream);
  const miniFat = sectors.place(words(minis.chain, END));
  const directory = sectors.place(writeDirectory(slots));
  const used = sectors.chain.length;
  let fats = 1;
  let lists = 0;
  while (fats * WORDS < used + fats + lists) {
    fats += 1;
    lists = Math.max(0, Math.ceil((fats - HEADER_FATS) / (WORDS - 1)));
  }
  for (let each = 0; each < fats; each += 1) sectors.chain.push(FAT);
  for (let each = 0; each < lists; each += 1) sectors.chain.push(FAT_LIST);
  const header = Buffer.alloc(SECTOR, 0xff);
  header.fill(0, 0, 76);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
  for (const [at, value] of [
    [24, 0x3e],
    [26, 3],
    [28, 0xfffe],
    [30, 9],
    [32, 6],
  ] as const)
    header.writeUInt16LE(value, at);
  for (const [at, value] of [
    [44, fats],
    [48, directory],
    [56, CUTOFF],
    [60, miniFat],
    [64, Math.ceil(minis.chain.length / WORDS)],
    [68, lists > 0 ? used + fats : END],
    [72, lists],
  ] as const)
    header.writeUInt32LE(value, at);
  for (let each = 0; each < Math.min(fats, HEADER_FATS); each += 1) header.writeUInt32LE(used + each, 76 + 4 * each);
  const table = Buffer.alloc(fats * SECTOR, 0xff);
  words(sectors.chain, FREE).copy(table);
  const more = Buffer.alloc(lists * SECTOR, 0xff);
  for (let each = HEADER_FATS; each < fats; each += 1) {
    const at = each - HEADER_FATS;
    more.writeUInt32LE(used + each, 4 * (at + Math.floor(at / (WORDS - 1))));
  }
  for (let each = 0; each < lists; each += 1)
    more.writeUInt32LE(each + 1 < lists ? used + fats + each + 1 : END, (each + 1) * SECTOR - 4);
  return Buffer.concat([header, sectors.bytes(), table, more]);
}

/** Streams laid one after the other in sectors of one size, and the chain that says which follows which. */
class Sectors {
  readonly chain: number[] = [];
  private readonly pieces: Uint8Array[] = [];
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  place(bytes: Uint8Array): number {
    if (bytes.length === 0) return END;
    const first = this.chain.length;
    const count = Math.ceil(bytes.length / this.size);
    for (let each = 1; each < count; each += 1) this.chain.push(first + each);
    this.chain.push(END);
    this.pieces.push(bytes, Buffer.alloc(count * this.size - bytes.length));
    return first;
  }

  bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }
}

/** The siblings of a storage as a chain to the right: a tree that no reader has to balance. */
function writeDirectory(slots: readonly Slot[]): Buffer {
  const directory = Buffer.alloc(Math.ceil(slots.length / 4) * SECTOR);
  for (const [id, { entry, children, next, start, size }] of slots.entries()) {
    const at = id * 128;
    const name = Buffer.from(id === 0 ? 'Root Entry\0' : `${entry.name.slice(0, 31)}\0`, 'utf16le');
    name.copy(directory, at);
    directory.writeUInt16LE(name.length, at + 64);
    directory[at + 66] = id === 0 ? 5 : entry.kind === 'stream' ? 2 : 1;
    directory[at + 67] = 1;
    directory.writeUInt32LE(FREE, at + 68);
    directory.writeUInt32LE(id === 0 ? FREE : next, at + 72);
    directory.writeUInt32LE(children[0] ?? FREE, at + 76);
    directory.writeUInt32LE(start, at + 116);
    directory.writeUInt32LE(size, at + 120);
  }
  return directory;
}

function words(values: readonly number[], fill: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil((values.length * 4) / SECTOR) * SECTOR);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(values[at / 4] ?? fill, at);
  return bytes;
}
