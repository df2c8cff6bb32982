import { makeCompound, type Storage } from './make-compound.ts';

/** MAPI properties by `IIIITTTT`: id and type in hexadecimal. */
export type Properties = Readonly<Record<string, string | Uint8Array>>;

const TYPE_UNICODE = /^.{4}[01]01F/;

function bytesOf(tag: string, value: string | Uint8Array): Buffer {
  if (typeof value !== 'string') return Buffer.from(value);
  return TYPE_UNICODE.test(tag) ? Buffer.from(value, 'utf16le') : Buffer.from(value, 'latin1');
}

/** Types whose values stand in the table of properties itself. */
const FIXED = /(0003|0040)$/;

/** A message storage as `.msg` has it; `attachments` are storages of their own. */
export function messageStorage(properties: Properties, attachments: readonly Storage[] = [], headerSize = 32): Storage {
  const entries = Object.entries(properties).map(([tag, value]) => [tag, bytesOf(tag, value)] as const);
  const fixed = entries
    .filter(([tag]) => FIXED.test(tag))
    .map(([tag, value]) => {
      const row = Buffer.alloc(16);
      row.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 0);
      row.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 2);
      value.copy(row, 8);
      return row;
    });
  const streams = entries
    .filter(([tag]) => !FIXED.test(tag))
    .map(([tag, value]) => [`__substg1.0_${tag}`, value] as const);
  return {
    '__properties_version1.0': Buffer.concat([Buffer.alloc(headerSize), ...fixed]),
    ...Object.fromEntries(streams),
    ...Object.fromEntries(attachments.map((one, at) => [`__attach_version1.0_#${String(at).padStart(8, '0')}`, one])),
  };
}

/** A value of a 32-bit property. */
export function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A value of a time property. */
export function fileTimeOf(instant: string): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE((BigInt(Date.parse(instant)) + 11_644_473_600_000n) * 10_000n);
  return bytes;
}

/** The storage that names properties 0x8000 and up, in order: by number or by word. [MS-OXMSG] section 2.2.3. */
export function namedProperties(names: readonly (number | string)[]): Storage {
  const strings: Buffer[] = [];
  let offset = 0;
  const entries = names.map((name, index) => {
    const entry = Buffer.alloc(8);
    entry.writeUInt32LE(typeof name === 'number' ? name : offset, 0);
    entry.writeUInt16LE(typeof name === 'number' ? 6 : 7, 4);
    entry.writeUInt16LE(index, 6);
    if (typeof name === 'string') {
      const text = Buffer.from(name, 'utf16le');
      strings.push(long(text.length).subarray(0, 4), text);
      offset += 4 + text.length;
    }
    return entry;
  });
  return { '__substg1.0_00030102': Buffer.concat(entries), '__substg1.0_00040102': Buffer.concat(strings) };
}

/** Voting buttons: [MS-OXOMSG] section 2.2.1.74. */
export function verbStream(options: readonly string[]): Buffer {
  const counted = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);
  const wide = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'utf16le')]);
  const shown = options.map((one) => one.replace(/[^ -~]/g, '?'));
  return Buffer.concat([
    Buffer.from([2, 1]),
    long(options.length).subarray(0, 4),
    ...shown.flatMap((one) => [
      Buffer.from([4, 0, 0, 0]),
      counted(one),
      counted('IPM.Note'),
      counted(''),
      counted(one),
      Buffer.alloc(29),
    ]),
    Buffer.from([4, 1]),
    ...options.flatMap((one) => [wide(one), wide(one)]),
  ]);
}

/** A compound file in which the chain of the stream of `size` bytes runs in a circle. */
export function withLoop(file: Buffer, size: number): Buffer {
  const copy = Buffer.from(file);
  for (let at = 512; at + 128 <= copy.length; at += 128) {
    if (copy.readUInt32LE(at + 120) !== size || copy[at + 66] !== 2) continue;
    const start = copy.readUInt32LE(at + 116);
    copy.writeUInt32LE(start, (copy.readUInt32LE(76) + 1) * 512 + start * 4);
  }
  return copy;
}

export function attachmentStorage(properties: Properties, message?: Storage): Storage {
  const { '__properties_version1.0': fixed, ...rest } = messageStorage(properties, [], 8);
  return {
    '__properties_version1.0': fixed as Uint8Array,
    ...rest,
    ...(message === undefined ? {} : { '__substg1.0_3701000D': message }),
  };
}

export function makeMsg(properties: Properties, attachments: readonly Storage[] = []): Buffer {
  return makeCompound(messageStorage(properties, attachments));
}

/** A TNEF stream: attributes of level, id with type, data. */
export function makeTnef(attributes: readonly (readonly [level: 1 | 2, id: number, data: Uint8Array])[]): Buffer {
  const pieces = attributes.map(([level, id, data]) => {
    const head = Buffer.alloc(9);
    head[0] = level;
    head.writeUInt32LE(id, 1);
    head.writeUInt32LE(data.length, 5);
    const sum = data.reduce((total, byte) => (total + byte) & 0xffff, 0);
    return Buffer.concat([head, data, Buffer.from([sum & 255, sum >> 8])]);
  });
  return Buffer.concat([Buffer.from('789f3e220100', 'hex'), ...pieces]);
}

/** A block of MAPI properties as TNEF holds it: unicode text and bytes. */
export function mapiBlock(properties: Properties): Buffer {
  const entries = Object.entries(properties).map(([tag, value]) => {
    const data = bytesOf(tag, value);
    const head = Buffer.alloc(12);
    head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 0);
    head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 2);
    head.writeUInt32LE(1, 4);
    head.writeUInt32LE(data.length, 8);
    return Buffer.concat([head, data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
  });
  const count = Buffer.alloc(4);
  count.writeUInt32LE(entries.length);
  return Buffer.concat([count, ...entries]);
}

/** Rich text stored without compression, as [MS-OXRTFCP] allows. */
export function storedRtf(rtf: string): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(rtf.length + 12, 0);
  head.writeUInt32LE(rtf.length, 4);
  head.writeUInt32LE(0x414c454d, 8);
  return Buffer.concat([head, Buffer.from(rtf, 'latin1')]);
}
