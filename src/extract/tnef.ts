import { memorySource, readAll } from '../core/byte-source.ts';
import { asBuffer, decodeText } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { readMapiBlock, readMapiRows } from './mapi-block.ts';
import { attachmentName, attachmentWords, mapiPieces } from './mapi-message.ts';
import { charsetOfCodePage, MAPI_TYPE, MapiProperties, type MapiProperty } from './mapi-property.ts';
import { printableStrings } from './printable-strings.ts';
import { readTnefAttributes } from './tnef-attribute.ts';

const OEM_CODE_PAGE = 0x9007;
const MESSAGE_PROPERTIES = 0x9003;
const RECIPIENTS = 0x9004;
const ATTACHMENT_START = 0x9002;
const ATTACHMENT_DATA = 0x800f;
const ATTACHMENT_TITLE = 0x8010;
const ATTACHMENT_PICTURE = 0x8011;
const ATTACHMENT_PROPERTIES = 0x9005;
const SENDER = 0x8000;
const DATE = 3;
/** Attributes with words whose kind does not say so: owner, sent for, delegate, sender, message class, file name. */
const SPOKEN = new Set([0x0000, 0x0001, 0x0002, SENDER, 0x8008, 0x9001]);
const OF_ATTACHMENT = new Set([ATTACHMENT_DATA, ATTACHMENT_TITLE, ATTACHMENT_PICTURE, ATTACHMENT_PROPERTIES]);
/** Kinds and ids that [MS-OXTNEF] names end here; what a writer or damage puts beyond may be words. */
const LAST_KIND = 8;
const LAST_ID = 0x9fff;
const MAX_STRINGS = 1 << 20;
const BODY = 0x800c;
const SUBJECT = 0x8004;

interface Attached {
  title: string | null;
  data: Uint8Array | null;
  picture: Uint8Array | null;
  properties: MapiProperty[];
}

const LENGTHS = 8;

/** A sender begins with its kind and three lengths; where words stand there, damage gave its number to another attribute. */
function withoutLengths(data: Buffer): Buffer {
  return /[a-z]{2}/i.test(data.toString('latin1', 0, LENGTHS)) ? data : data.subarray(LENGTHS);
}

/** `winmail.dat`: the message inside with every form of its body, and its attachments. [MS-OXTNEF]. */
export const tnef: Extractor = {
  name: 'tnef',
  types: ['application/ms-tnef'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const { attributes, whole } = readTnefAttributes(asBuffer(await readAll(part.source)));
    const codePage = attributes.find((one) => one.id === OEM_CODE_PAGE)?.data;
    const charset = codePage !== undefined && codePage.length >= 4 ? charsetOfCodePage(codePage.readUInt32LE(0)) : null;
    const message: MapiProperty[] = [];
    let recipients: readonly MapiProperties[] = [];
    const attached: Attached[] = [];
    const words: string[] = [];
    for (const { id, kind, data } of attributes) {
      context.budget.checkTime();
      // An attachment that some writers begin without saying so.
      if (id === ATTACHMENT_START || (OF_ATTACHMENT.has(id) && attached.length === 0))
        attached.push({ title: null, data: null, picture: null, properties: [] });
      const current = attached.at(-1);
      if (id === ATTACHMENT_START) continue;
      if (id === MESSAGE_PROPERTIES) message.push(...readMapiBlock(data));
      else if (id === RECIPIENTS) recipients = readMapiRows(data).map((row) => new MapiProperties(row, charset));
      else if (id === ATTACHMENT_DATA && current !== undefined) current.data = data;
      else if (id === ATTACHMENT_PICTURE && current !== undefined) current.picture = data;
      else if (id === ATTACHMENT_TITLE && current !== undefined) current.title = cut(decodeText(data, charset));
      else if (id === ATTACHMENT_PROPERTIES && current !== undefined) current.properties.push(...readMapiBlock(data));
      else if (id === BODY || id === SUBJECT) {
        const property = id === BODY ? 0x1000 : 0x0037;
        // Readers show the first of two; the second was written as well.
        if (message.some((one) => one.id === property)) words.push(cut(decodeText(data, charset)));
        else message.push({ id: property, type: 0x1e, values: [data], name: null });
      } else if (kind === DATE) words.push(dateOf(data));
      else if (kind === 1 || kind === 2 || SPOKEN.has(id))
        words.push(cut(decodeText(id === SENDER ? withoutLengths(data) : data, charset)));
      else if (kind > LAST_KIND || id > LAST_ID) words.push(printableStrings(data, MAX_STRINGS));
    }
    yield* mapiPieces({ properties: new MapiProperties(message, charset), recipients }, (step) => step, context);
    const names: string[] = [];
    for (const [at, one] of attached.entries()) yield* attachedPieces(one, at, charset, names);
    if (names.length > 0) yield { kind: 'text', step: 'attachment names', role: 'name', text: names.join('\n') };
    const other = words.filter((word) => word.trim() !== '');
    if (other.length > 0) yield { kind: 'text', step: 'attributes', role: 'metadata', text: other.join('\n') };
    if (!whole) yield { kind: 'incomplete', step: null, reason: 'corrupt', detail: 'the file is cut off' };
  },
};

function* attachedPieces(one: Attached, at: number, charset: string | null, names: string[]): Iterable<Piece> {
  const properties = new MapiProperties(one.properties, charset);
  const name = attachmentName(properties) ?? one.title;
  const step = name ?? `attachment ${at + 1}`;
  names.push([...new Set([...(one.title === null ? [] : [one.title]), attachmentWords(properties)])].join('\n'));
  const object = properties.find(0x3701);
  const bytes = object?.values[0] ?? null;
  // An object begins with the id of its interface: 16 bytes, then a message or a compound file.
  const embedded =
    bytes !== null && object?.type === MAPI_TYPE.object && bytes.length > 16 ? bytes.subarray(16) : bytes;
  const found = one.data !== null && one.data.length > 0 ? one.data : embedded;
  const declaredType = properties.text(0x370e);
  if (found !== null) yield { kind: 'part', step, name, declaredType, source: memorySource(found) };
  else if (one.picture !== null) yield { kind: 'part', step, name, declaredType, source: memorySource(one.picture) };
  else if (one.data !== null) yield { kind: 'part', step, name, declaredType, source: memorySource(one.data) };
  else yield { kind: 'incomplete', step, reason: 'unsupported', detail: 'the attachment lies elsewhere' };
}

/** A date in its parts, little end first: [MS-OXTNEF] section 2.1.3.3. */
function dateOf(data: Buffer): string {
  if (data.length < 12) return '';
  const [year, ...rest] = [0, 2, 4, 6, 8, 10].map((at) => String(data.readUInt16LE(at)).padStart(2, '0'));
  return `${year}-${rest.slice(0, 2).join('-')} ${rest.slice(2).join(':')}`;
}

function cut(text: string): string {
  return text.replace(/\0+$/, '').replaceAll('\0', ' ');
}
