import { constants, createInflateRaw } from 'node:zlib';
import { type ByteSource, memorySource, readAll } from '../core/byte-source.ts';
import type { Budget } from './budget.ts';
import { type StoredEntry, storedZip } from './stored-zip.ts';

const LOCAL = Buffer.from('504b0304', 'hex');
const LOCAL_SIZE = 30;
const STORED = 0;
const DEFLATED = 8;
/** Larger archives are not put together again in memory. */
const MAX_ARCHIVE = 128 * 1024 ** 2;
const MAX_EXPANDED = 512 * 1024 ** 2;

/**
 * What the local headers of a zip file without a sound directory still lead to, as a sound zip file of stored entries, so that an
 * office document that was cut off is read as one; null where there is no entry. The last entry may be a beginning only.
 *
 * Counts what it expands against the budget. Source: PKWARE APPNOTE 6.3.10, section 4.3.7.
 */
export async function repairZip(source: ByteSource, budget: Budget): Promise<ByteSource | null> {
  if (source.size > MAX_ARCHIVE) return null;
  const bytes = Buffer.from(await readAll(source));
  const found: StoredEntry[] = [];
  let total = 0;
  for (let at = bytes.indexOf(LOCAL); at >= 0 && at + LOCAL_SIZE <= bytes.length; ) {
    const flags = bytes.readUInt16LE(at + 6);
    const method = bytes.readUInt16LE(at + 8);
    const claimed = bytes.readUInt32LE(at + 18);
    const nameEnd = at + LOCAL_SIZE + bytes.readUInt16LE(at + 26);
    const start = nameEnd + bytes.readUInt16LE(at + 28);
    const isReadable = (flags & 0x41) === 0 && (method === STORED || method === DEFLATED);
    let end = start;
    if (isReadable && nameEnd > at + LOCAL_SIZE && start < bytes.length) {
      const rest = bytes.subarray(start);
      const { data, used } =
        method === DEFLATED
          ? await inflateWhatIsThere(rest, budget)
          : storedData(rest, (flags & 8) !== 0 || claimed === 0xffffffff ? null : claimed);
      budget.takeBytes(data.length);
      total += data.length;
      if (total > MAX_EXPANDED) break;
      if (data.length > 0) found.push({ name: bytes.subarray(at + LOCAL_SIZE, nameEnd), bytes: data });
      end = start + used;
    }
    at = bytes.indexOf(LOCAL, Math.max(end, at + LOCAL.length));
  }
  return found.length === 0 ? null : memorySource(storedZip(found));
}

/** Stored data of unknown length end where the next header begins. */
function storedData(rest: Buffer, length: number | null): { readonly data: Buffer; readonly used: number } {
  const next = length === null ? rest.indexOf(LOCAL) : length;
  const used = next < 0 ? rest.length : Math.min(next, rest.length);
  return { data: rest.subarray(0, used), used };
}

/** Inflates up to the end of the stream, its damage or its cut, within the budget's ratio. */
function inflateWhatIsThere(rest: Buffer, budget: Budget): Promise<{ readonly data: Buffer; readonly used: number }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const inflate = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
    const done = (): void => {
      resolve({ data: Buffer.concat(chunks), used: Math.min(rest.length, inflate.bytesWritten) });
      inflate.destroy();
    };
    inflate.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      const most = Math.max(budget.limits.ratioGrace, inflate.bytesWritten * budget.limits.ratio);
      if (size > Math.min(most, MAX_EXPANDED)) done();
    });
    inflate.once('end', done);
    inflate.once('error', done);
    inflate.end(rest);
  });
}
