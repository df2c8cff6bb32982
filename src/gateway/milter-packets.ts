/** One packet of the milter protocol: a command or reply byte, and its data. */
export interface MilterPacket {
  readonly code: string;
  readonly data: Buffer;
}

/** libmilter's own packets end at 65,535 bytes of body; a header line may be longer. */
const MAX_PACKET = 1 << 20;

/** Cuts a stream into packets; throws on a length that is none. */
export class MilterPacketReader {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly MilterPacket[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const packets: MilterPacket[] = [];
    while (this.#rest.length >= 4) {
      const length = this.#rest.readUInt32BE(0);
      if (length < 1 || length > MAX_PACKET) throw new Error('milter packet of an impossible length');
      if (this.#rest.length < 4 + length) break;
      packets.push({
        code: String.fromCharCode(this.#rest[4] ?? 0),
        data: this.#rest.subarray(5, 4 + length),
      });
      this.#rest = this.#rest.subarray(4 + length);
    }
    return packets;
  }
}

export function milterPacket(code: string, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const packet = Buffer.alloc(5 + data.length);
  packet.writeUInt32BE(1 + data.length, 0);
  packet.write(code, 4, 'latin1');
  packet.set(data, 5);
  return packet;
}

/** The NUL-terminated strings of a packet, as bytes; what follows the last NUL is one too. */
export function milterStrings(data: Buffer): readonly Buffer[] {
  const strings: Buffer[] = [];
  let from = 0;
  for (let end = data.indexOf(0); end >= 0; end = data.indexOf(0, from)) {
    strings.push(data.subarray(from, end));
    from = end + 1;
  }
  if (from < data.length) strings.push(data.subarray(from));
  return strings;
}

/**
 * A reply code with its text. `%` is doubled, since Postfix expands it, and nothing in the text can start another line.
 *
 * @param code 4xx or 5xx, and `text` begins with an enhanced status code of the same class.
 */
export function milterReply(code: number, text: string): Buffer {
  const line = text
    .replace(/\p{Cc}+/gu, ' ')
    .replaceAll('%', '%%')
    .slice(0, 480);
  return milterPacket('y', Buffer.from(`${code} ${line}\0`, 'utf8'));
}
