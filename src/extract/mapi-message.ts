import { type ByteSource, memorySource } from '../core/byte-source.ts';
import type { MailHeaders } from '../core/part.ts';
import { expandRtf } from './compressed-rtf.ts';
import { sniffType } from './detect-type.ts';
import type { ExtractContext, Piece } from './extractor.ts';
import { decodeHtml, htmlPieces } from './html.ts';
import { parseAddresses } from './mail-address.ts';
import { fileTime, isText, MAPI_TYPE, type MapiProperties } from './mapi-property.ts';
import { readVotingOptions } from './mapi-verbs.ts';
import { lidWords, propertyWords } from './mapi-words.ts';
import { decodeWords, parseHeaderBlock } from './mime-header.ts';
import { rtfPieces } from './rtf.ts';
import { Unreadable } from './unreadable.ts';

/** What `.msg` and `winmail.dat` are made of. */
export interface MapiMessage {
  readonly properties: MapiProperties;
  readonly recipients: readonly MapiProperties[];
}

const SUBJECT = 0x0037;
const NORMALIZED_SUBJECT = 0x0e1d;
const TRANSPORT_HEADERS = 0x007d;
const BODY = 0x1000;
const RTF = 0x1009;
const HTML = 0x1013;
/** Sender, then who it was sent for: name, SMTP address, address. */
const SENDERS = [
  [0x0c1a, 0x5d01, 0x0c1f],
  [0x0042, 0x5d02, 0x0065],
] as const;
const SHOWN = new Set([SUBJECT, TRANSPORT_HEADERS, BODY, RTF, HTML]);
/** Shown with the subject and the sender, unless they say something else. */
const SHOWN_ABOVE = new Set<number>([NORMALIZED_SUBJECT, ...SENDERS.flat()]);
/** PidLidVerbStream. */
const VOTING = lidWords(0x8520);
/** 1 To, 2 Cc, 3 Bcc: [MS-OXOMSG] 2.2.3.1. */
const RECIPIENT_TYPE = 0x0c15;

/** The pieces of a message but for its attachments: headers, subject, bodies in every form, and every other property with words. */
export function* mapiPieces(
  message: MapiMessage,
  below: (step: string) => string,
  context: ExtractContext,
): Iterable<Piece> {
  const { properties, recipients } = message;
  const subject = (properties.text(SUBJECT) ?? properties.text(NORMALIZED_SUBJECT) ?? '').replace(/^\p{Cc}./su, '');
  yield { kind: 'headers', headers: headersOf(message, subject) };
  const senders = SENDERS.map((ids) => personOf(properties, ids)).filter((one) => one !== '');
  const from = senders.filter((one, at) => !senders.some((other, own) => own !== at && includes(other, one, own < at)));
  if (from.length > 0) yield { kind: 'text', step: below('header › From'), role: 'metadata', text: from.join('; ') };
  for (const [type, name] of [
    [1, 'To'],
    [2, 'Cc'],
    [3, 'Bcc'],
  ] as const) {
    const people = recipients.filter((one) => ((one.number(RECIPIENT_TYPE) ?? 1) & 15) === type).map(recipientOf);
    if (people.length > 0)
      yield { kind: 'text', step: below(`header › ${name}`), role: 'metadata', text: people.join('; ') };
  }
  if (subject !== '') yield { kind: 'text', step: below('subject'), role: 'subject', text: subject };
  const transport = properties.text(TRANSPORT_HEADERS);
  if (transport !== null && transport.trim() !== '')
    yield { kind: 'text', step: below('headers'), role: 'metadata', text: readableHeaders(transport) };
  yield* bodyPieces(properties, below, context);
  yield* otherPieces(message, below, `${subject}\n${from.join('\n')}`);
}

/** Whether a sender says all that another does; of two that are the same the first stays. */
function includes(other: string, one: string, isFirst: boolean): boolean {
  return other === one ? isFirst : other.startsWith(one);
}

function* bodyPieces(
  properties: MapiProperties,
  below: (step: string) => string,
  context: ExtractContext,
): Iterable<Piece> {
  const seen = new Set<string>();
  const plain = properties.text(BODY);
  if (plain !== null && plain.trim() !== '') {
    seen.add(words(plain));
    yield { kind: 'text', step: below('body'), role: 'body', text: plain };
  }
  const step = (alternative: string): string => below(seen.size === 0 ? 'body' : alternative);
  const page = properties.text(HTML) ?? pageOf(properties);
  if (page !== null && page.trim() !== '') {
    const pieces = [...htmlPieces(page, step('body.html'), 'body', context)];
    for (const piece of pieces) if (piece.kind === 'text') seen.add(words(piece.text));
    yield* pieces;
  }
  const rich = properties.bytes(RTF);
  if (rich === null || rich.length === 0) return;
  try {
    // Outlook keeps the same words in several forms; the form that adds nothing is not shown twice.
    for (const piece of rtfPieces(expandRtf(rich), step('body.rtf'), 'body', context))
      if (piece.kind !== 'text' || (!seen.has(words(piece.text)) && words(piece.text) !== '')) yield piece;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    yield { kind: 'incomplete', step: below('body.rtf'), reason: error.reason, detail: error.message };
  }
}

