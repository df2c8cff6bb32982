/** Bytes that may be larger than memory; offsets are in bytes. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `start` up to, and without, `end`; clipped to the size. */
  read(start: number, end: number): Promise<Uint8Array>;
  /**
   * All bytes in order, in chunks.
   *
   * `lent`: the caller is done with a chunk when it asks for the next, so that its memory may be used again.
   */
  stream(lent?: boolean): AsyncIterable<Uint8Array>;
  /** Set where the bytes are in memory already, so that small parts cost no await. */
  readonly memory: Uint8Array | null;
}

/** Bytes at hand, or where they can be had from. */
export type Content = Uint8Array | ByteSource;

export function asSource(content: Content): ByteSource {
  return content instanceof Uint8Array ? memorySource(content) : content;
}

/** A source over bytes in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    memory: bytes,
    read: (start, end) => Promise.resolve(bytes.subarray(Math.max(0, start), Math.min(bytes.length, end))),
    async *stream() {
      const step = 1 << 20;
      for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
    },
  };
}

/** The whole source as one array; the caller answers for its size. */
export async function readAll(source: ByteSource): Promise<Uint8Array> {
  return source.memory ?? source.read(0, source.size);
}
