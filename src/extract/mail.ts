import { memorySource, readAll } from '../core/byte-source.ts';
import type { MailHeaders } from '../core/part.ts';
import { asBuffer, decodeText } from './decode-text.ts';
import { readEnriched } from './enriched-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { unflow } from './flowed-text.ts';
import { decodeHtml, htmlPieces } from './html.ts';
import { embeddedFiles } from './inline-file.ts';
import { joinedBetween, joinedFiles } from './joined-file.ts';
import { parseAddresses, readableAddresses } from './mail-address.ts';
import { decodeWords, type HeaderField } from './mime-header.ts';
import { headerValue, type MimeLeaf, readMime } from './mime-tree.ts';
import { otherReading } from './other-reading.ts';
import { pastedTables } from './pasted-table.ts';
import { printableStrings } from './printable-strings.ts';
import { TableBuilder } from './table-builder.ts';
import { decodeTransfer } from './transfer-encoding.ts';

/** Headers whose words a person wrote or reads; each is a part of its own, as addresses are. The rest are one part. */
const READ = new Set('comments keywords thread-topic organization x-mailer content-description'.split(' '));

/** Headers of addresses, shown without quotes and comments. */
const ADDRESSED = new Set('from to cc bcc reply-to sender disposition-notification-to'.split(' '));

/** Lines of one length in the alphabet of base64. */
const BARE_BASE64 = /^\s*(?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/]{2,76}={0,2}\s*$/;

/** Mail that is in memory, or small enough to be: headers, bodies, what stands between the parts, attachments. */
export const mail = {
  name: 'mail',
  types: ['message/rfc822'],
  extract(part: RawPart, context: ExtractContext): Iterable<Piece> | AsyncIterable<Piece> {
    const { memory } = part.source;
    return memory === null ? readThenOpen(part, context) : openMail(memory, context);
  },
} satisfies Extractor;

async function* readThenOpen(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
  yield* openMail(await readAll(part.source), context);
}

function* openMail(bytes: Uint8Array, context: ExtractContext): Iterable<Piece> {
  context.budget.takeBytes(bytes.length);
  if (isOtherFile(bytes)) {
    // Called a mail, and something else: a message of Outlook that was saved under the wrong name.
    yield { kind: 'part', step: 'content', name: null, declaredType: null, source: memorySource(bytes) };
    return;
  }
  const { mail: own, after } = splitCounted(narrowed(asBuffer(bytes)));
  const { headers, strays, leaves } = readMime(own);
  yield { kind: 'headers', headers: mailHeaders(headers) };
  yield* headerPieces(headers, strays);
  const names = new LeafNames();
  const found = [...leaves];
  const hasPlain = found.some((leaf) => isBody(leaf) && leaf.contentType.value !== 'text/html');
  for (const leaf of found) {
    context.budget.checkTime();
    yield* leafPieces(leaf, hasPlain, names, context);
  }
  // A damaged header may have taken in a file as it is.
  yield* joinedBetween(
    own,
    found.map(({ body }) => body),
  );
  if (after !== null)
    yield {
      kind: 'part',
      step: 'client notes',
      name: null,
      declaredType: null,
      source: memorySource(after),
    };
  if (names.given.length > 0)
    yield { kind: 'text', step: 'attachment names', role: 'name', text: names.given.join('\n') };
}

/** Bytes that no header begins with, and a format that is opened does: compound files, TNEF, zip, gzip. */
function isOtherFile(bytes: Uint8Array): boolean {
  const first = bytes[0];
  if (first !== 0xd0 && first !== 0x78 && first !== 0x50 && first !== 0x1f) return false;
  return /^(d0cf11e0|789f3e22|504b0304|1f8b08)/.test(asBuffer(bytes.subarray(0, 4)).toString('hex'));
}

/** A mail that an editor saved in UTF-16, in bytes that mail is written in. */
function narrowed(bytes: Buffer): Buffer {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return isWide ? Buffer.from(decodeText(bytes)) : bytes;
}

/** Apple Mail writes how many bytes the mail has, the mail, and what it noted about it. */
function splitCounted(bytes: Buffer): { readonly mail: Buffer; readonly after: Buffer | null } {
  if ((bytes[0] ?? 0) > 57) return { mail: bytes, after: null };
  const count = /^\s{0,4}(\d{1,10})[ \t]*\r?\n/.exec(bytes.toString('latin1', 0, 40));
  const end = count === null ? 0 : count[0].length + Number(count[1]);
  if (count === null || end >= bytes.length || bytes.indexOf('<?xml', end) !== end) return { mail: bytes, after: null };
  return { mail: bytes.subarray(0, end), after: bytes.subarray(end) };
}

