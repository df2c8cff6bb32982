/** One packet of an OpenPGP message. */
export interface PgpPacket {
  readonly tag: number;
  readonly body: Buffer;
}

/** The packets of a message, armoured or not, to the first that is none. RFC 9580 sections 4 and 6. */
export function readPgpPackets(bytes: Buffer): readonly PgpPacket[] {
  const file = dearmour(bytes);
  const packets: PgpPacket[] = [];
  let at = 0;
  while (at < file.length) {
    const head = file[at] as number;
    if ((head & 0x80) === 0) break;
    const isNew = (head & 0x40) !== 0;
    const read = isNew ? readNew(file, at + 1) : readOld(file, at + 1, head & 3);
    if (read === null) break;
    packets.push({ tag: isNew ? head & 0x3f : (head >> 2) & 0x0f, body: read.body });
    at = read.next;
  }
  return packets;
}

/** Name and bytes of a literal data packet; null where it is cut off. */
export function readLiteral(body: Buffer): { readonly name: string | null; readonly data: Buffer } | null {
  const length = body[1];
  if (length === undefined || body.length < 6 + length) return null;
  const name = body.toString('utf8', 2, 2 + length);
  return { name: name === '' || name === '_CONSOLE' ? null : name, data: body.subarray(6 + length) };
}

function dearmour(bytes: Buffer): Buffer {
  if (((bytes[0] ?? 0) & 0x80) !== 0) return bytes;
  const text = bytes.toString('latin1');
  const armour =
    /-----BEGIN PGP [A-Z ,0-9/]+-----[ \t]*\r?\n(?:[^\r\n:]+: [^\r\n]*\r?\n)*\s*([\s\S]*?)(?:\r?\n=[A-Za-z0-9+/]{4}\s*)?(?:-----END|$)/.exec(
      text,
    );
  return armour === null ? bytes : Buffer.from(armour[1] as string, 'base64');
}

interface Read {
  readonly body: Buffer;
  readonly next: number;
}

function readOld(file: Buffer, at: number, kind: number): Read | null {
  if (kind === 3) return { body: file.subarray(at), next: file.length };
  const size = 1 << kind;
  if (at + size > file.length) return null;
  const start = at + size;
  const end = Math.min(file.length, start + file.readUIntBE(at, size));
  return { body: file.subarray(start, end), next: end };
}

/** A body may come in pieces, each but the last a power of two. */
function readNew(file: Buffer, from: number): Read | null {
  const pieces: Buffer[] = [];
  for (let at = from; ; ) {
    const first = file[at];
    if (first === undefined) return pieces.length === 0 ? null : { body: Buffer.concat(pieces), next: file.length };
    let length: number;
    let start = at + 1;
    const isPiece = first >= 224 && first < 255;
    if (first < 192) length = first;
    else if (first < 224) {
      length = ((first - 192) << 8) + (file[at + 1] ?? 0) + 192;
      start = at + 2;
    } else if (isPiece) length = 2 ** (first & 0x1f);
    else {
      if (at + 5 > file.length) return null;
      length = file.readUInt32BE(at + 1);
      start = at + 5;
    }
    const end = Math.min(file.length, start + length);
    pieces.push(file.subarray(start, end));
    if (!isPiece) return { body: pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces), next: end };
    at = end;
  }
}
