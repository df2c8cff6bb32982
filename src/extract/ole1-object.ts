import { asBuffer, decodeText } from './decode-text.ts';

export interface OleContent {
  /** File name of a packaged file; null for other objects. */
  readonly name: string | null;
  readonly content: Uint8Array;
  /** Where the packaged file lay on its author's disk. */
  readonly paths?: readonly string[];
}

/**
 * What an embedded object of OLE 1 holds: the file of a package, a compound file, or the server's own bytes.
 *
 * Bytes that are no such object are given back as they are. Source: [MS-OLEDS] section 2.2.
 */
export function readOle1(bytes: Uint8Array): OleContent {
  const file = asBuffer(bytes);
  if (file.length < 24 || (file.readUInt32LE(4) !== 2 && file.readUInt32LE(4) !== 1))
    return { name: null, content: bytes };
  let at = 8;
  for (let each = 0; each < 3; each += 1) {
    if (at + 4 > file.length) return { name: null, content: bytes };
    const length = file.readUInt32LE(at);
    if (length > file.length - at - 4) return { name: null, content: bytes };
    at += 4 + length;
  }
  if (at + 4 > file.length) return { name: null, content: bytes };
  const native = file.subarray(at + 4, Math.min(file.length, at + 4 + file.readUInt32LE(at)));
  return readPackage(native) ?? { name: null, content: native };
}

/** The `\x01Ole10Native` stream of a storage: a length, then a package or bytes. */
export function readOle10Native(bytes: Uint8Array): OleContent {
  const file = asBuffer(bytes);
  if (file.length < 4) return { name: null, content: bytes };
  const body = file.subarray(4, Math.min(file.length, 4 + file.readUInt32LE(0)));
  return readPackage(body) ?? { name: null, content: body };
}

/** A packaged file: label, original path, path at packing, then its bytes. */
function readPackage(body: Buffer): OleContent | null {
  if (body.length < 16 || body.readUInt16LE(0) !== 2) return null;
  const labelEnd = body.indexOf(0, 2);
  const pathEnd = labelEnd < 0 ? -1 : body.indexOf(0, labelEnd + 1);
  if (pathEnd < 0 || pathEnd + 9 > body.length) return null;
  // Flags, then the length of the temporary path and the path itself.
  const temporary = body.readUInt32LE(pathEnd + 5);
  const sizeAt = pathEnd + 9 + temporary;
  if (sizeAt + 4 > body.length) return null;
  const size = body.readUInt32LE(sizeAt);
  const label = decodeText(body.subarray(2, labelEnd));
  const original = decodeText(body.subarray(labelEnd + 1, pathEnd));
  const copied = decodeText(body.subarray(pathEnd + 9, sizeAt)).replace(/\0.*$/s, '');
  return {
    name: label === '' ? null : label,
    paths: [...new Set([original, copied])].filter((path) => path !== '' && path !== label),
    content: body.subarray(sizeAt + 4, Math.min(body.length, sizeAt + 4 + size)),
  };
}
