import type { Random } from './random.ts';

export type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

/** Values that length fields are wrong by. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

function range(bytes: Buffer, random: Random, most = 4096): readonly [number, number] {
  const start = random.below(bytes.length);
  return [start, Math.min(bytes.length, start + 1 + random.below(Math.min(most, bytes.length)))];
}

/** Ways to damage a file, by name. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'flip bits': (bytes, random) => {
    const out = Buffer.from(bytes);
    for (let count = 1 + random.below(8); count > 0; count -= 1) {
      const at = random.below(out.length);
      out[at] = (out[at] as number) ^ (1 << random.below(8));
    }
    return out;
  },
  truncate: (bytes, random) => Buffer.from(bytes.subarray(0, random.below(bytes.length))),
  'cut the start': (bytes, random) => Buffer.from(bytes.subarray(random.below(Math.min(bytes.length, 600)))),
  'swap blocks': (bytes, random) => {
    const out = Buffer.from(bytes);
    const size = 1 + random.below(Math.min(1024, Math.ceil(bytes.length / 2)));
    const [one, two] = [random.below(bytes.length - size + 1), random.below(bytes.length - size + 1)];
    bytes.copy(out, one, two, two + size);
    bytes.copy(out, two, one, one + size);
    return out;
  },
  'edit a length': (bytes, random) => {
    if (bytes.length < 8) return bytes;
    const out = Buffer.from(bytes);
    const width = random.pick([1, 2, 4]);
    const at = random.below(out.length - width);
    const edge = random.below(3) === 0 ? out.readUIntLE(at, width) + random.below(9) - 4 : random.pick(EDGES);
    const value = ((edge % 256 ** width) + 256 ** width) % 256 ** width;
    if (random.below(2) === 0) out.writeUIntLE(value, at, width);
    else out.writeUIntBE(value, at, width);
    return out;
  },
  splice: (bytes, random, other) =>
    Buffer.concat([
      bytes.subarray(0, random.below(bytes.length)),
      other.subarray(random.below(Math.max(1, other.length))),
    ]),
  'put one into the other': (bytes, random, other) => {
    const at = random.below(bytes.length);
    const [start, end] = other.length === 0 ? [0, 0] : range(other, random);
    return Buffer.concat([bytes.subarray(0, at), other.subarray(start, end), bytes.subarray(at)]);
  },
  'double a part': (bytes, random) => {
    const [start, end] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
  },
  'drop a part': (bytes, random) => {
    const [start, end] = range(bytes, random, 512);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  'overwrite a part': (bytes, random) => {
    const out = Buffer.from(bytes);
    const [start, end] = range(bytes, random, 64);
    return out.fill(random.pick([0, 0x20, 0x2d, 0x3c, 0x41, 0xff]), start, end);
  },
  'append the other': (bytes, _random, other) => Buffer.concat([bytes, other]),
};
