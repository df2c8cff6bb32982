import type { CompoundEntry } from './compound-file.ts';
import { asBuffer } from './decode-text.ts';
import { lidWords } from './mapi-words.ts';

/** Names of properties 0x8000 and up of a message file: their own, or what their number means. [MS-OXMSG] section 2.2.3. */
export function readNamedProperties(storage: CompoundEntry | null): ReadonlyMap<number, string> {
  const stream = (id: string): Buffer =>
    asBuffer(
      storage?.children.find((entry) => entry.name.toUpperCase() === `__SUBSTG1.0_${id}0102`)?.read() ??
        new Uint8Array(),
    );
  const entries = stream('0003');
  const strings = stream('0004');
  const names = new Map<number, string>();
  for (let at = 0; at + 8 <= entries.length; at += 8) {
    const offset = entries.readUInt32LE(at);
    const isString = (entries.readUInt16LE(at + 4) & 1) === 1;
    const index = entries.readUInt16LE(at + 6);
    if (!isString) {
      names.set(0x8000 + index, lidWords(offset));
      continue;
    }
    if (offset + 4 > strings.length) continue;
    const length = strings.readUInt32LE(offset);
    names.set(0x8000 + index, strings.toString('utf16le', offset + 4, Math.min(strings.length, offset + 4 + length)));
  }
  return names;
}
