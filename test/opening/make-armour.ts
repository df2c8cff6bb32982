import { deflateRawSync, deflateSync } from 'node:zlib';

/** An OpenPGP packet of the old form. RFC 9580 section 4.2.2. */
function packet(tag: number, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head[0] = 0x80 | (tag << 2) | 2;
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

export function literalPacket(text: string): Buffer {
  const name = Buffer.from('a.txt');
  return packet(
    11,
    Buffer.concat([Buffer.from('b'), Buffer.from([name.length]), name, Buffer.alloc(4), Buffer.from(text)]),
  );
}

export function compressedPacket(inner: Buffer): Buffer {
  return packet(8, Buffer.concat([Buffer.from([1]), deflateRawSync(inner)]));
}

export function encryptedPacket(): Buffer {
  return Buffer.concat([packet(1, Buffer.alloc(20, 3)), packet(18, Buffer.alloc(60, 7))]);
}

export function armour(bytes: Buffer): string {
  const coded = bytes.toString('base64').replace(/(.{64})/g, '$1\n');
  return `-----BEGIN PGP MESSAGE-----\nVersion: 1\n\n${coded}\n=abcd\n-----END PGP MESSAGE-----`;
}

/** A DER value with its length in the long form. ITU-T X.690. */
function der(tag: number, ...values: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(values);
  const head = Buffer.alloc(6);
  head[0] = tag;
  head[1] = 0x84;
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

const DATA = '2a864886f70d010701';

/** CMS signed-data with its content inside and no signer. RFC 5652 section 5. */
export function signedData(content: string): Buffer {
  const inner = der(0x30, oid(DATA), der(0xa0, der(0x04, Buffer.from(content))));
  const signed = der(0x30, der(0x02, Buffer.from([1])), der(0x31), inner, der(0x31));
  return der(0x30, oid('2a864886f70d010702'), der(0xa0, signed));
}

/** CMS compressed-data. RFC 3274. */
export function compressedData(content: string): Buffer {
  const inner = der(0x30, oid(DATA), der(0xa0, der(0x04, deflateSync(Buffer.from(content)))));
  const algorithm = der(0x30, oid('2a864886f70d0109100308'));
  const compressed = der(0x30, der(0x02, Buffer.from([0])), algorithm, inner);
  return der(0x30, oid('2a864886f70d0109100109'), der(0xa0, compressed));
}

const ALPHABET = '!"#$%&\'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr';

/** A file as BinHex 4.0 without runs and with empty checksums. RFC 1741 appendix A. */
export function binHex(name: string, text: string): string {
  const data = Buffer.from(text);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(data.length);
  const bytes = Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(`${name}\0TEXTttxt\0\0`),
    lengths,
    Buffer.alloc(2),
    data,
    Buffer.alloc(4),
  ]);
  let coded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const word = bytes.readUIntBE(at, Math.min(3, bytes.length - at)) << (8 * Math.max(0, at + 3 - bytes.length));
    for (const shift of [18, 12, 6, 0]) coded += ALPHABET[(word >> shift) & 63];
  }
  return coded.replace(/(.{64})/g, '$1\n');
}
