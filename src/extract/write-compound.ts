import type { CompoundEntry } from './compound-file.ts';

const SECTOR = 4096;
const MINI = 64;
const CUTOFF = 4096;
const END = 0xfffffffe;
const FREE = 0xffffffff;
const FAT = 0xfffffffd;
/** What the header can list; more would take sectors of its own. */
const MAX_FAT_SECTORS = 109;

interface Node {
  readonly name: string;
  readonly type: 1 | 2 | 5;
  readonly data: Buffer;
  start: number;
  child: number;
  right: number;
}

/**
 * Writes a storage as a compound file of its own, so that an object embedded in another file is opened as what it is.
 *
 * [MS-CFB], version 4. Null for a storage of over 450 MB. A stream that cannot be read makes it throw `Unreadable`.
 */
export function writeCompound(storage: CompoundEntry): Buffer | null {
  const nodes: Node[] = [];
  const add = (entry: CompoundEntry, type: Node['type']): number => {
    const id = nodes.length;
    const data = type === 2 ? Buffer.from(entry.read()) : Buffer.alloc(0);
    const node: Node = { name: entry.name, type, data, start: END, child: FREE, right: FREE };
    nodes.push(node);
    let last: Node | null = null;
    for (const child of entry.children) {
      const at = add(child, child.kind === 'stream' ? 2 : 1);
      if (last === null) node.child = at;
      else last.right = at;
      last = nodes[at] as Node;
    }
    return id;
  };
  add(storage, 5);

  const sectors: Buffer[] = [];
  const fat: number[] = [];
  const place = (data: Buffer): number => {
    const first = sectors.length;
    for (let at = 0; at < data.length; at += SECTOR) {
      const sector = Buffer.alloc(SECTOR);
      data.copy(sector, 0, at);
      sectors.push(sector);
      fat.push(at + SECTOR < data.length ? sectors.length : END);
    }
    return data.length === 0 ? END : first;
  };
  const mini: Buffer[] = [];
  const miniFat: number[] = [];
  for (const node of nodes) {
    if (node.type !== 2 || node.data.length === 0) continue;
    if (node.data.length >= CUTOFF) {
      node.start = place(node.data);
      continue;
    }
    node.start = miniFat.length;
    const count = Math.ceil(node.data.length / MINI);
    mini.push(node.data, Buffer.alloc(count * MINI - node.data.length));
    for (let each = 1; each <= count; each += 1) miniFat.push(each === count ? END : miniFat.length + 1);
  }
  const miniStream = Buffer.concat(mini);
  const root = nodes[0] as Node;
  root.start = place(miniStream);
  const miniFatStart = place(words(miniFat));
  const directoryStart = place(Buffer.concat(nodes.map((node) => entryOf(node, miniStream.length))));
  let fatSectors = 0;
  while (fatSectors * (SECTOR / 4) < fat.length + fatSectors) fatSectors += 1;
  if (fatSectors > MAX_FAT_SECTORS) return null;
  const fatStart = sectors.length;
  for (let each = 0; each < fatSectors; each += 1) fat.push(FAT);
  const header = Buffer.alloc(SECTOR);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
  header.writeUInt16LE(0x3e, 24);
  header.writeUInt16LE(4, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(12, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(Math.ceil((nodes.length * 128) / SECTOR), 40);
  header.writeUInt32LE(fatSectors, 44);
  header.writeUInt32LE(directoryStart, 48);
  header.writeUInt32LE(CUTOFF, 56);
  header.writeUInt32LE(miniFatStart, 60);
  header.writeUInt32LE(Math.ceil((miniFat.length * 4) / SECTOR), 64);
  header.writeUInt32LE(END, 68);
  for (let each = 0; each < MAX_FAT_SECTORS; each += 1)
    header.writeUInt32LE(each < fatSectors ? fatStart + each : FREE, 76 + each * 4);
  return Buffer.concat([header, ...sectors, words(fat)]);
}

function entryOf(node: Node, miniLength: number): Buffer {
  const raw = Buffer.alloc(128);
  const name = Buffer.from(`${node.type === 5 ? 'Root Entry' : node.name.slice(0, 31)}\0`, 'utf16le');
  name.copy(raw);
  raw.writeUInt16LE(name.length, 64);
  raw[66] = node.type;
  raw[67] = 1;
  raw.writeUInt32LE(FREE, 68);
  raw.writeUInt32LE(node.right, 72);
  raw.writeUInt32LE(node.child, 76);
  raw.writeUInt32LE(node.start, 116);
  raw.writeUInt32LE(node.type === 5 ? miniLength : node.data.length, 120);
  return raw;
}

/** Numbers as sectors, the rest of the last one free. */
function words(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil((numbers.length * 4) / SECTOR) * SECTOR, 0xff);
  for (const [at, number] of numbers.entries()) bytes.writeUInt32LE(number, at * 4);
  return bytes;
}
