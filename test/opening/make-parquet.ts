type Field = readonly [id: number, type: number, bytes: Buffer];

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}

/** A struct in Thrift's compact protocol. */
function struct(...fields: readonly Field[]): Buffer {
  let before = 0;
  const pieces = fields.map(([id, type, bytes]) => {
    const head = Buffer.from([((id - before) << 4) | type]);
    before = id;
    return Buffer.concat([head, bytes]);
  });
  return Buffer.concat([...pieces, Buffer.from([0])]);
}

const int = (id: number, value: number): Field => [id, 5, varint(value * 2)];
const long = (id: number, value: number): Field => [id, 6, varint(value * 2)];
const text = (words: string): Buffer => Buffer.concat([varint(Buffer.byteLength(words)), Buffer.from(words)]);
const list = (id: number, type: number, items: readonly Buffer[]): Field => [
  id,
  9,
  Buffer.concat([Buffer.from([(items.length << 4) | type]), ...items]),
];

/** A Parquet file of one row group, its columns of words, written plainly and not compressed. */
export function makeParquet(columns: Readonly<Map<string, readonly string[]>>): Buffer {
  const rows = [...columns.values()][0]?.length ?? 0;
  const pieces: Buffer[] = [Buffer.from('PAR1')];
  const chunks = [...columns].map(([name, cells]) => {
    const data = Buffer.concat(
      cells.map((cell) => {
        const length = Buffer.alloc(4);
        length.writeUInt32LE(Buffer.byteLength(cell));
        return Buffer.concat([length, Buffer.from(cell)]);
      }),
    );
    const about = struct(int(1, rows), int(2, 0), int(3, 3), int(4, 3));
    const page = Buffer.concat([struct(int(1, 0), int(2, data.length), int(3, data.length), [5, 12, about]), data]);
    const offset = pieces.reduce((sum, piece) => sum + piece.length, 0);
    pieces.push(page);
    const size = page.length;
    const meta = struct(
      int(1, 6),
      list(2, 5, [varint(0)]),
      list(3, 8, [text(name)]),
      int(4, 0),
      long(5, rows),
      long(6, size),
      long(7, size),
      long(9, offset),
    );
    return struct(long(2, offset), [3, 12, meta]);
  });
  const leaf = (name: string): Buffer => struct(int(1, 6), int(3, 0), [4, 8, text(name)], int(6, 0));
  const schema = [struct([4, 8, text('schema')], int(5, columns.size)), ...[...columns.keys()].map(leaf)];
  const group = struct(list(1, 12, chunks), long(2, 0), long(3, rows));
  const footer = struct(int(1, 1), list(2, 12, schema), long(3, rows), list(4, 12, [group]));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([...pieces, footer, length, Buffer.from('PAR1')]);
}
