import { inflateSync } from 'node:zlib';
import type { Budget } from './budget.ts';

const TEXT_WIDE = 0x0fa0;
const TEXT_NARROW = 0x0fa8;
const STRING = 0x0fba;
const OLE_STORAGE = 0x1011;
const CRYPT_SESSION = 0x2f14;
const SLIDE = 0x03ee;
const NOTES = 0x03f0;
const MASTER = 0x03f8;
const COMMENT = 0x2ee0;
const GROUPS: Readonly<Record<number, string>> = {
  [SLIDE]: 'slides',
  [NOTES]: 'notes',
  [MASTER]: 'masters',
  [COMMENT]: 'comments',
};
const MAX_DEPTH = 60;

export interface PptContent {
  /** Text by where it stands: slides, notes, masters, comments, and the outline of the rest. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Compound files of embedded objects. */
  readonly objects: readonly Uint8Array[];
  readonly isEncrypted: boolean;
}

/**
 * The text of a PowerPoint 97 to 2003 stream. All of the stream is walked, also what a later save has replaced: old text is
 * still in the file. Source: [MS-PPT].
 */
export function readPptText(stream: Uint8Array, budget: Budget): PptContent {
  const file = Buffer.from(stream.buffer, stream.byteOffset, stream.length);
  const groups = new Map<string, string[]>();
  const objects: Uint8Array[] = [];
  let isEncrypted = false;
  const add = (group: string, text: string): void => {
    const clean = text
      .replace(/[\r\v]/g, '\n')
      .replaceAll('\0', '')
      .trim();
    if (clean === '') return;
    const list = groups.get(group) ?? [];
    list.push(clean);
    groups.set(group, list);
  };
  const walk = (from: number, end: number, group: string, depth: number): void => {
    for (let at = from; at + 8 <= end; ) {
      const version = file.readUInt16LE(at) & 0xf;
      const type = file.readUInt16LE(at + 2);
      const length = file.readUInt32LE(at + 4);
      const start = at + 8;
      const stop = Math.min(end, start + length);
      if (type === CRYPT_SESSION) isEncrypted = true;
      if (version === 0xf && depth < MAX_DEPTH) walk(start, stop, GROUPS[type] ?? group, depth + 1);
      else if (type === TEXT_WIDE || type === STRING) add(group, file.toString('utf16le', start, stop));
      else if (type === TEXT_NARROW) add(group, file.toString('latin1', start, stop));
      else if (type === OLE_STORAGE) {
        const object = readObject(file.subarray(start, stop), file.readUInt16LE(at) >> 4, budget);
        if (object !== null) objects.push(object);
      }
      at = start + length;
    }
  };
  walk(0, file.length, 'outline', 0);
  return { groups, objects, isEncrypted };
}

function readObject(body: Buffer, instance: number, budget: Budget): Uint8Array | null {
  if (instance === 0) return body;
  try {
    const opened = inflateSync(body.subarray(4), {
      maxOutputLength: budget.limits.ratio * body.length + budget.limits.ratioGrace,
    });
    budget.takeBytes(opened.length);
    return opened;
  } catch {
    return null;
  }
}
