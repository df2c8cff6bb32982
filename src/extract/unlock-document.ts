import { type BinaryKey, readBinaryLock, xor } from './binary-cipher.ts';
import { BlockKeys } from './unlock-workbook.ts';
import { Unreadable } from './unreadable.ts';

/** Flags of a Word document's head: where its tables are, that it is locked, and how. */
const WHICH_TABLE = 0x0200;
const ENCRYPTED = 0x0100;
const OBFUSCATED = 0x8000;
const FLAGS = 10;
const LOCK_KEY = 14;
/** The head that stays in the clear. */
const CLEAR = 68;
const BLOCK = 512;

/** Streams of a file by name, whatever their letters' case. */
export type Streams = ReadonlyMap<string, Buffer>;
export interface OpenedStreams {
  readonly streams: Streams;
  /** For the properties, which are locked apart; null where the method has no such. */
  readonly key: BinaryKey | null;
}
export interface StreamsLock {
  readonly open: (password: string) => OpenedStreams | null;
}

/** Opens a Word document of 97 to 2003: its streams without their lock; `null` where it has none. [MS-DOC] 2.2.6. */
export function documentLock(streams: Streams): StreamsLock | null {
  const main = streams.get('worddocument');
  if (main === undefined || main.length < CLEAR) return null;
  const flags = main.readUInt16LE(FLAGS);
  if ((flags & ENCRYPTED) === 0) return null;
  if ((flags & OBFUSCATED) !== 0) throw new Unreadable('encrypted', 'the document is obfuscated by Word 95’s method');
  const tableName = (flags & WHICH_TABLE) !== 0 ? '1table' : '0table';
  const table = streams.get(tableName) ?? Buffer.alloc(0);
  const lock = readBinaryLock(table);
  return {
    open(password) {
      const key = lock.open(password);
      if (key === null) return null;
      const plain = (stream: Buffer): Buffer => xor(stream, new BlockKeys(key, BLOCK).range(0, stream.length));
      const head = Buffer.from(main.subarray(0, CLEAR));
      head.writeUInt16LE(flags & ~ENCRYPTED, FLAGS);
      head.writeUInt32LE(0, LOCK_KEY);
      const opened = new Map(streams);
      opened.set('worddocument', Buffer.concat([head, plain(main).subarray(CLEAR)]));
      opened.set(tableName, plain(table));
      const data = streams.get('data');
      if (data !== undefined) opened.set('data', plain(data));
      return { streams: opened, key };
    },
  };
}