function pageOf(properties: MapiProperties): string | null {
  const bytes = properties.bytes(HTML);
  return bytes === null ? null : decodeHtml(bytes, properties.htmlCharset);
}

/** Every other property with words or a time, `shown` left out; bytes that are a file of some kind are parts. */
function* otherPieces(
  { properties, recipients }: MapiMessage,
  below: (step: string) => string,
  shown: string,
): Iterable<Piece> {
  const lines = new Set<string>();
  for (const property of properties.all) {
    if (property.name === null && SHOWN.has(property.id)) continue;
    const name = propertyWords(property.id, property.name);
    if (isText(property)) {
      const text = properties.textOf(property).trim();
      if (text !== '' && !(SHOWN_ABOVE.has(property.id) && shown.includes(text))) lines.add(`${name}: ${text}`);
    } else if (property.type === MAPI_TYPE.time) {
      const times = property.values.map(fileTime).filter((time) => time !== null);
      if (times.length > 0) lines.add(`${name}: ${times.join(', ')}`);
    } else if (name === VOTING) {
      const options = property.values.flatMap(readVotingOptions);
      if (options.length > 0) lines.add(`${name}: ${options.join(';')}`);
    } else if (property.type === MAPI_TYPE.binary && property.id !== 0x3701)
      for (const value of property.values)
        if (value.length > 256 && isFile(value))
          yield {
            kind: 'part',
            step: below(`property ${name}`),
            name: null,
            declaredType: null,
            source: memorySource(value),
          };
  }
  const people = recipients.flatMap((one) => wordsBeside(one, recipientOf(one)));
  if (people.length > 0)
    yield { kind: 'text', step: below('recipients'), role: 'metadata', text: [...new Set(people)].join('\n') };
  if (lines.size > 0) yield { kind: 'text', step: below('properties'), role: 'metadata', text: [...lines].join('\n') };
}

/** What a recipient's properties say beyond the name and address shown, address types left out. */
function wordsBeside(recipient: MapiProperties, shown: string): readonly string[] {
  return recipient.all.flatMap((property) => {
    if (!isText(property)) return [];
    const text = recipient.textOf(property).trim();
    return shown.includes(text) || /^(SMTP|EX)$/.test(text)
      ? []
      : [`${propertyWords(property.id, property.name)}: ${text}`];
  });
}

/** The headers that the mail came with, unfolded and decoded. */
function readableHeaders(transport: string): string {
  const { fields, strays } = parseHeaderBlock(Buffer.from(transport, 'utf8'));
  return [...strays, ...fields.map(({ name, value }) => `${name}: ${decodeWords(value)}`)].join('\n');
}

/** Identifiers and change keys are bytes that mean nothing; only what a format claims is opened. */
function isFile(value: Uint8Array): boolean {
  return sniffType(value.subarray(0, 65_536)) !== 'application/octet-stream';
}

/** A file attached to a MAPI message, by name. */
export function attachmentPart(properties: MapiProperties, source: ByteSource, step: string): Piece {
  return { kind: 'part', step, name: attachmentName(properties), declaredType: properties.text(0x370e), source };
}

/** Long name, short name, shown name. */
export function attachmentName(properties: MapiProperties): string | null {
  for (const id of [0x3707, 0x3704, 0x3001]) {
    const name = properties.text(id)?.trim();
    if (name !== undefined && name !== '') return name;
  }
  return null;
}

/** The other words of an attachment's properties: its shown name, content id, original path. */
export function attachmentWords(properties: MapiProperties): string {
  const lines = properties.all.filter(isText).map((property) => properties.textOf(property).trim());
  return [...new Set(lines)].filter((line) => line !== '').join('\n');
}

function headersOf({ properties, recipients }: MapiMessage, subject: string): MailHeaders {
  const transport = properties.text(TRANSPORT_HEADERS) ?? '';
  const header = (name: string): string | null =>
    new RegExp(`^${name}:[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)`, 'im').exec(transport)?.[1]?.replace(/\r?\n\s*/g, ' ') ??
    null;
  const addresses = (type: number): readonly string[] =>
    recipients
      .filter((one) => ((one.number(RECIPIENT_TYPE) ?? 1) & 15) === type)
      .flatMap((one) => one.text(0x39fe) ?? one.text(0x3003) ?? []);
  const from = SENDERS.flatMap((ids) => parseAddresses(personOf(properties, ids)));
  return {
    from: from.length > 0 ? [...new Set(from)] : parseAddresses(header('From') ?? ''),
    to: addresses(1),
    cc: addresses(2),
    bcc: addresses(3),
    subject,
    messageId: properties.text(0x1035) ?? header('Message-ID'),
    date: header('Date'),
    inReplyTo: properties.text(0x1042) ?? header('In-Reply-To'),
  };
}

function personOf(properties: MapiProperties, [name, smtp, address]: readonly [number, number, number]): string {
  const shown = properties.text(name)?.trim() ?? '';
  const mail = properties.text(smtp)?.trim() || properties.text(address)?.trim() || '';
  return mail === '' || mail === shown ? shown : `${shown} <${mail}>`.trim();
}

function recipientOf(properties: MapiProperties): string {
  return personOf(properties, [0x3001, 0x39fe, 0x3003]);
}

function words(text: string): string {
  return text.replace(/\s+/g, '');
}
