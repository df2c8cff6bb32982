import { createInflate, createInflateRaw } from 'node:zlib';
import { memorySource, readAll } from '../core/byte-source.ts';
import { asBuffer, decodeText } from './decode-text.ts';
import { type DerNode, readDer } from './der.ts';
import { expandStream } from './expand-stream.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { readLiteral, readPgpPackets } from './pgp-packet.ts';

const OID = '1.2.840.113549.1.7.';
const PLAIN = `${OID}1`;
const SIGNED = `${OID}2`;
const COMPRESSED = '1.2.840.113549.1.9.16.1.9';

/** Packets of OpenPGP: RFC 9580 section 5. */
const ENCRYPTED = new Set([1, 3, 9, 18, 20]);
const USER_ID = 13;
const LITERAL = 11;
const COMPRESSED_DATA = 8;
const MAX_NESTED = 8;

/** OpenPGP and S/MIME: signed and compressed content is read, signatures and keys hold none, encrypted content is incomplete. RFC 9580, RFC 8551. */
export const encryptedMail: Extractor = {
  name: 'encrypted-mail',
  types: ['application/pgp-encrypted', 'application/pkcs7-mime'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const bytes = asBuffer(await readAll(part.source));
    if (part.type === 'application/pgp-encrypted') yield* openPgp(bytes, context, 0);
    else yield* openCms(derOf(bytes), context);
  },
};

async function* openPgp(bytes: Buffer, context: ExtractContext, depth: number): AsyncIterable<Piece> {
  const packets = readPgpPackets(bytes);
  let found = false;
  for (const { tag, body } of packets) {
    if (tag === LITERAL) {
      const literal = readLiteral(body);
      if (literal === null) continue;
      found = true;
      const { name, data } = literal;
      yield { kind: 'part', step: name ?? 'content', name, declaredType: null, source: memorySource(data) };
    } else if (tag === COMPRESSED_DATA && depth < MAX_NESTED) {
      const inner = await expandPgp(body, context);
      if (inner === null) continue;
      found = true;
      yield* openPgp(inner, context, depth + 1);
    } else if (tag === USER_ID) {
      found = true;
      yield { kind: 'text', step: 'key of', role: 'metadata', text: decodeText(body) };
    }
  }
  if (!found || packets.some(({ tag }) => ENCRYPTED.has(tag)))
    yield { kind: 'incomplete', step: found ? 'rest' : null, reason: 'encrypted', detail: 'an OpenPGP message' };
}

/** The packets inside a compressed one; null where its compression is not read here. */
async function expandPgp(body: Buffer, context: ExtractContext): Promise<Buffer | null> {
  const data = body.subarray(1);
  if (body[0] === 0) return data;
  if (body[0] !== 1 && body[0] !== 2) return null;
  const transform = body[0] === 1 ? createInflateRaw() : createInflate();
  const { bytes, fault } = await expandStream(memorySource(data), transform, context.budget);
  if (fault !== null && bytes.length === 0) throw fault;
  return asBuffer(bytes);
}

function derOf(bytes: Buffer): Buffer {
  if (bytes[0] === 0x30) return bytes;
  const text = bytes.toString('latin1');
  const armoured = /-----BEGIN [A-Z0-9 ]+-----([\s\S]*?)-----END/.exec(text);
  return armoured === null ? bytes : Buffer.from(armoured[1] as string, 'base64');
}

async function* openCms(bytes: Buffer, context: ExtractContext): AsyncIterable<Piece> {
  const root = readDer(bytes);
  const type = root?.children[0]?.oid ?? '';
  const content = root?.children[1]?.children[0];
  const data = content === undefined ? null : contentOf(content);
  if (type === SIGNED && content !== undefined) {
    if (data === null || data.length === 0)
      yield { kind: 'text', step: null, role: 'metadata', text: 'a signature of the message' };
    else yield { kind: 'part', step: 'signed content', name: null, declaredType: null, source: memorySource(data) };
  } else if (type === COMPRESSED && data !== null) {
    const { bytes: inner, fault } = await expandStream(memorySource(data), createInflate(), context.budget);
    yield { kind: 'part', step: 'compressed content', name: null, declaredType: null, source: memorySource(inner) };
    if (fault !== null) throw fault;
  } else yield { kind: 'incomplete', step: null, reason: 'encrypted', detail: 'an S/MIME message' };
}

/** The octets that signed or compressed data carry. */
function contentOf(content: DerNode): Buffer | null {
  for (const node of content.children) {
    const [type, wrapped] = node.children;
    const isPlain = type?.oid === PLAIN || (type?.oid != null && wrapped?.tag === 0xa0);
    if (isPlain && wrapped !== undefined) return octetsOf(wrapped);
  }
  return null;
}

/** An octet string, whole or in pieces. */
function octetsOf(node: DerNode): Buffer {
  if (node.tag === 0x04) return node.value;
  return Buffer.concat(node.children.map(octetsOf));
}
