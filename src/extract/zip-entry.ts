import type { TransformOptions } from 'node:stream';
import {
  crc32,
  createGunzip,
  createInflateRaw,
  type Gunzip,
  type InflateRaw,
  inflateRawSync,
  type ZlibOptions,
} from 'node:zlib';
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
/** A gzip header without a name or a time (RFC 1952). */
const GZIP_HEADER = Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 0, 255);
const GZIP_TRAILER = 8;

/**
 * The bytes of one entry, in chunks, counted against the budget as they appear and never by the size the entry claims.
 *
 * With `isPassing` a chunk is gone once the next is asked for: whoever wants to keep it copies it.
 *
 * Throws `Unreadable`: `encrypted`; `unsupported` for a method other than stored and deflated; `too-large` past the ratio or the
 * budget; `corrupt` where the data end early, are damaged, or disagree with the claimed size (what could be read came first).
 */
export async function* readZipEntry(
  source: ByteSource,
  entry: ZipEntry,
  budget: Budget,
  isPassing = false,
): AsyncGenerator<Uint8Array> {
  if (entry.encrypted) throw new Unreadable('encrypted', 'the zip entry needs a password');
  const { start, end } = await locateEntryData(source, entry);
  if (entry.method === DEFLATED && end - start > SMALL) {
    const total = yield* inflateLarge(source, start, end, budget, entry, isPassing);
    if (total !== entry.claimedSize) throw new Unreadable('corrupt', 'the zip entry is not as long as it claims');
    return;
  }
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
    : inflateLarge(source, start, end, budget, null, false);
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

/**
 * With `checked` the data are given a gzip header and a trailer that holds the entry's checksum and size: so the checksum is taken
 * where the data are inflated, on a thread of its own.
 */
async function* inflateLarge(
  source: ByteSource,
  start: number,
  end: number,
  budget: Budget,
  checked: Pick<ZipEntry, 'crc' | 'claimedSize'> | null,
  isPassing: boolean,
) {
  // Several chunks may wait, so that inflating goes on while the reader parses.
  const options: ZlibOptions & TransformOptions = { chunkSize: CHUNK, readableHighWaterMark: 4 * CHUNK };
  const inflate = checked === null ? createInflateRaw(options) : createGunzip(options);
  let failed: unknown;
  const feeding = feed(inflate, source, start, end, checked).catch((error: unknown) => {
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
      if (isPassing) free(chunk);
    }
  } catch (error) {
    throw asUnreadable(failed ?? error, budget);
  } finally {
    inflate.destroy();
    await feeding;
  }
  const wrapped = checked === null ? 0 : GZIP_HEADER.length + GZIP_TRAILER;
  if (inflate.bytesWritten < end - start + wrapped)
    throw new Unreadable('corrupt', 'bytes follow the data of the zip entry');
  return total;
}

async function feed(
  inflate: InflateRaw | Gunzip,
  source: ByteSource,
  start: number,
  end: number,
  checked: Pick<ZipEntry, 'crc' | 'claimedSize'> | null,
): Promise<void> {
  if (checked !== null) inflate.write(GZIP_HEADER);
  for (let at = start; at < end && !inflate.destroyed && !inflate.readableEnded; at += CHUNK) {
    const chunk = await source.read(at, Math.min(end, at + CHUNK));
    if (!inflate.write(chunk)) await drained(inflate);
  }
  if (checked !== null && !inflate.destroyed && !inflate.readableEnded) {
    const trailer = new DataView(new ArrayBuffer(GZIP_TRAILER));
    trailer.setUint32(0, checked.crc, true);
    trailer.setUint32(4, checked.claimedSize % 2 ** 32, true);
    inflate.write(new Uint8Array(trailer.buffer));
  }
  inflate.end();
}

/** Gives memory back before the collector comes round to it, where nothing else is in it: a part of 600 MB passes through two chunks. */
function free(chunk: Uint8Array): void {
  const { buffer, length } = chunk;
  if (length === CHUNK && buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
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
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ERR_BUFFER_TOO_LARGE':
      return new Unreadable('too-large', `expands more than ${budget.limits.ratio} times`, { cause: error });
    case 'Z_BUF_ERROR':
    case 'Z_DATA_ERROR':
    case 'Z_NEED_DICT':
      if (/incorrect (?:data|length) check/.test(message))
        return new Unreadable('corrupt', 'the zip entry does not match its checksum', { cause: error });
      return new Unreadable('corrupt', 'the compressed data are damaged or end early', { cause: error });
    default:
      return error;
  }
}
