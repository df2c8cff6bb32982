import { memorySource, readAll } from '../core/byte-source.ts';
import type { IncompleteReason } from '../core/part.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { innerName } from './gzip.ts';
import { runSevenZip, type SevenZipRun, type WriteGuard } from './seven-zip.ts';
import { Unreadable } from './unreadable.ts';

/** Formats of one stream without a name of its own. */
const STREAMS = new Set(['application/x-bzip2', 'application/x-xz', 'application/x-lzma', 'application/x-compress']);
/** An archive is held in memory twice while it is read. */
const MAX_ARCHIVE = 512 * 1024 ** 2;

/** Archives that 7-Zip reads: 7z, RAR, CAB, ISO 9660, xz, bzip2, compress, LZH, ARJ, cpio, ar. */
export const archive: Extractor = {
  name: 'archive',
  types: [
    'application/x-7z-compressed',
    'application/vnd.rar',
    'application/vnd.ms-cab-compressed',
    'application/x-iso9660-image',
    'application/x-xz',
    'application/x-lzma',
    'application/x-bzip2',
    'application/x-compress',
    'application/x-lzh',
    'application/x-arj',
    'application/x-cpio',
    'application/x-archive',
    'application/x-xar',
    'application/x-ms-wim',
    'application/vnd.ms-htmlhelp',
    'application/x-rpm',
    'application/x-squashfs',
  ],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    if (part.source.size > MAX_ARCHIVE) throw new Unreadable('too-large', 'the archive is over 512 MB');
    const bytes = await readAll(part.source);
    yield* archivePieces(bytes, part, context);
  },
};

/** The entries of an archive; an encrypted one is tried with each password. */
export async function* archivePieces(bytes: Uint8Array, part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
  const stream = STREAMS.has(part.type);
  const listed = readListing(await runSevenZip('l', bytes, null, () => context.budget.checkTime()));
  if (listed.comment !== '') yield { kind: 'text', step: 'comments', role: 'metadata', text: listed.comment };
  if (!stream && listed.entries.length > 0)
    yield { kind: 'text', step: 'names', role: 'name', text: listed.entries.map((entry) => entry.name).join('\n') };
  const run = await expand(bytes, listed, context);
  const faults = readFaults(run);
  const seen = new Set<string>();
  for (const file of run.files) {
    const name = stream ? innerName(part.name) : file.name;
    const fault = stream ? [...faults.values()][0] : faults.get(file.name);
    seen.add(file.name);
    // A file that a wrong password made is noise, not content.
    if (fault !== 'encrypted' && !(fault !== undefined && file.bytes.length === 0))
      yield { kind: 'part', step: name, name, declaredType: null, source: memorySource(file.bytes) };
    if (fault !== undefined)
      yield { kind: 'incomplete', step: fault === 'encrypted' ? name : `${name} › rest`, reason: fault };
  }
  for (const { name, folder, encrypted } of stream ? [] : listed.entries)
    if (!folder && !seen.has(name))
      yield { kind: 'incomplete', step: name, reason: faults.get(name) ?? (encrypted ? 'encrypted' : 'corrupt') };
  if (run.stopped instanceof Unreadable) throw run.stopped;
  const tail = tailOf(run, bytes);
  if (tail.some((byte) => byte !== 0 && byte !== 0x0a))
    yield { kind: 'part', step: 'after the end', name: null, declaredType: null, source: memorySource(tail) };
  const overall = overallFault(run, listed, faults.size, bytes);
  if (overall !== null)
    yield { kind: 'incomplete', step: null, reason: overall, detail: 'the archive cannot be read in full' };
}

/** The files of an archive that come out whole, by name: what a stricter reader cannot open. */
export async function expandWhole(
  bytes: Uint8Array,
  context: ExtractContext,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const listed = readListing(await runSevenZip('l', bytes, null, () => context.budget.checkTime()));
  const run = await expand(bytes, listed, context);
  const faults = readFaults(run);
  const sizes = new Map(listed.entries.map((entry) => [entry.name, entry.size]));
  // Where the budget stopped the run, the file being written is not whole.
  const isWhole = (file: SevenZipRun['files'][number]): boolean =>
    !faults.has(file.name) && (run.stopped === null || sizes.get(file.name) === file.bytes.length);
  return new Map(run.files.filter(isWhole).map((file) => [file.name, file.bytes]));
}

async function expand(bytes: Uint8Array, listed: Listing, context: ExtractContext): Promise<SevenZipRun> {
  let written = 0;
  let quiet = 0;
  const guard: WriteGuard = (count) => {
    written += count;
    context.budget.checkRatio(bytes.length, written);
    context.budget.takeBytes(count);
    quiet += 1;
    if (written > MAX_ARCHIVE * 2) throw new Unreadable('too-large', 'the archive expands past 1 GB');
    if (quiet % 64 === 0) context.budget.checkTime();
  };
  const candidates = listed.encrypted || hasLockedHeader(bytes) ? [null, ...context.passwords] : [null];
  let best: SevenZipRun | null = null;
  for (const password of candidates) {
    const end = password === null ? () => undefined : context.budget.beginTrial();
    if (end === null) break;
    const run = await runSevenZip('x', bytes, password, guard);
    end();
    if (best === null || isBetter(run, best)) best = run;
    if (run.stopped instanceof Unreadable) break;
    if (run.stopped === null && ![...readFaults(run).values()].includes('encrypted') && !cannotOpen(run)) break;
  }
  return best as SevenZipRun;
}

