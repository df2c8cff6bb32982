/** A storage is a record of its children, a stream is bytes. */
export interface Storage {
  readonly [name: string]: Storage | Uint8Array;
}

interface Node {
  readonly name: string;
  readonly data: Buffer | null;
  readonly children: number[];
  start: number;
}

const SECTOR = 512;
const END = 0xfffffffe;
const FREE = 0xffffffff;

/** Writes a compound file ([MS-CFB] version 3). Every stream is padded past the mini stream's cutoff, so that none is needed. */
export function makeCompound(root: Storage): Buffer {
  const nodes: Node[] = [{ name: 'Root Entry', data: null, children: [], start: END }];
  const add = (storage: Storage, parent: number): void => {
    for (const [name, value] of Object.entries(storage)) {
      const id = nodes.length;
      const isStream = value instanceof Uint8Array;
      nodes.push({ name, data: isStream ? Buffer.from(value) : null, children: [], start: END });
      (nodes[parent] as Node).children.push(id);
      if (!isStream) add(value, id);
    }
  };
  add(root, 0);
  const sectors: Buffer[] = [];
  const fat: number[] = [];
  const place = (data: Buffer): number => {
    if (data.length === 0) return END;
    const first = sectors.length;
    for (let at = 0; at < data.length; at += SECTOR) {
      const sector = Buffer.alloc(SECTOR);
      data.copy(sector, 0, at);
      sectors.push(sector);
      fat.push(at + SECTOR < data.length ? sectors.length : END);
    }
    return first;
  };
  for (const node of nodes) if (node.data !== null) node.start = place(node.data);
  const directory = Buffer.alloc(Math.ceil(nodes.length / 4) * SECTOR);
  for (const [id, node] of nodes.entries()) {
    const at = id * 128;
    const name = Buffer.from(`${node.name}\0`, 'utf16le');
    name.copy(directory, at);
    directory.writeUInt16LE(name.length, at + 64);
    directory[at + 66] = id === 0 ? 5 : node.data === null ? 1 : 2;
    const siblings = nodes.find((one) => one.children.includes(id))?.children ?? [];
    directory.writeUInt32LE(FREE, at + 68);
    directory.writeUInt32LE(siblings[siblings.indexOf(id) + 1] ?? FREE, at + 72);
    directory.writeUInt32LE(node.children[0] ?? FREE, at + 76);
    directory.writeUInt32LE(node.start, at + 116);
    directory.writeUInt32LE(node.data?.length ?? 0, at + 120);
  }
  const directoryStart = place(directory);
  const fatSectors = Math.ceil((fat.length + 8) / 128);
  const fatStart = sectors.length;
  for (let each = 0; each < fatSectors; each += 1) fat.push(0xfffffffd);
  const table = Buffer.alloc(fatSectors * SECTOR, 0xff);
  for (const [at, next] of fat.entries()) table.writeUInt32LE(next, at * 4);
  const header = Buffer.alloc(SECTOR, 0xff);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
  header.fill(0, 8, 76);
  header.writeUInt16LE(0x3e, 24);
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(fatSectors, 44);
  header.writeUInt32LE(directoryStart, 48);
  // A cutoff of zero: no stream is in the mini stream.
  header.writeUInt32LE(0, 56);
  header.writeUInt32LE(END, 60);
  header.writeUInt32LE(END, 68);
  for (let each = 0; each < fatSectors; each += 1) header.writeUInt32LE(fatStart + each, 76 + each * 4);
  return Buffer.concat([header, ...sectors, table]);
}
