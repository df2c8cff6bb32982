import type { Budget } from './budget.ts';
import type { SharedStrings } from './shared-strings.ts';
import { StringReader } from './string-reader.ts';
import { Unreadable } from './unreadable.ts';
import { richTextHandler } from './xlsx-strings.ts';
import { XmlReader } from './xml-reader.ts';

const LESS = 0x3c;
const AMPERSAND = 0x26;
const UNDERSCORE = 0x5f;
const ITEM = Buffer.from('<si');
const CLOSE_ITEM = Buffer.from('</si>');
const PLAIN_ITEM = Buffer.from('<si><t>');
const PLAIN_END = Buffer.from('</t></si>');
/** Bytes of a table of few strings. */
const FEW = 64 * 1024;
/** Text of one string item; a cell holds 32,767 characters. */
const MAX_ITEM = 64 * 1024 ** 2;

/** Adds the items of `sharedStrings.xml` as it streams; those read before a fault stay.  Stops after about `most`: strings stand in the order of their first use. */
export async function readSharedStrings(
  chunks: AsyncIterable<Uint8Array>,
  budget: Budget,
  strings: SharedStrings,
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let reader: StringReader | null = null;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    // A few strings are read before the quick reader has started.
    if (reader === null && bytes.length > FEW) reader = new StringReader();
    const held = reader?.hold(rest, bytes) ?? null;
    const input = held ?? (rest.length === 0 ? bytes : Buffer.concat([rest, bytes]));
    rest = input.subarray(readItems(input, strings, held === null ? null : reader));
    if (rest.length > MAX_ITEM) throw new Unreadable('too-large', 'one string of the workbook is too long');
    budget.checkTime();
    if (strings.count >= most) return;
  }
  // Whatever follows the last item is no string: nothing, or the end tag, or a prefix that the quick reader does not know.
  if (strings.count === 0 || rest.includes('<si')) readSlowly(rest.toString('utf8'), strings);
}

/** Takes the complete items of `input`; answers where the incomplete rest begins. */
function readItems(input: Buffer, strings: SharedStrings, reader: StringReader | null): number {
  let at = 0;
  for (;;) {
    if (reader !== null && startsWith(input, ITEM, at)) at = reader.read(input, at, strings);
    // One item follows the other; only the first has to be looked for.
    const open = startsWith(input, ITEM, at) ? at : input.indexOf(ITEM, at);
    if (open < 0) return Math.max(at, 0);
    if (open + 3 >= input.length) return open;
    const after = input[open + 3];
    if (startsWith(input, PLAIN_ITEM, open)) {
      const start = open + PLAIN_ITEM.length;
      let end = start;
      // Never read past the end: V8 gives up its quick code for the whole function when it sees that once.
      const { length } = input;
      while (end < length && input[end] !== LESS && input[end] !== AMPERSAND && input[end] !== UNDERSCORE) end += 1;
      if (end < length && input[end] === LESS && startsWith(input, PLAIN_END, end)) {
        strings.addRange(input, start, end);
        at = end + PLAIN_END.length;
        continue;
      }
    }
    if (after === 0x2f) {
      strings.add(new Uint8Array());
      at = open + 3;
      continue;
    }
    const close = input.indexOf(CLOSE_ITEM, open);
    if (close < 0) return open;
    readSlowly(input.toString('utf8', open, close + CLOSE_ITEM.length), strings);
    at = close + CLOSE_ITEM.length;
  }
}

function startsWith(input: Buffer, wanted: Buffer, at: number): boolean {
  if (at + wanted.length > input.length) return false;
  for (let each = 0; each < wanted.length; each++) if (input[at + each] !== wanted[each]) return false;
  return true;
}

function readSlowly(xml: string, strings: SharedStrings): void {
  const reader = new XmlReader(richTextHandler('si', (text) => strings.add(Buffer.from(text, 'utf8'))));
  reader.write(xml);
  reader.end();
}
