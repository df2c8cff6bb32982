import { memorySource, readAll } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import { type DerNode, readDer } from './der.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';

const OID = '1.2.840.113549.1.7.';
const PLAIN = new Set([`${OID}1`]);
const SIGNED = new Set([`${OID}2`]);
const COMPRESSED = '1.2.840.113549.1.9.16.1.9';

/** OpenPGP and S/MIME: signed content is read, signatures hold nothing, encrypted content is incomplete. RFC 9580, RFC 8551. */
export const encryptedMail: Extractor = {
  name: 'encrypted-mail',
  types: ['application/pgp-encrypted', 'application/pkcs7-mime'],
  async *extract(part: RawPart, _context: ExtractContext): AsyncIterable<Piece> {
    if (part.type === 'application/pgp-encrypted') {
      yield { kind: 'incomplete', step: null, reason: 'encrypted', detail: 'an OpenPGP message' };
      return;
    }
    yield* openCms(derOf(asBuffer(await readAll(part.source))));
  },
};

function derOf(bytes: Buffer): Buffer {
  if (bytes[0] === 0x30) return bytes;
  const armoured = /-----BEGIN [A-Z0-9 ]+-----([\s\S]*?)-----END/.exec(bytes.toString('latin1'));
  return armoured === null ? bytes : Buffer.from(armoured[1] as string, 'base64');
}

function* openCms(bytes: Buffer): Iterable<Piece> {
  const root = readDer(bytes);
  const type = root?.children[0]?.oid ?? '';
  const content = root?.children[1]?.children[0];
  if (SIGNED.has(type) && content !== undefined) {
    const inner = content.children.find((node) => PLAIN.has(node.children[0]?.oid ?? ''));
    const data = inner?.children[1] === undefined ? null : octetsOf(inner.children[1]);
    if (data === null || data.length === 0)
      yield { kind: 'text', step: null, role: 'metadata', text: 'a signature of the message' };
    else yield { kind: 'part', step: 'signed content', name: null, declaredType: null, source: memorySource(data) };
    return;
  }
  if (type === COMPRESSED) yield { kind: 'incomplete', step: null, reason: 'unsupported', detail: 'compressed S/MIME' };
  else yield { kind: 'incomplete', step: null, reason: 'encrypted', detail: 'an S/MIME message' };
}

/** An octet string, whole or in pieces. */
function octetsOf(node: DerNode): Buffer {
  if (node.tag === 0x04) return node.value;
  return Buffer.concat(node.children.map(octetsOf));
}
