import { createZstdDecompress } from 'node:zlib';
import { memorySource, readAll } from '../core/byte-source.ts';
import { expandStream } from './expand-stream.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { innerName } from './gzip.ts';
import { Unreadable } from './unreadable.ts';
import { zstdFrames } from './zstd-frames.ts';

/** The file is held in memory, so that no frame after the first is passed over. */
const MAX_PACKED = 512 * 1024 ** 2;
/** A skippable frame as large as a number holds a size, no words. */
const NO_WORDS = 8 + 8;

/** Zstandard files of one or more frames. RFC 8878. */
export const zstd: Extractor = {
  name: 'zstd',
  types: ['application/zstd'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    if (part.source.size > MAX_PACKED) throw new Unreadable('too-large', 'the Zstandard file is over 512 MB');
    const file = await readAll(part.source);
    const inner = innerName(part.name);
    const expanded: Uint8Array[] = [];
    const aside: Uint8Array[] = [];
    let fault: Unreadable | null = null;
    let at = 0;
    try {
      for (const { start, end, isSkippable } of zstdFrames(file)) {
        at = end;
        const frame = file.subarray(start, end);
        if (isSkippable) {
          if (frame.length > NO_WORDS) aside.push(frame.subarray(8));
          continue;
        }
        const one = await expandStream(memorySource(frame), createZstdDecompress(), context.budget);
        expanded.push(one.bytes);
        if (one.fault !== null) throw one.fault;
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      fault = error;
      // What a frame that is cut off still has.
      if (at < file.length && expanded.length === 0)
        expanded.push((await expandStream(memorySource(file), createZstdDecompress(), context.budget)).bytes);
    }
    if (fault === null && at < file.length) aside.push(file.subarray(at));
    const bytes = expanded.length === 1 ? (expanded[0] as Uint8Array) : Buffer.concat(expanded);
    if (fault === null || bytes.length > 0)
      yield { kind: 'part', step: inner, name: inner, declaredType: null, source: memorySource(bytes) };
    for (const rest of aside)
      yield { kind: 'part', step: 'beside the frames', name: null, declaredType: null, source: memorySource(rest) };
    if (fault !== null) yield { kind: 'incomplete', step: null, reason: fault.reason, detail: fault.message };
  },
};
