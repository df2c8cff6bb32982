import { memorySource, readAll } from '../core/byte-source.ts';
import { type CompoundEntry, readCompoundFile } from './compound-file.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { attachmentName, attachmentPart, attachmentWords, mapiPieces } from './mapi-message.ts';
import { readNamedProperties } from './mapi-names.ts';
import { MAPI_TYPE, MapiProperties, type MapiProperty } from './mapi-property.ts';
import { readOle10Native } from './ole1-object.ts';

/** Outlook messages: headers, every form of the body, properties, attachments, messages inside messages. [MS-OXMSG]. */
export const outlookMessage: Extractor = {
  name: 'outlook-message',
  types: ['application/vnd.ms-outlook'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const root = readCompoundFile(await readAll(part.source));
    const names = readNamedProperties(root.children.find((entry) => entry.name === '__nameid_version1.0') ?? null);
    yield* messagePieces(root, names, 32, '', 0, context);
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
  const properties = readProperties(storage, headerSize, names, null);
  const recipients = storage.children
    .filter((entry) => entry.name.startsWith('__recip_version1.0'))
    .map((entry) => readProperties(entry, 8, names, properties.htmlCharset));
  yield* mapiPieces({ properties, recipients }, below, context);
  const given: string[] = [];
  let unnamed = 0;
  for (const entry of storage.children) {
    if (!entry.name.startsWith('__attach_version1.0')) continue;
    context.budget.checkTime();
    const attached = readProperties(entry, 8, names, properties.htmlCharset);
    const name = attachmentName(attached);
    given.push(attachmentWords(attached));
    if (name === null) unnamed += 1;
    const step = name ?? `attachment ${unnamed}`;
    const nested = entry.children.find(
      (child) => child.kind === 'storage' && /^__substg1\.0_3701000D$/i.test(child.name),
    );
    const data = attached.bytes(0x3701);
    if (nested === undefined) {
      if (data !== null) yield attachmentPart(attached, memorySource(data), below(step));
      else
        yield {
          kind: 'incomplete',
          step: below(step),
          reason: 'unsupported',
          detail: 'the attachment is a link or lies elsewhere',
        };
    } else if (nested.children.some((child) => child.name === '__properties_version1.0'))
      yield* messagePieces(nested, names, 24, below(step), depth + 1, context);
    else yield* objectPieces(nested, below(step));
  }
  if (given.some((words) => words !== ''))
    yield { kind: 'text', step: below('attachment names'), role: 'name', text: given.join('\n') };
}

/** An embedded object of another program: its streams, each typed by its own content. */
function* objectPieces(storage: CompoundEntry, step: string): Iterable<Piece> {
  let found = false;
  for (const child of storage.children) {
    if (child.kind !== 'stream') continue;
    const packed = child.name.endsWith('Ole10Native');
    // Streams that only describe the object: its class, its presentation, links.
    if (/^\p{Cc}(Ole|CompObj|OlePres.*|[A-Z]?ObjInfo|EPRINT|META|PIC)$/u.test(child.name)) continue;
    const { name, content } = packed ? readOle10Native(child.read()) : { name: null, content: child.read() };
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
): MapiProperties {
  const found: MapiProperty[] = [];
  const nameOf = (id: number): string | null => (id >= 0x8000 ? (names.get(id) ?? null) : null);
  const fixed = storage.children.find((entry) => entry.name === '__properties_version1.0');
  const table = asBuffer(fixed?.read() ?? new Uint8Array());
  for (let at = headerSize; at + 16 <= table.length; at += 16) {
    const type = table.readUInt16LE(at);
    const id = table.readUInt16LE(at + 2);
    if (type <= MAPI_TYPE.object && type !== 0x05 && type > 0x0b) continue;
    if (type < MAPI_TYPE.string8 || type === MAPI_TYPE.time)
      found.push({ id, type, values: [table.subarray(at + 8, at + 16)], name: nameOf(id) });
  }
  const streams = new Map(
    storage.children.filter((entry) => entry.kind === 'stream').map((entry) => [entry.name.toUpperCase(), entry]),
  );
  for (const [name, entry] of streams) {
    const shape = /^__SUBSTG1\.0_([0-9A-F]{4})([0-9A-F]{4})$/.exec(name);
    if (shape === null) continue;
    const id = Number.parseInt(shape[1] as string, 16);
    const full = Number.parseInt(shape[2] as string, 16);
    const type = full & ~MAPI_TYPE.multiple;
    const values: Uint8Array[] = [];
    if ((full & MAPI_TYPE.multiple) === 0) values.push(entry.read());
    else
      for (let each = 0; ; each += 1) {
        const value = streams.get(`${name}-${each.toString(16).toUpperCase().padStart(8, '0')}`);
        if (value === undefined) break;
        values.push(value.read());
      }
    found.push({ id, type, values, name: nameOf(id) });
  }
  return new MapiProperties(found, charset);
}
