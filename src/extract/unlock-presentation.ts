import { type BinaryKey, readBinaryLock, xor } from './binary-cipher.ts';
import type { Streams, StreamsLock } from './unlock-document.ts';
import { Unreadable } from './unreadable.ts';

const LOCKED_USER = 0xf3d1c4df;
const OPEN_USER = 0xe391c05f;
const SESSION = 0x2f14;
/** A record that no reader knows, in place of the one that says how the file is locked. */
const NOTHING = 0x0fff;
const HEAD = 8;
/** A presentation that was saved more often than this is a loop. */
const MAX_EDITS = 1000;

/**
 * Opens a presentation of PowerPoint 2002 or 2003: its streams without their lock; `null` where it has none. Pictures stay
 * locked, piece by piece, and are left out. [MS-PPT] 2.3.7.
 */
export function presentationLock(streams: Streams): StreamsLock | null {
  const main = streams.get('powerpoint document');
  const user = streams.get('current user');
  if (main === undefined || user === undefined || user.length < 20 || user.readUInt32LE(12) !== LOCKED_USER)
    return null;
  const offsets = persistOffsets(main, user.readUInt32LE(16));
  const session = [...offsets.values()].find((at) => at + HEAD <= main.length && main.readUInt16LE(at + 2) === SESSION);
  if (session === undefined) throw new Unreadable('encrypted', 'the presentation does not say how it is encrypted');
  const lock = readBinaryLock(main.subarray(session + HEAD, session + HEAD + main.readUInt32LE(session + 4)));
  return {
    open(password) {
      const key = lock.open(password);
      if (key === null) return null;
      const plain = Buffer.from(main);
      for (const [id, at] of offsets) if (at !== session) unlockObject(plain, at, id, key);
      plain.writeUInt16LE(NOTHING, session + 2);
      const opened = new Map(streams);
      const open = Buffer.from(user);
      open.writeUInt32LE(OPEN_USER, 12);
      opened.set('current user', open);
      opened.set('powerpoint document', plain);
      opened.delete('pictures');
      return { streams: opened, key };
    },
  };
}

function unlockObject(stream: Buffer, at: number, id: number, key: BinaryKey): void {
  if (at + HEAD > stream.length) return;
  const head = xor(stream.subarray(at, at + HEAD), key.keyStream(id, HEAD));
  const length = Math.min(HEAD + head.readUInt32LE(4), stream.length - at);
  xor(stream.subarray(at, at + length), key.keyStream(id, length)).copy(stream, at);
}

/** Where each object lies, as its latest edit says. [MS-PPT] 2.3.3 to 2.3.5. */
function persistOffsets(stream: Buffer, lastEdit: number): ReadonlyMap<number, number> {
  const offsets = new Map<number, number>();
  for (let edit = lastEdit, seen = 0; edit + 28 <= stream.length && seen < MAX_EDITS; seen += 1) {
    const directory = stream.readUInt32LE(edit + 20);
    if (directory + HEAD <= stream.length) {
      const end = Math.min(stream.length, directory + HEAD + stream.readUInt32LE(directory + 4));
      for (let at = directory + HEAD; at + 4 <= end; ) {
        const entry = stream.readUInt32LE(at);
        const [first, count] = [entry & 0xfffff, entry >>> 20];
        at += 4;
        for (let each = 0; each < count && at + 4 <= end; each += 1, at += 4)
          if (!offsets.has(first + each)) offsets.set(first + each, stream.readUInt32LE(at));
      }
    }
    const before = stream.readUInt32LE(edit + 16);
    if (before === 0 || before >= edit) break;
    edit = before;
  }
  return offsets;
}
