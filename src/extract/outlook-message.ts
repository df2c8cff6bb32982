import { memorySource, readAll } from '../core/byte-source.ts';
import { type CompoundEntry, readCompoundFile } from './compound-file.ts';
import { readCompoundRest } from './compound-rest.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { attachmentName, attachmentPart, attachmentWords, mapiPieces } from './mapi-message.ts';
import { readNamedProperties } from './mapi-names.ts';
import { MAPI_TYPE, MapiProperties, type MapiProperty } from './mapi-property.ts';
import { readOle10Native } from './ole1-object.ts';
import { printableStrings } from './printable-strings.ts';
import { Unreadable } from './unreadable.ts';
import { writeCompound } from './write-compound.ts';

const ATTACH_METHOD = 0x3705;
/** afByReference and its kin have no content here: [MS-OXCMSG] 2.2.2.9. */
const BY_REFERENCE = 2;
/** Properties of words, which no bytes are. */
const WORDS = new Set([0x0037, 0x007d, 0x1000]);
/** Types of which each value is a stream: [MS-OXMSG] 2.1.3 and 2.1.4. Several values of a fixed type are one stream. */
const STREAMED: ReadonlySet<number> = new Set([0x0d, 0x1e, 0x1f, 0x48, 0xfb, 0xfd, 0xfe, 0x102]);
/** What makes a storage a file of its own. */
const DOCUMENT_STREAM = /^(WordDocument|Workbook|Book|PowerPoint Document|VisioDocument|EncryptedPackage)$/i;