/** Counts unnamed attachments, and keeps the names that senders gave. */
class LeafNames {
  readonly given: string[] = [];
  private unnamed = 0;

  stepOf(leaf: MimeLeaf): string {
    if (leaf.fileName !== null) {
      this.given.push(leaf.fileName);
      return leaf.fileName;
    }
    this.unnamed += 1;
    // Pages saved with their pictures name each part by where it came from.
    const location = /([^/\\?#]+)(?:[?#].*)?$/.exec(headerValue(leaf.headers, 'content-location') ?? '')?.[1];
    if (location !== undefined && !/^cid:/i.test(location)) return decodeWords(location);
    return `attachment ${this.unnamed}`;
  }
}

/** So many control characters no text has in any charset: the header took part of a file in. */
const LEAST_CONTROLS = 4;

function isBinary(text: string): boolean {
  let controls = 0;
  for (let at = 0; at < text.length && controls < LEAST_CONTROLS; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 8 || (code > 13 && code < 32 && code !== 27)) controls += 1;
  }
  return controls >= LEAST_CONTROLS;
}

function* headerPieces(headers: readonly HeaderField[], strays: readonly string[]): Iterable<Piece> {
  const rest: string[] = [...strays];
  const subjects: string[] = [];
  for (const { name, key, value } of headers) {
    if (value === '') continue;
    const text = decodeWords(value);
    if (key === 'subject') {
      subjects.push(text);
      yield { kind: 'text', step: 'subject', role: 'subject', text };
    } else if (ADDRESSED.has(key)) {
      const shown = readableAddresses(value);
      yield { kind: 'text', step: `header › ${name}`, role: 'metadata', text: shown };
      if (shown !== text) rest.push(`${name}: ${text}`);
    } else if (READ.has(key)) yield { kind: 'text', step: `header › ${name}`, role: 'metadata', text };
    else rest.push(`${name}: ${text}`);
  }
  if (isBinary(strays.join('\n')) || headers.some(({ value }) => isBinary(value))) yield noText('headers');
  if (rest.length > 0) yield { kind: 'text', step: 'headers', role: 'metadata', text: rest.join('\n') };
  // A damaged header may have taken the body in.
  yield* embeddedFiles([...subjects, ...rest].join('\n'));
}

function noText(step: string): Piece {
  return { kind: 'incomplete', step, reason: 'corrupt', detail: 'bytes that are no text stand in the header' };
}

function isBody(leaf: MimeLeaf): boolean {
  if (leaf.kind !== 'entity' || leaf.fileName !== null || leaf.disposition.value === 'attachment') return false;
  return (
    /^(text\/(plain|html|enriched|richtext)?|)$/.test(leaf.contentType.value) || !leaf.contentType.value.includes('/')
  );
}

function* leafPieces(leaf: MimeLeaf, hasPlain: boolean, names: LeafNames, context: ExtractContext): Iterable<Piece> {
  if (leaf.kind === 'multipart') {
    yield* partHeaderPieces(leaf);
    return;
  }
  if (leaf.kind !== 'entity') {
    const between = decodeText(leaf.body);
    yield { kind: 'text', step: leaf.kind, role: 'body', text: between.trim(), hidden: true };
    yield* embeddedFiles(between, leaf.body);
    return;
  }
  const type = leaf.contentType.value;
  if (type === 'message/partial' || type === 'message/external-body') {
    const step = names.stepOf(leaf);
    yield { kind: 'incomplete', step, reason: 'unsupported', detail: `${type} has its content elsewhere` };
    const where = [...leaf.contentType.parameters].map(([name, value]) => `${name}: ${value}`);
    const text = [...where, decodeText(leaf.body).trim()].join('\n').trim();
    if (text !== '') yield { kind: 'text', step: `${step} › where`, role: 'metadata', text };
    return;
  }
  if (leaf.within !== null) yield* partHeaderPieces(leaf);
  const { bytes, stray } = decodeTransfer(leaf.body, leaf.encoding);
  const whole = type.startsWith('multipart') ? encodedMultipart(leaf, asBuffer(bytes)) : null;
  if (whole !== null) {
    const source = memorySource(whole);
    yield { kind: 'part', step: names.stepOf(leaf), name: leaf.fileName, declaredType: 'message/rfc822', source };
  } else if (isBody(leaf)) yield* bodyPieces(leaf, bytes, hasPlain, context);
  else
    yield {
      kind: 'part',
      step: names.stepOf(leaf),
      name: leaf.fileName,
      declaredType: type,
      charset: leaf.contentType.parameters.get('charset') ?? null,
      source: memorySource(bytes),
    };
  if (stray === '') return;
  yield { kind: 'text', step: 'between', role: 'body', text: stray };
  // What damage put among the lines of base64 may be in another encoding.
  const words = isBinary(stray) ? printableStrings(Buffer.from(stray, 'latin1')) : '';
  if (words !== '') yield { kind: 'text', step: 'between › strings', role: 'body', text: words, hidden: true };
  // Damage may have put a file as it is into one that is encoded.
  yield* joinedFiles(leaf.body);
}

const WORDED = new Set(['content-description', 'content-location', 'content-base']);
/** Parameters that are read as what they are, or are nobody's words. */
const KNOWN = /\b(?:file)?name[*\d]*\s*=\s*(?:"[^"]*"|[^;]*)|\bboundary\s*=\s*(?:"[^"]*"|[^;]*)/gi;
const TWO_WORDS = /\p{L}{2,}\s+\p{L}{2,}/u;

/** A multipart that was encoded as a whole, which nobody may and some do, as a mail of its own; null where it was not. */
function encodedMultipart(leaf: MimeLeaf, decoded: Buffer): Buffer | null {
  const boundary = leaf.contentType.parameters.get('boundary');
  if (boundary === undefined || boundary === '' || leaf.body.includes(boundary) || !decoded.includes(`--${boundary}`))
    return null;
  const type = headerValue(leaf.headers, 'content-type') ?? '';
  return Buffer.concat([Buffer.from(`Content-Type: ${type}\r\nMIME-Version: 1.0\r\n\r\n`), decoded]);
}

/** Words in the headers of an inner part: its description, what stands in a type beside the type, and lines that are no headers. */
function* partHeaderPieces(leaf: MimeLeaf): Iterable<Piece> {
  const words = leaf.headers.filter(
    ({ key, value }) => !key.startsWith('content-') || WORDED.has(key) || TWO_WORDS.test(value.replace(KNOWN, '')),
  );
  const lines = [...words.map((field) => decodeWords(field.value)), ...leaf.strays].filter((line) => line !== '');
  if (leaf.headers.some(({ value }) => isBinary(value)) || isBinary(leaf.strays.join('\n')))
    yield noText('part header');
  if (lines.length === 0) return;
  yield { kind: 'text', step: 'part header', role: 'metadata', text: lines.join('\n') };
  // A damaged header may have taken the body in.
  yield* embeddedFiles(lines.join('\n'));
}

function* bodyPieces(leaf: MimeLeaf, bytes: Uint8Array, hasPlain: boolean, context: ExtractContext): Iterable<Piece> {
  const charset = leaf.contentType.parameters.get('charset') ?? null;
  if (leaf.contentType.value === 'text/html') {
    yield* htmlPieces(decodeHtml(bytes, charset), hasPlain ? 'body.html' : 'body', 'body', context);
    return;
  }
  const text = decodeText(bytes, charset);
  const rich = /^text\/(enriched|richtext)$/.exec(leaf.contentType.value)?.[1];
  const flowed = leaf.contentType.parameters.get('format')?.toLowerCase() === 'flowed';
  const shown =
    rich === undefined
      ? flowed
        ? unflow(text, leaf.contentType.parameters.get('delsp')?.toLowerCase() === 'yes')
        : text
      : readEnriched(text, rich as 'enriched' | 'richtext');
  yield { kind: 'text', step: 'body', role: 'body', text: shown };
  for (const [at, rows] of pastedTables(shown).entries()) {
    const table = new TableBuilder('pasted', context.everyCell);
    for (const row of rows) table.addRow(row);
    yield { kind: 'table', step: `body › table ${at + 1}`, ...table.finish(false) };
  }
  const other = otherReading(bytes, text);
  if (other !== '') yield { kind: 'text', step: 'body › in another encoding', role: 'body', text: other, hidden: true };
  yield* embeddedFiles(text, bytes);
  // A body of nothing but base64 that no header announces: some clients show it decoded.
  if (BARE_BASE64.test(text)) {
    const source = memorySource(Buffer.from(text, 'base64'));
    yield { kind: 'part', step: 'body › decoded', name: null, declaredType: null, source };
  }
}

function mailHeaders(headers: readonly HeaderField[]): MailHeaders {
  const all = (key: string): readonly string[] =>
    headers.filter((field) => field.key === key).flatMap((field) => parseAddresses(field.value));
  return {
    from: all('from'),
    to: all('to'),
    cc: all('cc'),
    bcc: all('bcc'),
    subject: decodeWords(headerValue(headers, 'subject') ?? ''),
    messageId: headerValue(headers, 'message-id'),
    date: headerValue(headers, 'date'),
    inReplyTo: headerValue(headers, 'in-reply-to'),
  };
}
