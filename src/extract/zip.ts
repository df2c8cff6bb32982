import { memorySource } from '../core/byte-source.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { Unreadable } from './unreadable.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';
import { readZipEntry } from './zip-entry.ts';

/** Zip archives: every entry in turn; its names and comments are text too. */
export const zip: Extractor = {
  name: 'zip',
  types: ['application/zip', 'application/epub+zip', 'application/vnd.ms-visio.drawing', 'application/vnd.apple.iwork'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const { entries, comments } = await readZipDirectory(part.source, context.budget);
    yield { kind: 'text', step: 'names', role: 'name', text: entries.map((entry) => entry.name).join('\n') };
    if (comments.length > 0) yield { kind: 'text', step: 'comments', role: 'metadata', text: comments.join('\n') };
    for (const entry of entries) if (!entry.isFolder) yield* openEntry(part, entry, context);
  },
};

async function* openEntry(part: RawPart, entry: ZipEntry, context: ExtractContext): AsyncIterable<Piece> {
  const chunks: Uint8Array[] = [];
  let fault: Unreadable | null = null;
  try {
    for await (const chunk of readZipEntry(part.source, entry, context.budget)) chunks.push(chunk);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    fault = error;
  }
  // What could be read of a damaged entry is shown as well: it may be all that matters.
  if (fault === null || chunks.length > 0) {
    const source = memorySource(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks));
    yield { kind: 'part', step: entry.name, name: entry.name, declaredType: null, source };
  }
  if (fault !== null) {
    const step = chunks.length > 0 ? `${entry.name} › rest` : entry.name;
    yield { kind: 'incomplete', step, reason: fault.reason, detail: fault.message };
  }
}
