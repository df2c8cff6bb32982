import type { ByteSource } from '../core/byte-source.ts';
import { memorySource } from '../core/byte-source.ts';
import { type IncompleteReason, type OpenedMessage, PATH_SEPARATOR } from '../core/part.ts';
import type { ExtractorListing } from '../extract/index.ts';
import { openParts } from './open-parts.ts';
import type { FromChild, OpenJob, ToChild } from './opener-protocol.ts';
import { createPdfThread } from './pdf-thread.ts';
import { createPixelReader } from './read-pixels.ts';
import { runInTime } from './run-in-time.ts';

/** The channel to the pool, as `process` offers it in a child. */
export interface ParentChannel {
  send(message: FromChild): void;
  onMessage(handle: (message: ToChild) => void): void;
  /** Calls back with a failure that nobody waits for: a library gave up on something of its own. */
  onStray?(handle: () => void): void;
}

/** Formats whose reading is our own code on plain text: what a second try still opens. */
const SHALLOW: ReadonlySet<string> = new Set(['mail', 'text', 'html']);
const STREAM_CHUNK = 1 << 20;

/** Opens one job at a time for the pool on the other end of the channel. `now` is a monotonic clock in ms. */
export function serveOpener(channel: ParentChannel, extractors: readonly ExtractorListing[], now: () => number): void {
  let waiting = new Map<number, (bytes: Uint8Array) => void>();
  let strays = 0;
  channel.onStray?.(() => {
    strays += 1;
  });
  channel.onMessage((message) => {
    if (message.kind === 'range') {
      waiting.get(message.start)?.(message.bytes);
      waiting.delete(message.start);
      return;
    }
    waiting = new Map();
    if (message.kind === 'jobs') {
      void runJobs(message.jobs, channel, extractors, now);
      return;
    }
    const source = message.bytes === null ? pulledSource(message, channel, waiting) : memorySource(message.bytes);
    const { id, name } = message;
    const before = strays;
    run(message, source, extractors, now).then(
      (opened) => channel.send({ kind: 'opened', id, opened: strays === before ? opened : withStray(opened, name) }),
      (error: unknown) =>
        channel.send({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) }),
    );
  });
}

/** What a library gave up on may be missing from what it gave: the message is not clean for it. */
function withStray(opened: OpenedMessage, name: string): OpenedMessage {
  const detail = 'a reader gave up on a part of it';
  const content = { kind: 'incomplete', reason: 'corrupt', detail } as const;
  const part = { path: `${name}${PATH_SEPARATOR}unread`, type: 'application/octet-stream', bytes: 0, content };
  return { ...opened, parts: [...opened.parts, part] };
}

async function runJobs(
  jobs: readonly OpenJob[],
  channel: ParentChannel,
  extractors: readonly ExtractorListing[],
  now: () => number,
): Promise<void> {
  const opened: OpenedMessage[] = [];
  try {
    for (const job of jobs) opened.push(await run(job, memorySource(job.bytes ?? new Uint8Array()), extractors, now));
    channel.send({ kind: 'opened-jobs', opened });
  } catch (error) {
    channel.send({ kind: 'failed', id: 0, message: error instanceof Error ? error.message : String(error) });
  }
}

/** Starts with the first picture, and is kept for the next ones. */
const readPixels = createPixelReader();
/** Starts with the first PDF, and is kept for the next ones. */
const pdfReader = createPdfThread();

function run(job: OpenJob, source: ByteSource, extractors: readonly ExtractorListing[], now: () => number) {
  return openParts(
    { kind: job.message, name: job.name, source },
    {
      extractors:
        job.shallow === null ? extractors : extractors.map((one) => shallowListing(one, job.shallow ?? 'crashed')),
      limits: job.limits,
      now,
      everyCell: job.everyCell,
      passwords: job.passwords,
      ...(job.firstRows === null ? {} : { firstRows: job.firstRows }),
      readPixels,
      pdfReader,
      runInTime,
    },
  );
}

function shallowListing(listing: ExtractorListing, reason: IncompleteReason): ExtractorListing {
  if (SHALLOW.has(listing.name)) return listing;
  const extract = () => [
    { kind: 'incomplete', step: null, reason, detail: 'opening the message in full failed' } as const,
  ];
  return { ...listing, load: () => Promise.resolve({ name: listing.name, types: listing.types, extract }) };
}

/** Bytes that stay in the pool's process and come in ranges, so that a large message is in memory once. */
function pulledSource(
  { id, size }: OpenJob,
  channel: ParentChannel,
  waiting: Map<number, (bytes: Uint8Array) => void>,
): ByteSource {
  const last = new Map<number, Promise<Uint8Array>>();
  const pull = (start: number, end: number): Promise<Uint8Array> => {
    // Replies are told apart by where they begin, so reads of one place take turns.
    const before = last.get(start) ?? Promise.resolve();
    const reply = before.then(
      () =>
        new Promise<Uint8Array>((resolve) => {
          waiting.set(start, resolve);
          channel.send({ kind: 'read', id, start, end });
        }),
    );
    last.set(start, reply);
    return reply.finally(() => last.delete(start));
  };
  const read = (start: number, end: number): Promise<Uint8Array> => {
    const from = Math.max(0, start);
    const to = Math.min(size, end);
    if (from >= to) return Promise.resolve(new Uint8Array());
    return to - from <= STREAM_CHUNK ? pull(from, to) : pullLong(from, to);
  };
  // In pieces, so that neither side has a long range in memory beside the range itself.
  const pullLong = async (from: number, to: number): Promise<Uint8Array> => {
    const bytes = Buffer.allocUnsafe(to - from);
    let next = read(from, Math.min(to, from + STREAM_CHUNK));
    for (let at = from; at < to; at += STREAM_CHUNK) {
      const piece = await next;
      next = read(at + STREAM_CHUNK, Math.min(to, at + 2 * STREAM_CHUNK));
      bytes.set(piece, at - from);
    }
    return bytes;
  };
  return {
    size,
    memory: null,
    read,
    async *stream() {
      let next = read(0, STREAM_CHUNK);
      for (let at = 0; at < size; at += STREAM_CHUNK) {
        const bytes = await next;
        next = read(at + STREAM_CHUNK, at + 2 * STREAM_CHUNK);
        yield bytes;
      }
    },
  };
}
