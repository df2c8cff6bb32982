import { memorySource } from '../core/byte-source.ts';
import { type CompoundLayout, openCompound } from './compound-file.ts';
import { asBuffer } from './decode-text.ts';
import { sniffType } from './detect-type.ts';
import type { Piece } from './extractor.ts';
import { printableStrings } from './printable-strings.ts';
import { Unreadable } from './unreadable.ts';

/** Whether bytes begin as a compound file does. */
export function isCompound(bytes: Uint8Array): boolean {
  return bytes.length > 8 && asBuffer(bytes).readUInt32BE(0) === 0xd0cf11e0;
}

/** What is in a compound file and in none of its streams. */
interface CompoundRest {
  /** What is wrong with the file, in words; empty where all of it is in its place. */
  readonly faults: readonly string[];
  /** Bytes that no stream of the tree has read, in the order of the file. */
  readonly unread: readonly Uint8Array[];
  /** The same with the words whole that begin or end in what was read. */
  readonly words: readonly Uint8Array[];
  /** What the file needs for itself, where no words belong. */
  readonly bookkeeping: readonly Uint8Array[];
}

const FREE = 0xffffffff;

const MAX_STRINGS = 1 << 20;

/**
 * What no stream of a compound file holds: its strings, a file that was joined to it, and what is wrong.
 *
 * A damaged file is never complete for it; an undamaged one is, whatever was deleted in it. Nothing for what is no compound file.
 */
export function* readCompoundRest(bytes: Uint8Array): Generator<Piece> {
  let rest: CompoundRest;
  try {
    rest = compoundRest(bytes, openCompound(bytes).layout());
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return;
    throw error;
  }
  const { faults, unread, words, bookkeeping } = rest;
  for (const [step, runs] of [
    ['unused sectors', words],
    ['tables', bookkeeping],
  ] as const) {
    const lines = printableStrings(Buffer.concat(runs.flatMap((run) => [run, APART])), MAX_STRINGS).split('\n');
    const text = [...new Set(lines)].join('\n');
    if (text !== '') yield { kind: 'text', step, role: 'metadata', text, hidden: true };
  }
  const end = bytes.byteOffset + bytes.length;
  const last = unread.find((run) => run.byteOffset + run.length === end && run.buffer === bytes.buffer);
  if (last !== undefined && isFile(last))
    yield { kind: 'part', step: 'after the file', name: null, declaredType: null, source: memorySource(last) };
  if (faults.length > 0)
    yield {
      kind: 'incomplete',
      step: 'damage',
      reason: 'corrupt',
      detail: `the compound file has ${faults.join(', ')}`,
    };
}

/** Stands between runs, so that strings do not run together. */
const APART = Buffer.alloc(2);

/** Files that begin with a signature or as mail does: other text in free sectors is read as strings. */
function isFile(bytes: Uint8Array): boolean {
  const type = sniffType(bytes);
  return type !== 'application/octet-stream' && !type.startsWith('text/');
}

/**
 * Compares what the streams of a compound file hold with what is in the file: sectors that no stream has, ends of sectors, streams
 * that the tree does not lead to.
 *
 * Free sectors are no fault, programs leave deleted text in them; that a chain is short, crosses another, or belongs to nobody is.
 */
