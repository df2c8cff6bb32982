import type { TransformOptions } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib';
import type { ByteSource } from '../core/byte-source.ts';
import type { Budget } from './budget.ts';
import { Unreadable } from './unreadable.ts';
import type { ZipEntry } from './zip-directory.ts';

const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
/** Compressed bytes up to which one synchronous call is quicker than a stream. */
const SMALL = 64 * 1024;
const CHUNK = 1024 ** 2;

/**
 * The bytes of one entry, in chunks, counted against the budget as they appear and never by the size the entry claims.
 *
 * Throws `Unreadable`: `encrypted`; `unsupported` for a method other than stored and deflated; `too-large` past the ratio or the
 * budget; `corrupt` where the data end early, are damaged, or disagree with the claimed size (what could be read came first).
 */
export async function* readZipEntry(source: ByteSource, entry: ZipEntry, budget: Budget): AsyncGenerator<Uint8Array> {
  if (entry.encrypted) throw new Unreadable('encrypted', 'the zip entry needs a password');
  const { start, end } = await locateEntryData(source, entry);
  let sum = 0;
  for await (const chunk of decompressEntry(source, start, end, entry, budget)) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  // Deflate has no check of its own: a changed byte may end a sheet early, or turn its cells into something else.
  if (sum !== entry.crc) throw new Unreadable('corrupt', 'the zip entry does not match its checksum');
}

/** The compressed bytes of an entry as a range of the source; throws `corrupt` where the local header contradicts the directory. */
export async function locateEntryData(
  source: ByteSource,
  entry: ZipEntry,
): Promise<{ readonly start: number; readonly end: number }> {
  const bytes = await source.read(entry.headerOffset, entry.headerOffset + 30);
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (header.byteLength < 30 || header.getUint32(0, true) !== LOCAL)
    throw new Unreadable('corrupt', 'the zip entry is not where the directory says');
  if (header.getUint16(8, true) !== entry.method)
    throw new Unreadable('corrupt', 'the zip entry and the directory name different methods');
  const start = entry.headerOffset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const end = start + entry.compressedSize;
  if (end > source.size) throw new Unreadable('corrupt', 'the zip entry is cut off');
  return { start, end };
}

/** Expands the range of a source by the entry's method; also for data that were decrypted first. */
export async function* decompressEntry(
  source: ByteSource,
  start: number,
  end: number,
  entry: Pick<ZipEntry, 'method' | 'claimedSize'>,
  budget: Budget,
): AsyncGenerator<Uint8Array> {
  if (entry.method === STORED) {
    for (let at = start; at < end; at += CHUNK) {
      const chunk = await source.read(at, Math.min(end, at + CHUNK));
      budget.takeBytes(chunk.length);
      yield chunk;
    }
    if (end - start !== entry.claimedSize) throw new Unreadable('corrupt', 'the zip entry is not as long as it claims');
    return;
  }
  if (entry.method !== DEFLATED) throw new Unreadable('unsupported', `zip method ${entry.method}`);
  const total = yield* end - start <= SMALL
    ? inflateSmall(source, start, end, budget)
    : inflateLarge(source, start, end, budget);
  if (total !== entry.claimedSize) throw new Unreadable('corrupt', 'the zip entry is not as long as it claims');
}

/** What a stream may become before the ratio refuses it; one more byte proves the excess. */
function largestOutput(compressed: number, budget: Budget): number {
  return Math.max(budget.limits.ratioGrace, compressed * budget.limits.ratio) + 1;
}

async function* inflateSmall(source: ByteSource, start: number, end: number, budget: Budget) {
  const compressed = await source.read(start, end);
  let result: { buffer: Uint8Array; engine: { bytesWritten: number } };
  try {
    result = inflateRawSync(compressed, {
      maxOutputLength: largestOutput(compressed.length, budget),
      info: true,
    }) as unknown as typeof result;
  } catch (error) {
    throw asUnreadable(error, budget);
  }
  const { buffer, engine } = result;
  budget.takeBytes(buffer.length);
  budget.checkRatio(compressed.length, buffer.length);
  if (buffer.length > 0) yield buffer;
  if (engine.bytesWritten < compressed.length)
    throw new Unreadable('corrupt', 'bytes follow the data of the zip entry');
  return buffer.length;
}

async function* inflateLarge(source: ByteSource, start: number, end: number, budget: Budget) {
  // Several chunks may wait, so that inflating (on a thread of its own) goes on while the reader parses.
  const options: ZlibOptions & TransformOptions = { chunkSize: CHUNK, readableHighWaterMark: 4 * CHUNK };
  const inflate = createInflateRaw(options);
  let failed: unknown;
  const feeding = (async () => {
    for (let at = start; at < end && !inflate.destroyed && !inflate.readableEnded; at += CHUNK) {
      const chunk = await source.read(at, Math.min(end, at + CHUNK));
      if (!inflate.write(chunk)) await drained(inflate);
    }
    inflate.end();
  })().catch((error: unknown) => {
    failed = error;
    inflate.destroy();
  });
  let total = 0;
  try {
    for await (const chunk of inflate as AsyncIterable<Uint8Array>) {
      total += chunk.length;
      budget.takeBytes(chunk.length);
      budget.checkRatio(end - start, total);
      yield chunk;
    }
  } catch (error) {
    throw asUnreadable(failed ?? error, budget);
  } finally {
    inflate.destroy();
    await feeding;
  }
  if (inflate.bytesWritten < end - start) throw new Unreadable('corrupt', 'bytes follow the data of the zip entry');
  return total;
}

function drained(stream: NodeJS.WritableStream): Promise<void> {
  const events = ['drain', 'close', 'end'] as const;
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) stream.removeListener(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}

function asUnreadable(error: unknown, budget: Budget): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ERR_BUFFER_TOO_LARGE':
      return new Unreadable('too-large', `expands more than ${budget.limits.ratio} times`, { cause: error });
    case 'Z_BUF_ERROR':
    case 'Z_DATA_ERROR':
    case 'Z_NEED_DICT':
      return new Unreadable('corrupt', 'the compressed data are damaged or end early', { cause: error });
    default:
      return error;
  }
}
