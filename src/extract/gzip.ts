import { createGunzip } from 'node:zlib';
import { memorySource } from '../core/byte-source.ts';
import { expandStream } from './expand-stream.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';

/** Gzip files of one or more members; the stored name and comment are text. RFC 1952. */
export const gzip: Extractor = {
  name: 'gzip',
  types: ['application/gzip'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const head = Buffer.from(await part.source.read(0, 4096));
    const { name, comment } = storedNames(head);
    if (name !== null) yield { kind: 'text', step: 'names', role: 'name', text: name };
    if (comment !== null) yield { kind: 'text', step: 'comments', role: 'metadata', text: comment };
    const { bytes, fault } = await expandStream(part.source, createGunzip(), context.budget);
    const inner = name ?? innerName(part.name);
    if (fault === null || bytes.length > 0)
      yield { kind: 'part', step: inner, name: inner, declaredType: null, source: memorySource(bytes) };
    if (fault !== null) yield { kind: 'incomplete', step: null, reason: fault.reason, detail: fault.message };
  },
};

/** `a.csv.gz` holds `a.csv`, `a.tgz` holds `a.tar`. */
export function innerName(name: string | null): string {
  const base = name?.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1) ?? '';
  const inner = base.replace(/\.t(gz|bz2?|xz|zst)$/i, '.tar').replace(/\.(gz|z|bz2|xz|zst|lzma)$/i, '');
  return inner === '' ? 'content' : inner;
}

function storedNames(head: Buffer): { readonly name: string | null; readonly comment: string | null } {
  const flags = head[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0 && head.length >= 12) at += 2 + head.readUInt16LE(10);
  const take = (): string | null => {
    const end = head.indexOf(0, at);
    if (end < 0) return null;
    const found = head.subarray(at, end).toString('latin1');
    at = end + 1;
    return found === '' ? null : found;
  };
  const name = (flags & 8) !== 0 ? take() : null;
  const comment = (flags & 16) !== 0 ? take() : null;
  return { name, comment };
}
