import { makeCompound, type Storage } from './make-compound.ts';

/** MAPI properties by `IIIITTTT`: id and type in hexadecimal. */
export type Properties = Readonly<Record<string, string | Uint8Array>>;

const TYPE_UNICODE = '001F';

function bytesOf(tag: string, value: string | Uint8Array): Buffer {
  if (typeof value !== 'string') return Buffer.from(value);
  return tag.endsWith(TYPE_UNICODE) ? Buffer.from(value, 'utf16le') : Buffer.from(value, 'latin1');
}

/** A message storage as `.msg` has it; `attachments` are storages of their own. */
export function messageStorage(properties: Properties, attachments: readonly Storage[] = [], headerSize = 32): Storage {
  const streams = Object.entries(properties).map(
    ([tag, value]) => [`__substg1.0_${tag}`, bytesOf(tag, value)] as const,
  );
  return {
    '__properties_version1.0': Buffer.alloc(headerSize),
    ...Object.fromEntries(streams),
    ...Object.fromEntries(attachments.map((one, at) => [`__attach_version1.0_#${String(at).padStart(8, '0')}`, one])),
  };
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
