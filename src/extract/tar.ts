import type { ByteSource } from '../core/byte-source.ts';
import { decodeText } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { printableStrings } from './printable-strings.ts';
import { sliceSource } from './slice-source.ts';

/** Kinds of links, devices and folders. */
const WITHOUT_BYTES = '123456';
const BLOCK = 512;
/** Long names and pax records are read into memory; more is no name. */
const MAX_META = 1 << 20;

interface Header {
  readonly name: string;
  readonly link: string;
  readonly size: number;
  readonly kind: string;
}

/** Tar archives: ustar, GNU and pax, names of any length. POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format". */
export const tar: Extractor = {
  name: 'tar',
  types: ['application/x-tar'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const { source } = part;
    const names: string[] = [];
    let longName: string | null = null;
    let longLink: string | null = null;
    let sizeTold: number | null = null;
    let isMapped = false;
    let at = 0;
    let damaged: string | null = null;
    const padding: Buffer[] = [];
    while (at + BLOCK <= source.size) {
      context.budget.checkTime();
      const block = Buffer.from(await source.read(at, at + BLOCK));
      if (block.every((byte) => byte === 0)) break;
      const header = readHeader(block);
      if (header === null) {
        damaged = 'a header of the tar file is damaged';
        break;
      }
      const start = at + BLOCK + (header.kind === 'S' ? await mapSize(source, block, at) : 0);
      const told = sizeTold ?? header.size;
      // Some programs give folders and links a size, and no bytes: the next header follows at once.
      const isFolder = header.kind === '0' && header.name.endsWith('/');
      const mayBeEmpty = told > 0 && (isFolder || WITHOUT_BYTES.includes(header.kind));
      const isEmpty = mayBeEmpty && (await isHeaderAt(source, start));
      const size = isEmpty ? 0 : told;
      at = start + Math.ceil(size / BLOCK) * BLOCK;
      if ('LKxg'.includes(header.kind)) {
        const meta = decodeText(await source.read(start, start + Math.min(size, MAX_META)), 'utf-8');
        if (header.kind === 'L') longName = meta.replace(/\0.*$/s, '');
        else if (header.kind === 'K') longLink = meta.replace(/\0.*$/s, '');
        else {
          const records = paxRecords(meta);
          longName = records.get('GNU.sparse.name') ?? records.get('path') ?? longName;
          isMapped ||= records.get('GNU.sparse.major') === '1';
          longLink = records.get('linkpath') ?? longLink;
          const length = Number(records.get('size'));
          sizeTold = records.has('size') && Number.isSafeInteger(length) && length >= 0 ? length : sizeTold;
          const comment = records.get('comment');
          if (comment !== undefined) yield { kind: 'text', step: 'comments', role: 'metadata', text: comment };
        }
        continue;
      }
      const name = longName ?? header.name;
      const link = longLink ?? header.link;
      longName = null;
      longLink = null;
      sizeTold = null;
      names.push(link === '' ? name : `${name} -> ${link}`);
      // Links and folders have no bytes; where one has, they are somebody's.
      if (WITHOUT_BYTES.includes(header.kind) && size === 0) continue;
      // Where the holes of a sparse file lie is left out: its bytes follow one another.
      const from = isMapped ? start + (await mapLength(source, start, size)) : start;
      isMapped = false;
      yield { kind: 'part', step: name, name, declaredType: null, source: sliceSource(source, from, start + size) };
      if (start + size > source.size) damaged = 'the tar file is cut off';
      else if (start + size < at) padding.push(Buffer.from(await source.read(start + size, Math.min(at, source.size))));
    }
    if (names.length > 0) yield { kind: 'text', step: 'names', role: 'name', text: names.join('\n') };
    const between = printableStrings(Buffer.concat(padding.filter((one) => one.some((byte) => byte !== 0))), MAX_META);
    if (between !== '')
      yield { kind: 'text', step: 'between the files', role: 'metadata', text: between, hidden: true };
    if (damaged !== null) yield { kind: 'incomplete', step: null, reason: 'corrupt', detail: damaged };
    else if (at === 0) yield { kind: 'incomplete', step: null, reason: 'corrupt', detail: 'the tar file is cut off' };
    else if (await hasBytes(part, at)) {
      const rest = sliceSource(source, at, source.size);
      yield { kind: 'part', step: 'after the end', name: null, declaredType: null, source: rest };
    }
  },
};

async function isHeaderAt(source: ByteSource, at: number): Promise<boolean> {
  return at + BLOCK <= source.size && readHeader(Buffer.from(await source.read(at, at + BLOCK))) !== null;
}

/** Blocks after the header of a sparse file that go on with the list of its pieces (GNU, before pax). */
async function mapSize(source: ByteSource, header: Buffer, at: number): Promise<number> {
  let size = 0;
  for (let goesOn = header[482] !== 0; goesOn && at + BLOCK + size < source.size; size += BLOCK)
    goesOn = (await source.read(at + BLOCK + size + 504, at + BLOCK + size + 505))[0] === 1;
  return size;
}

/** Bytes at the start of a sparse file's data (pax, format 1.0) that list its pieces: numbers, a line each, in whole blocks. */
async function mapLength(source: ByteSource, start: number, size: number): Promise<number> {
  const head = Buffer.from(await source.read(start, start + Math.min(size, MAX_META))).toString('latin1');
  const count = Number(/^\d+/.exec(head)?.[0] ?? 0);
  let end = 0;
  for (let line = 0; line <= 2 * count && end >= 0; line += 1) end = head.indexOf('\n', end) + 1 || -1;
  return end < 0 ? 0 : Math.ceil(end / BLOCK) * BLOCK;
}

function readHeader(block: Buffer): Header | null {
  let sum = 8 * 32;
  for (let at = 0; at < BLOCK; at += 1) if (at < 148 || at >= 156) sum += block[at] as number;
  if (octal(block, 148, 8) !== sum) return null;
  const size = octal(block, 124, 12);
  if (size === null) return null;
  const ustar = block.toString('latin1', 257, 262) === 'ustar';
  const prefix = ustar && block[263] === 0x30 ? field(block, 345, 155) : '';
  const name = field(block, 0, 100);
  const kind = String.fromCharCode(block[156] || 0x30);
  return { name: prefix === '' ? name : `${prefix}/${name}`, link: field(block, 157, 100), size, kind };
}

function field(block: Buffer, start: number, length: number): string {
  const raw = block.subarray(start, start + length);
  const end = raw.indexOf(0);
  return decodeText(end < 0 ? raw : raw.subarray(0, end), 'utf-8');
}

/** Octal digits, or base 256 where the first bit is set (GNU). */
function octal(block: Buffer, start: number, length: number): number | null {
  if (((block[start] as number) & 0x80) !== 0) {
    let value = 0;
    for (let at = start + 1; at < start + length; at += 1) value = value * 256 + (block[at] as number);
    return Number.isSafeInteger(value) ? value : null;
  }
  const digits = block
    .toString('latin1', start, start + length)
    .replace(/\0.*$/s, '')
    .trim();
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : null;
}

/** `LENGTH KEY=VALUE\n`; lengths count bytes, and lines do as well where they lie. */
function paxRecords(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^\d+ ([^=\n]+)=(.*)$/gm)].map((match) => [match[1] as string, match[2] as string] as const),
  );
}

async function hasBytes(part: RawPart, start: number): Promise<boolean> {
  for (let at = start; at < part.source.size; at += 1 << 20) {
    const chunk = await part.source.read(at, at + (1 << 20));
    if (chunk.some((byte) => byte !== 0)) return true;
  }
  return false;
}
