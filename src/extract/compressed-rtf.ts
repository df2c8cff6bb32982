import { Unreadable } from './unreadable.ts';

const COMPRESSED = 0x75465a4c;
const UNCOMPRESSED = 0x414c454d;
const WINDOW = 4096;
/** What the window holds before the first byte; [MS-OXRTFCP] section 2.1.2.1. */
const START = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  'latin1',
);

/** Expands the rich text that Outlook stores in `.msg` and `winmail.dat`; a cut-off stream gives what was there. [MS-OXRTFCP]. */
export function expandRtf(bytes: Uint8Array): Buffer {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 16) throw new Unreadable('corrupt', 'the rich text is cut off');
  const kind = file.readUInt32LE(8);
  if (kind === UNCOMPRESSED) return file.subarray(16);
  if (kind !== COMPRESSED) throw new Unreadable('corrupt', 'the rich text is compressed in no known way');
  const window = Buffer.alloc(WINDOW);
  START.copy(window);
  let write = START.length;
  const out: number[] = [];
  const end = Math.min(file.length, file.readUInt32LE(0) + 4);
  let at = 16;
  while (at < end) {
    const control = file[at] as number;
    at += 1;
    for (let bit = 0; bit < 8 && at < end; bit += 1) {
      if ((control & (1 << bit)) === 0) {
        const byte = file[at] as number;
        at += 1;
        out.push(byte);
        window[write] = byte;
        write = (write + 1) % WINDOW;
        continue;
      }
      if (at + 2 > end) return Buffer.from(out);
      const reference = file.readUInt16BE(at);
      at += 2;
      const offset = reference >> 4;
      if (offset === write) return Buffer.from(out);
      for (let each = 0; each < (reference & 15) + 2; each += 1) {
        const byte = window[(offset + each) % WINDOW] as number;
        out.push(byte);
        window[write] = byte;
        write = (write + 1) % WINDOW;
      }
    }
  }
  return Buffer.from(out);
}
