import { inflateSync } from 'node:zlib';
import type { Budget } from './budget.ts';

const EMF = 0xf01a;
const WMF = 0xf01b;
const PICT = 0xf01c;
const FIRST = EMF;
const LAST = 0xf02a;
/** Instances of a record that carry a second identifier ([MS-ODRAW] 2.2.23 and after). */
const TWO_IDS: ReadonlySet<number> = new Set([0x3d5, 0x217, 0x543, 0x46b, 0x6e3, 0x6e1, 0x7a9, 0x6e5]);
const MAX_PICTURES = 5000;

/**
 * The pictures of an Office 97 to 2003 file, wherever they lie in a stream: bitmaps as they are, metafiles expanded.
 *
 * Found by their record headers, so that pictures no page shows any more are found too. Source: [MS-ODRAW] 2.2.23.
 */
export function readBlips(stream: Uint8Array, budget: Budget): readonly Uint8Array[] {
  const file = Buffer.from(stream.buffer, stream.byteOffset, stream.length);
  const found: Uint8Array[] = [];
  // The second byte of every type is 0xf0: a quick way from one candidate to the next.
  for (let at = file.indexOf(0xf0, 3); at >= 0 && found.length < MAX_PICTURES; at = file.indexOf(0xf0, at + 1)) {
    const start = at - 3;
    if (start + 40 > file.length) break;
    const type = file.readUInt16LE(start + 2);
    const length = file.readUInt32LE(start + 4);
    if (type < FIRST || type > LAST || length < 17 || start + 8 + length > file.length) continue;
    const body = file.subarray(start + 8, start + 8 + length);
    const picture = readBlip(body, type, TWO_IDS.has(file.readUInt16LE(start) >> 4) ? 32 : 16, budget);
    if (picture === null) continue;
    found.push(picture);
    at = start + 8 + length - 1;
  }
  return found;
}

function readBlip(body: Buffer, type: number, ids: number, budget: Budget): Uint8Array | null {
  if (type !== EMF && type !== WMF && type !== PICT) return body.subarray(ids + 1);
  const data = body.subarray(ids + 34);
  if (body[ids + 32] !== 0) return data;
  try {
    const opened = inflateSync(data, { maxOutputLength: budget.limits.ratioGrace + data.length * budget.limits.ratio });
    budget.takeBytes(opened.length);
    return opened;
  } catch (error) {
    // No picture after all, or a damaged one: then its bytes are said to be unreadable where they are opened.
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') === true) return null;
    throw error;
  }
}