function compoundRest(bytes: Uint8Array, layout: CompoundLayout): CompoundRest {
  const { sectorSize, miniSize, fat, slots } = layout;
  const file = asBuffer(bytes);
  const sectors = new Coverage(Math.ceil(file.length / sectorSize) - 1, sectorSize);
  const minis = new Coverage(Math.ceil(layout.miniStream.length / miniSize), miniSize);
  for (const id of layout.own) sectors.use(id);
  let lost = 0;
  let short = 0;
  for (const { size, isReached, chain, isMini } of slots) {
    if (!isReached) lost += 1;
    const unit = isMini ? miniSize : sectorSize;
    const coverage = isMini ? minis : sectors;
    // A chain that runs in a circle was not read.
    coverage.takeChain(chain, isReached && chain.length <= coverage.count ? size : 0);
    const end = chain.at(-1);
    const cut = isMini || end === undefined ? 0 : Math.max(0, (end + 2) * sectorSize - file.length);
    if (chain.length * unit - cut < size) short += 1;
  }
  let orphans = 0;
  for (let id = 0; id < Math.min(fat.length, sectors.count); id += 1)
    if (
      fat[id] !== FREE &&
      !sectors.isUsed(id) &&
      file.subarray((id + 1) * sectorSize, (id + 2) * sectorSize).some((byte) => byte !== 0)
    )
      orphans += 1;
  const counts: readonly (readonly [number, string])[] = [
    [lost, 'streams that no storage has'],
    [short, 'streams whose sectors are missing'],
    [sectors.crossed + minis.crossed, 'sectors that belong to two streams'],
    [sectors.beyond + minis.beyond, 'chains longer than their streams'],
    [orphans, 'sectors in use that belong to no stream'],
    [layout.brokenLinks, 'links to no stream'],
  ];
  const faults = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const data = file.subarray(sectorSize);
  const [inSectors, inMinis] = [sectors.unread(data), minis.unread(layout.miniStream)];
  const unread = [...inSectors, ...inMinis];
  const words = [
    ...inSectors.map((run) => withinWords(data, run)),
    ...inMinis.map((run) => withinWords(layout.miniStream, run)),
  ];
  return { faults, unread, words, bookkeeping: layout.bookkeeping };
}

/** Which bytes of a row of sectors something holds. */
class Coverage {
  readonly count: number;
  crossed = 0;
  beyond = 0;
  private readonly size: number;
  /** Bytes held of each sector; -1 where nobody has it. */
  private readonly held: Int32Array;

  constructor(count: number, size: number) {
    this.count = Math.max(0, count);
    this.size = size;
    this.held = new Int32Array(this.count).fill(-1);
  }

  isUsed(id: number): boolean {
    return (this.held[id] ?? 0) >= 0;
  }

  use(id: number, bytes = this.size): void {
    if (id >= this.count) return;
    if (this.isUsed(id)) this.crossed += 1;
    this.held[id] = Math.max(this.held[id] as number, bytes);
  }

  /** A stream of `size` bytes in these sectors. */
  takeChain(chain: readonly number[], size: number): void {
    for (const [at, id] of chain.entries()) this.use(id, Math.max(0, Math.min(this.size, size - at * this.size)));
    if (size > 0 && chain.length > Math.ceil(size / this.size)) this.beyond += 1;
  }

  /** Runs of bytes that nobody holds; runs of zeros are left out. */
  unread(bytes: Buffer): readonly Uint8Array[] {
    const found: Uint8Array[] = [];
    let start = -1;
    for (let id = 0; id <= this.count; id += 1) {
      const held = id === this.count ? this.size : Math.max(0, this.held[id] as number);
      if (held > 0 && start >= 0) {
        found.push(bytes.subarray(start, id * this.size));
        start = -1;
      }
      if (held < this.size && start < 0) start = id * this.size + held;
    }
    return found.filter((run) => run.some((byte) => byte !== 0));
  }
}

/** Bytes before and after a run that its first and last words may begin and end in. */
const SHARED_WORDS = 128;

/** The run, and what stands beside it where words go on over its end: damage parts a sentence between what is read and what is not. */
function withinWords(bytes: Buffer, run: Uint8Array): Uint8Array {
  const start = run.byteOffset - bytes.byteOffset;
  const end = start + run.length;
  const from = saysAt(bytes, start) && saysAt(bytes, start - 2) ? Math.max(0, start - SHARED_WORDS) : start;
  const to = saysAt(bytes, end) && saysAt(bytes, end - 2) ? end + SHARED_WORDS : end;
  return bytes.subarray(from, to);
}

/** Whether one of two bytes is a letter, as one of two is in UTF-16. */
function saysAt(bytes: Buffer, at: number): boolean {
  const one = bytes[at] ?? 0;
  const other = bytes[at + 1] ?? 0;
  return (one >= 32 && one < 127) || (other >= 32 && other < 127);
}
