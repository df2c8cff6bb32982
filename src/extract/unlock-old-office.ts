import type * as SheetJs from '@e965/xlsx';
import { memorySource, readAll } from '../core/byte-source.ts';
import { findStream, readCompoundFile } from './compound-file.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Piece, RawPart } from './extractor.ts';
import { lockedProperties } from './locked-properties.ts';
import { BUILT_IN_PASSWORDS } from './office-crypto.ts';
import { tryPasswords } from './try-passwords.ts';
import { documentLock, type OpenedStreams, type Streams, type StreamsLock } from './unlock-document.ts';
import { presentationLock } from './unlock-presentation.ts';
import { workbookLock } from './unlock-workbook.ts';
import { Unreadable } from './unreadable.ts';

/**
 * A locked `.doc`, `.xls` or `.ppt` opened with one of the passwords at hand, as the pieces that stand for it; `null` where it has
 * no lock. One that stays closed is incomplete.
 */
export async function unlockOldOffice(part: RawPart, context: ExtractContext): Promise<readonly Piece[] | null> {
  const bytes = asBuffer(await readAll(part.source));
  let lock: StreamsLock | null;
  let streams: Streams;
  try {
    streams = streamsOf(bytes);
    lock = lockOf(streams);
  } catch (error) {
    // What is no sound compound file is read by those who look for what is left of it.
    if (!(error instanceof Unreadable) || error.reason === 'corrupt') return null;
    return [{ kind: 'incomplete', step: null, reason: 'encrypted', detail: error.message }];
  }
  if (lock === null) return null;
  const opened = await tryPasswords(context, BUILT_IN_PASSWORDS, lock.open);
  if (opened === null)
    return [{ kind: 'incomplete', step: null, reason: 'encrypted', detail: 'the document needs a password' }];
  const properties = propertiesOf(streams, opened);
  const source = memorySource(await rewrite(bytes, streams, opened.streams, properties));
  const pieces: Piece[] = [{ kind: 'part', step: 'decrypted', name: part.name, declaredType: null, source }];
  if (streams.has('pictures') && !opened.streams.has('pictures'))
    pieces.push({ kind: 'incomplete', step: 'pictures', reason: 'encrypted', detail: 'the pictures stay encrypted' });
  return pieces;
}

const LOCKED_PROPERTIES = 'encryption';
const LOCKED = [
  'Workbook',
  'Book',
  'WordDocument',
  '0Table',
  '1Table',
  'Data',
  'PowerPoint Document',
  'Current User',
  'Pictures',
  LOCKED_PROPERTIES,
];

function streamsOf(bytes: Buffer): Streams {
  if (bytes.readUInt16LE(0) === 0x0809) return new Map([['book', bytes]]);
  const root = readCompoundFile(bytes);
  const streams = new Map<string, Buffer>();
  for (const name of LOCKED) {
    const entry = findStream(root, name);
    if (entry !== null) streams.set(name.toLowerCase(), asBuffer(entry.read()));
  }
  return streams;
}

function lockOf(streams: Streams): StreamsLock | null {
  for (const name of ['workbook', 'book']) {
    const lock = streams.has(name) ? workbookLock(streams.get(name) as Buffer) : null;
    if (lock === null) continue;
    return {
      open(password) {
        const opened = lock.open(password);
        return opened === null ? null : { streams: new Map([...streams, [name, opened.stream]]), key: opened.key };
      },
    };
  }
  return documentLock(streams) ?? presentationLock(streams);
}

interface Compound {
  readonly FileIndex: { readonly name: string; content: Uint8Array; size: number; readonly type: number }[];
}

function propertiesOf(streams: Streams, opened: OpenedStreams): ReadonlyMap<string, Buffer> {
  const locked = streams.get(LOCKED_PROPERTIES);
  return locked === undefined || opened.key === null ? new Map() : lockedProperties(locked, opened.key);
}

/** The file with its streams replaced; before compound files the stream is the file. */
async function rewrite(
  bytes: Buffer,
  before: Streams,
  after: Streams,
  properties: ReadonlyMap<string, Buffer>,
): Promise<Uint8Array> {
  if (bytes.readUInt16LE(0) === 0x0809) return after.get('book') ?? bytes;
  const library = (await import('@e965/xlsx')) as unknown as { readonly default?: typeof SheetJs } & typeof SheetJs;
  const { CFB } = (library.default ?? library) as unknown as {
    readonly CFB: {
      readonly read: (bytes: Buffer, options: { readonly type: 'buffer' }) => Compound;
      readonly utils: {
        readonly cfb_add: (file: Compound, path: string, content: Uint8Array) => void;
        readonly cfb_del: (file: Compound, path: string) => void;
      };
      readonly write: (file: Compound, options: { readonly type: 'buffer' }) => Uint8Array;
    };
  };
  const file = CFB.read(bytes, { type: 'buffer' });
  for (const entry of file.FileIndex) {
    const name = entry.name.toLowerCase();
    if (entry.type !== 2 || !before.has(name)) continue;
    const content = after.get(name) ?? Buffer.alloc(0);
    entry.content = content;
    entry.size = content.length;
  }
  // A reader takes this stream for a lock, whatever it holds.
  CFB.utils.cfb_del(file, `/${LOCKED_PROPERTIES}`);
  for (const [name, content] of properties) {
    CFB.utils.cfb_del(file, `/${name}`);
    CFB.utils.cfb_add(file, `/${name}`, content);
  }
  return CFB.write(file, { type: 'buffer' });
}
