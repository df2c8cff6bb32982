import { inflateSync } from 'node:zlib';
import type { Budget } from './budget.ts';
import { Unreadable } from './unreadable.ts';

const TEXT_WIDE = 0x0fa0;
const TEXT_NARROW = 0x0fa8;
const STRING = 0x0fba;
const OLE_STORAGE = 0x1011;
const SOUND = 0x07e7;
const CRYPT_SESSION = 0x2f14;
/** Data of later versions, records again, that calls itself an atom: comments stand in it. */
const TAG_DATA = 0x138b;
const LIST_WITH_TEXT = 0x0ff0;
const GROUPS: Readonly<Record<number, string>> = {
  1006: 'slides',
  1008: 'notes',
  1016: 'masters',
  12000: 'comments',
};
/** The document, slides, notes and masters; how a record of records begins. */
const TOP_LEVEL: ReadonlySet<number> = new Set([1000, 1006, 1008, 1016]);
const CONTAINER = Buffer.from([0x0f, 0]);
/** The outlines of slides, masters and notes, by the instance of their record. */
const OUTLINES = ['slides', 'masters', 'notes'] as const;
const MAX_DEPTH = 60;
/** The stream `Current User` of an encrypted presentation has this token. */
const ENCRYPTED_TOKEN = 0xf3d1c4df;
/** What stands for a date or a page number, and names that PowerPoint gives its own tags. */
const SILENT = /^(\*|___PPT\d*)$/;

export interface PptContent {
  /** Text by where it stands: slides, notes, masters, comments, and the rest of the document. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Compound files of embedded objects; null for one that cannot be expanded. */
  readonly objects: readonly (Uint8Array | null)[];
  readonly sounds: readonly Uint8Array[];
  readonly isEncrypted: boolean;
}

/**
 * The text of a PowerPoint 97 to 2003 stream. All of the stream is walked, also what a later save has replaced: old text is
 * still in the file. `currentUser` is the stream of that name. Source: [MS-PPT].
 */
export function readPptText(stream: Uint8Array, currentUser: Uint8Array, budget: Budget): PptContent {
  const file = Buffer.from(stream.buffer, stream.byteOffset, stream.length);
  const groups = new Map<string, string[]>();
  const objects: (Uint8Array | null)[] = [];
  const sounds: Uint8Array[] = [];
  let isEncrypted = hasEncryptedToken(currentUser);
  const add = (group: string, text: string): void => {
    const clean = text
      .replace(/[\r\v]/g, '\n')
      .replaceAll('\0', '')
      .trim();
    if (clean === '' || SILENT.test(clean)) return;
    const list = groups.get(group) ?? [];
    list.push(clean);
    groups.set(group, list);
  };
  const walk = (from: number, end: number, group: string, depth: number): void => {
    for (let at = from; at + 8 <= end; ) {
      const head = file.readUInt16LE(at);
      const type = file.readUInt16LE(at + 2);
      const length = file.readUInt32LE(at + 4);
      const start = at + 8;
      const stop = Math.min(end, start + length);
      if (depth === 0 && type === 0) {
        at = nextContainer(file, start);
        continue;
      }
      if (type === CRYPT_SESSION) isEncrypted = true;
      if (((head & 0xf) === 0xf || type === TAG_DATA) && depth < MAX_DEPTH) {
        const outline = type === LIST_WITH_TEXT ? OUTLINES[head >> 4] : undefined;
        walk(start, stop, outline ?? GROUPS[type] ?? group, depth + 1);
      } else if (type === TEXT_WIDE || type === STRING) add(group, file.toString('utf16le', start, stop));
      else if (type === TEXT_NARROW) add(group, file.toString('latin1', start, stop));
      else if (type === OLE_STORAGE) objects.push(readObject(file.subarray(start, stop), head >> 4, budget));
      else if (type === SOUND) sounds.push(file.subarray(start, stop));
      at = start + length;
    }
  };
  walk(0, file.length, 'document', 0);
  return { groups, objects, sounds, isEncrypted };
}

/** Where the next slide, master, notes page or document begins: some programs leave gaps of zeros between them. */
function nextContainer(file: Buffer, from: number): number {
  for (let at = file.indexOf(CONTAINER, from); at >= 0; at = file.indexOf(CONTAINER, at + 1))
    if (at + 4 <= file.length && TOP_LEVEL.has(file.readUInt16LE(at + 2))) return at;
  return file.length;
}

function hasEncryptedToken(currentUser: Uint8Array): boolean {
  const file = Buffer.from(currentUser.buffer, currentUser.byteOffset, currentUser.length);
  return file.length >= 16 && file.readUInt32LE(12) === ENCRYPTED_TOKEN;
}

function readObject(body: Buffer, instance: number, budget: Budget): Uint8Array | null {
  if (instance === 0) return body;
  try {
    const opened = inflateSync(body.subarray(4), {
      maxOutputLength: budget.limits.ratio * body.length + budget.limits.ratioGrace,
    });
    budget.takeBytes(opened.length);
    return opened;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') === true) return null;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new Unreadable('too-large', `expands more than ${budget.limits.ratio} times`, { cause: error });
    throw error;
  }
}
