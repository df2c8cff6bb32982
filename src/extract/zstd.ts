import { createZstdDecompress } from 'node:zlib';
import { memorySource } from '../core/byte-source.ts';
import { expandStream } from './expand-stream.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { innerName } from './gzip.ts';

/** Zstandard files. RFC 8878. */
export const zstd: Extractor = {
  name: 'zstd',
  types: ['application/zstd'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const { bytes, fault } = await expandStream(part.source, createZstdDecompress(), context.budget);
    const inner = innerName(part.name);
    if (fault === null || bytes.length > 0)
      yield { kind: 'part', step: inner, name: inner, declaredType: null, source: memorySource(bytes) };
    if (fault !== null) yield { kind: 'incomplete', step: null, reason: fault.reason, detail: fault.message };
  },
};