/** Names of what a message, a recipient or an attachment is made of: [MS-OXMSG] 2.2. */
const KNOWN =
  /^__(properties_version1\.0|nameid_version1\.0|(recip|attach)_version1\.0_#[0-9A-F]{8}|substg1\.0_[0-9A-F]{8}(-[0-9A-F]{8})?)$/i;
const MAX_STRINGS = 1 << 20;
/** Bytes of a stream that some writers put in to say who they are. */
const MAX_STAMP = 64;

/** What of a message could not be read as the property it is. */
interface Unread {
  /** Names of streams whose sectors are broken. */
  readonly damaged: string[];
  /** Entries that are nothing a message is made of: a name or a type is damaged. */
  readonly strangers: CompoundEntry[];
}

/** Outlook messages: headers, every form of the body, properties, attachments, messages inside messages. [MS-OXMSG]. */
export const outlookMessage: Extractor = {
  name: 'outlook-message',
  types: ['application/vnd.ms-outlook'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const bytes = await readAll(part.source);
    const root = readCompoundFile(bytes);
    const names = readNamedProperties(root.children.find((entry) => entry.name === '__nameid_version1.0') ?? null);
    yield* messagePieces(root, names, 32, '', 0, context);
    yield* readCompoundRest(bytes);
  },
};

function* messagePieces(
  storage: CompoundEntry,
  names: ReadonlyMap<number, string>,
  headerSize: number,
  prefix: string,
  depth: number,
  context: ExtractContext,
): Iterable<Piece> {
  const below = (step: string): string => (prefix === '' ? step : `${prefix} › ${step}`);
  if (depth > context.budget.limits.depth) {
    yield { kind: 'incomplete', step: below('messages'), reason: 'too-deep' };
    return;
  }
  const unread: Unread = { damaged: [], strangers: [] };
  const { damaged, strangers } = unread;
  const properties = readProperties(storage, headerSize, names, null, unread);
  const charset = properties.stringCharset;
  const recipients = storage.children
    .filter((entry) => entry.name.startsWith('__recip_version1.0'))
    .map((entry) => readProperties(entry, 8, names, charset, unread));
  yield* mapiPieces({ properties, recipients }, below, context);
  const given: string[] = [];
  let unnamed = 0;
  for (const entry of storage.children) {
    if (!entry.name.startsWith('__attach_version1.0')) continue;
    context.budget.checkTime();
    const attached = readProperties(entry, 8, names, charset, unread);
    const name = attachmentName(attached);
    given.push(attachmentWords(attached));
    if (name === null) unnamed += 1;
    const step = name ?? `attachment ${unnamed}`;
    const nested = entry.children.find(
      (child) => child.kind === 'storage' && /^__substg1\.0_3701000D$/i.test(child.name),
    );
    const data = attached.bytes(0x3701);
    if (nested === undefined) {
      if (data !== null && (data.length > 0 || attached.number(ATTACH_METHOD) !== BY_REFERENCE))
        yield attachmentPart(attached, memorySource(data), below(step));
      else
        yield {
          kind: 'incomplete',
          step: below(step),
          reason: 'unsupported',
          detail: 'the attachment is a link or lies elsewhere',
        };
    } else if (nested.children.some((child) => child.name === '__properties_version1.0'))
      yield* messagePieces(nested, names, 24, below(step), depth + 1, context);
    else yield* objectPieces(nested, below(step), context);
  }
  if (given.some((words) => words !== ''))
    yield { kind: 'text', step: below('attachment names'), role: 'name', text: given.join('\n') };
  yield* strangerPieces(strangers, below);
  if (damaged.length > 0)
    yield {
      kind: 'incomplete',
      step: below('damaged properties'),
      reason: 'corrupt',
      detail: `${damaged.length} of the message's streams cannot be read: ${damaged.slice(0, 3).join(', ')}`,
    };
}

/** Entries under no name or type that a message has: the strings in them, and that they are damaged. */
function* strangerPieces(strangers: readonly CompoundEntry[], below: (step: string) => string): Iterable<Piece> {
  const read = strangers.map((entry) => ({
    entry,
    text: stringsOf(entry)
      .filter((one) => one !== '')
      .join('\n'),
  }));
  const held = read.filter(({ entry, text }) => text !== '' || entry.size > MAX_STAMP);
  const [first] = held;
  if (first === undefined) return;
  const texts = held.map(({ text }) => text).filter((text) => text !== '');
  const step = below('other streams');
  if (texts.length > 0) yield { kind: 'text', step, role: 'body', text: texts.join('\n').slice(0, MAX_STRINGS) };
  const detail = `${held.length} of the message's streams are no properties: ${first.entry.name}`;
  yield { kind: 'incomplete', step, reason: 'corrupt', detail };
}

function stringsOf(entry: CompoundEntry): readonly string[] {
  if (entry.kind !== 'stream') return entry.children.flatMap(stringsOf);
  try {
    return [printableStrings(entry.read(), MAX_STRINGS)];
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

/** An embedded object of another program: a document of its own, or streams each typed by its content. */
function* objectPieces(storage: CompoundEntry, step: string, context: ExtractContext): Iterable<Piece> {
  if (storage.children.some((child) => DOCUMENT_STREAM.test(child.name))) {
    const file = writeCompound(storage);
    if (file !== null) {
      context.budget.takeBytes(file.length);
      yield { kind: 'part', step, name: null, declaredType: null, source: memorySource(file) };
      return;
    }
  }
  let found = false;
  for (const child of storage.children) {
    if (child.kind !== 'stream') continue;
    const packed = child.name.endsWith('Ole10Native');
    // Streams that only describe the object: its class, its presentation, links.
    if (/^\p{Cc}(Ole|CompObj|OlePres.*|[A-Z]?ObjInfo|EPRINT|META|PIC)$/u.test(child.name)) continue;
    const { name, content } = packed ? readOle10Native(child.read()) : { name: null, content: child.read() };
    if (content.length === 0) continue;
    found = true;
    const inner = name ?? child.name.replace(/\p{Cc}/gu, '');
    yield { kind: 'part', step: `${step} › ${inner}`, name, declaredType: null, source: memorySource(content) };
  }
  if (!found) yield { kind: 'incomplete', step, reason: 'unsupported', detail: 'an embedded object without content' };
}

function readProperties(
  storage: CompoundEntry,
  headerSize: number,
  names: ReadonlyMap<number, string>,
  charset: string | null,
  unread: Unread,
): MapiProperties {
  // One broken stream costs its own property, not the message.
  const read = (entry: CompoundEntry): Uint8Array => {
    try {
      return entry.read();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      unread.damaged.push(entry.name);
      return new Uint8Array();
    }
  };
  const found: MapiProperty[] = [];
  const nameOf = (id: number): string | null => (id >= 0x8000 ? (names.get(id) ?? null) : null);
  const fixed = storage.children.find((entry) => entry.name === '__properties_version1.0');
  const table = asBuffer(fixed === undefined ? new Uint8Array() : read(fixed));
  for (let at = headerSize; at + 16 <= table.length; at += 16) {
    const type = table.readUInt16LE(at);
    const id = table.readUInt16LE(at + 2);
    if (type <= MAPI_TYPE.object && type !== 0x05 && type > 0x0b) continue;
    if (type < MAPI_TYPE.string8 || type === MAPI_TYPE.time)
      found.push({ id, type, values: [table.subarray(at + 8, at + 16)], name: nameOf(id) });
  }
  unread.strangers.push(...storage.children.filter(({ kind, name }) => kind === 'storage' && !KNOWN.test(name)));
  const streams = new Map(
    storage.children.filter((entry) => entry.kind === 'stream').map((entry) => [entry.name.toUpperCase(), entry]),
  );
  for (const [name, entry] of streams) {
    const shape = /^__SUBSTG1\.0_([0-9A-F]{4})([0-9A-F]{4})$/.exec(name);
    if (shape === null) {
      if (!KNOWN.test(name)) unread.strangers.push(entry);
      continue;
    }
    const id = Number.parseInt(shape[1] as string, 16);
    const full = Number.parseInt(shape[2] as string, 16);
    const type = full & ~MAPI_TYPE.multiple;
    const values: Uint8Array[] = [];
    const isMultiple = (full & MAPI_TYPE.multiple) !== 0;
    if (!isMultiple) values.push(read(entry));
    else
      for (let each = 0; ; each += 1) {
        const value = streams.get(`${name}-${each.toString(16).toUpperCase().padStart(8, '0')}`);
        if (value === undefined) break;
        values.push(read(value));
      }
    found.push({ id, type, values, name: nameOf(id) });
    if (STREAMED.has(type) ? values.length === 0 || (WORDS.has(id) && type === MAPI_TYPE.binary) : !isMultiple)
      unread.strangers.push(entry);
  }
  return new MapiProperties(found, charset);
}
