import { memorySource, readAll } from '../core/byte-source.ts';
import { isEmbeddedFont } from './embedded-font.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { repairZip } from './repair-zip.ts';
import { sliceSource } from './slice-source.ts';
import { Unreadable } from './unreadable.ts';
import { readZipDirectory, type ZipDirectory, type ZipEntry } from './zip-directory.ts';
import { readZipEntry } from './zip-entry.ts';
import { zipExtraWords } from './zip-extra-words.ts';

/** Stored and deflated. */
const COMMON_METHODS = new Set([0, 8]);
/** Larger archives are not handed to 7-Zip, which holds them in memory. */
const MAX_HARD = 256 * 1024 ** 2;

/** Zip archives: every entry in turn; its names and comments are text too. */
export const zip: Extractor = {
  name: 'zip',
  types: ['application/zip', 'application/epub+zip', 'application/vnd.ms-visio.drawing', 'application/vnd.apple.iwork'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    let directory: ZipDirectory;
    try {
      directory = await readZipDirectory(part.source, context.budget);
    } catch (error) {
      if (!(error instanceof Unreadable) || error.reason !== 'corrupt') throw error;
      yield* salvage(part, context);
      throw error;
    }
    const { entries, comments } = directory;
    if (directory.prefix > 0) {
      const source = sliceSource(part.source, 0, directory.prefix);
      yield { kind: 'part', step: 'before the archive', name: null, declaredType: null, source };
    }
    yield { kind: 'text', step: 'names', role: 'name', text: entries.map((entry) => entry.name).join('\n') };
    if (comments.length > 0) yield { kind: 'text', step: 'comments', role: 'metadata', text: comments.join('\n') };
    const extras = [...new Set(entries.flatMap((entry) => zipExtraWords(entry.extra)))];
    if (extras.length > 0)
      yield { kind: 'text', step: 'extra fields', role: 'metadata', text: extras.join('\n'), hidden: true };
    const files = entries.filter((entry) => !entry.isFolder);
    const opened = await openHard(part, files, context);
    for (const entry of files) {
      const bytes = opened.get(entry.name);
      if (bytes === undefined) yield* openEntry(part, entry, context);
      else yield { kind: 'part', step: entry.name, name: entry.name, declaredType: null, source: memorySource(bytes) };
    }
  },
};

/** Entries with a password that is known, or by a method that Node does not have (bzip2, LZMA, Deflate64), as 7-Zip reads them. */
async function openHard(
  part: RawPart,
  entries: readonly ZipEntry[],
  context: ExtractContext,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const odd = entries.filter((entry) => !entry.encrypted && !COMMON_METHODS.has(entry.method));
  const locked = context.passwords.length === 0 ? [] : entries.filter((entry) => entry.encrypted);
  if ((odd.length === 0 && locked.length === 0) || part.source.size > MAX_HARD) return new Map();
  const hard = new Set([...odd, ...locked].map((entry) => entry.name));
  const { expandWhole } = await import('./archive.ts');
  const found = await expandWhole(await readAll(part.source), context);
  return new Map([...found].filter(([name]) => hard.has(name)));
}

/** What can still be read of an archive without a sound directory; the archive stays incomplete. */
async function* salvage(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
  if (part.source.size > MAX_HARD) return;
  const repaired = await repairZip(part.source, context.budget);
  if (repaired !== null) {
    yield { kind: 'part', step: 'what is left', name: part.name, declaredType: null, source: repaired };
    return;
  }
  const { expandWhole } = await import('./archive.ts');
  const found = await expandWhole(await readAll(part.source), context);
  for (const [name, bytes] of found)
    yield { kind: 'part', step: name, name, declaredType: null, source: memorySource(bytes) };
}

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
  if (fault === null && part.type === 'application/epub+zip' && isEmbeddedFont(entry.name, Buffer.concat(chunks))) {
    yield { kind: 'text', step: entry.name, role: 'metadata', text: 'a font of the book' };
  } else if (fault === null || chunks.length > 0) {
    const source = memorySource(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks));
    yield { kind: 'part', step: entry.name, name: entry.name, declaredType: null, source };
  }
  if (fault !== null) {
    const step = chunks.length > 0 ? `${entry.name} › rest` : entry.name;
    yield { kind: 'incomplete', step, reason: fault.reason, detail: fault.message };
  }
}
