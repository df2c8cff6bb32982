import { asBuffer } from './decode-text.ts';

/** The answers that a mail with voting buttons offers; empty for none. [MS-OXOMSG] section 2.2.1.74. */
export function readVotingOptions(bytes: Uint8Array): readonly string[] {
  const stream = asBuffer(bytes);
  if (stream.length < 6 || stream.readUInt16LE(0) !== 0x0102) return [];
  const count = stream.readUInt32LE(2);
  let at = 6;
  const types: number[] = [];
  for (let each = 0; each < count && at + 4 <= stream.length; each += 1) {
    types.push(stream.readUInt32LE(at));
    at += 4;
    // Display name, message class, an internal string, the display name again: 8-bit, each with its length.
    for (let text = 0; text < 4; text += 1) at += 1 + (stream[at] ?? 0);
    at += 29;
  }
  if (at + 2 > stream.length || stream.readUInt16LE(at) !== 0x0104) return [];
  at += 2;
  const options: string[] = [];
  for (const type of types) {
    const length = (stream[at] ?? 0) * 2;
    const name = stream.toString('utf16le', at + 1, Math.min(stream.length, at + 1 + length));
    at += 1 + length;
    at += 1 + (stream[at] ?? 0) * 2;
    // 4 is an answer of the sender's own; the others are Reply and its like.
    if (type === 4 && name !== '') options.push(name);
  }
  return options;
}
