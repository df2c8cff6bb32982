import { type ByteSource, memorySource } from '../core/byte-source.ts';

/** A range of a source as a source, without copying its bytes; clipped to what is there. */
export function sliceSource(source: ByteSource, start: number, end: number): ByteSource {
  const from = Math.max(0, Math.min(start, source.size));
  const to = Math.max(from, Math.min(end, source.size));
  if (source.memory !== null) return memorySource(source.memory.subarray(from, to));
  const read = (first: number, last: number): Promise<Uint8Array> =>
    source.read(from + Math.max(0, first), Math.min(to, from + last));
  return {
    size: to - from,
    memory: null,
    read,
    async *stream() {
      const step = 1 << 20;
      for (let at = 0; at < to - from; at += step) yield await read(at, at + step);
    },
  };
}