interface ListedEntry {
  readonly name: string;
  readonly folder: boolean;
  readonly encrypted: boolean;
  /** As the archive says; null where it does not. */
  readonly size: number | null;
}

interface Listing {
  readonly entries: readonly ListedEntry[];
  readonly comment: string;
  readonly encrypted: boolean;
}

/** `7z l -slt` prints the archive's properties, a line of dashes, then a block of `Key = value` for each entry. */
function readListing({ lines }: SevenZipRun): Listing {
  const divider = lines.indexOf('----------');
  const head = divider < 0 ? lines : lines.slice(0, divider);
  const entries: { name: string; folder: boolean; encrypted: boolean; size: number | null }[] = [];
  for (const line of divider < 0 ? [] : lines.slice(divider + 1)) {
    const last = entries.at(-1);
    if (line.startsWith('Path = ')) entries.push({ name: line.slice(7), folder: false, encrypted: false, size: null });
    else if (last === undefined) continue;
    else if (line === 'Folder = +' || /^Attributes = D|^Attributes = [A-Z]*D/.test(line)) last.folder = true;
    else if (line === 'Encrypted = +') last.encrypted = true;
    else if (/^Size = \d+$/.test(line)) last.size = Number(line.slice(7));
  }
  const above = new Set(entries.map(({ name }) => name.replace(/[/\\][^/\\]*$/, '')));
  for (const entry of entries) entry.folder ||= above.has(entry.name) && entry.size === null;
  const commentAt = head.findIndex((line) => line.startsWith('Comment = '));
  const comment = commentAt < 0 ? '' : head.slice(commentAt).join('\n').slice('Comment = '.length).trim();
  return { entries, comment, encrypted: entries.some((entry) => entry.encrypted) || head.some(isEncryptedLine) };
}

/** Faults by file: `ERROR: Data Error : name`. */
function readFaults({ lines }: SevenZipRun): ReadonlyMap<string, IncompleteReason> {
  const faults = new Map<string, IncompleteReason>();
  for (const line of lines) {
    const shape = /^ERROR: (.*?) : (.*)$/.exec(line);
    if (shape === null || shape[2] === undefined) continue;
    const what = shape[1] as string;
    const reason = /password/i.test(what) ? 'encrypted' : /unsupported/i.test(what) ? 'unsupported' : 'corrupt';
    faults.set(shape[2], reason);
  }
  return faults;
}

/** A run that ended beats one that did not, then fewer faults, then more files. */
function isBetter(run: SevenZipRun, best: SevenZipRun): boolean {
  if ((run.stopped === null) !== (best.stopped === null)) return run.stopped === null;
  return readFaults(run).size < readFaults(best).size || run.files.length > best.files.length;
}

/** A 7z file whose names are encrypted: the header at its end names the AES coder. 7-Zip may crash on it without the password. */
function hasLockedHeader(bytes: Uint8Array): boolean {
  const end = Buffer.from(
    bytes.buffer,
    bytes.byteOffset + Math.max(0, bytes.length - 4096),
    Math.min(4096, bytes.length),
  );
  return bytes[0] === 0x37 && bytes[1] === 0x7a && end.includes(Buffer.from('06f10701', 'hex'));
}

function overallFault(run: SevenZipRun, listed: Listing, faults: number, bytes: Uint8Array): IncompleteReason | null {
  if (run.stopped !== null) return hasLockedHeader(bytes) ? 'encrypted' : 'crashed';
  if (run.lines.some(isEncryptedLine) && run.files.length === 0) return 'encrypted';
  if (cannotOpen(run)) return 'corrupt';
  // Bytes after the end are opened on their own, where it is told how many they are.
  const hasTail = run.lines.some((line) => line.startsWith('Tail Size = '));
  const warned = run.lines.some(
    (line, at) =>
      /^(ERRORS?:|Unexpected end of (archive|data))/.test(line) ||
      (/^WARNINGS?:/.test(line) && !(hasTail && /data after the end/.test(run.lines[at + 1] ?? ''))),
  );
  if (warned && faults === 0) return 'corrupt';
  return run.files.length === 0 && listed.entries.length === 0 ? 'corrupt' : null;
}

/** What follows the archive in the file, as far as 7-Zip tells. */
function tailOf({ lines }: SevenZipRun, bytes: Uint8Array): Uint8Array {
  const told = lines.find((line) => line.startsWith('Tail Size = '));
  const size = told === undefined ? 0 : Number(told.slice('Tail Size = '.length));
  return bytes.subarray(bytes.length - Math.min(size, bytes.length));
}

function isEncryptedLine(line: string): boolean {
  return /cannot open encrypted archive/i.test(line);
}

function cannotOpen({ lines }: SevenZipRun): boolean {
  return lines.some((line) => /^Can't open as archive|Cannot open the file as/i.test(line));
}
