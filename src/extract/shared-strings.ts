import type { Budget } from './budget.ts';
import { kindOf } from './table-builder.ts';
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
/** Text of one string item; a cell holds 32,767 characters. */
const MAX_ITEM = 64 * 1024 ** 2;

/** What is known of a string once it was looked at: bits 0-1 its kind, then the flags. */
const LOOKED = 4;
const PROSE = 8;
const USED = 16;
const SENTENCE = 32;
/** Spaces of a sentence of six words. */
const SENTENCE_SPACES = 5;

/**
 * The strings of a workbook as UTF-8 bytes, so that half a million of them cost their length and eight bytes each.
 *
 * A string becomes a JavaScript one only when it is shown.
 */
export class SharedStrings {
  private blob: Buffer = Buffer.allocUnsafe(1 << 16);
  private used = 0;
  private starts = new Uint32Array(1 << 12);
  private flags: Uint8Array = new Uint8Array(0);
  private lengths: Uint32Array = new Uint32Array(0);
  count = 0;

  text(at: number): string {
    return at < this.count ? this.blob.toString('utf8', this.starts[at], this.endOf(at)) : '';
  }

  /** The kind of a string (`kindOf`), found once. */
  kind(at: number): number {
    return this.look(at) & 3;
  }

  /** Whether the string has words, answered once: each is read only once however many cells show it. Ask after `kind`. */
  takeProse(at: number, room: 'words' | 'sentences' | 'none'): boolean {
    const flags = this.flags[at] ?? 0;
    if ((flags & PROSE) === 0 || room === 'none' || (room === 'sentences' && (flags & SENTENCE) === 0)) return false;
    this.flags[at] = flags & ~PROSE;
    return true;
  }

  /** The flags of a string that `takeProse` would give out; no string has them where there is no room. */
  proseFlags(room: 'words' | 'sentences' | 'none'): number {
    return room === 'none' ? 0xff : room === 'words' ? PROSE : PROSE | SENTENCE;
  }

  /** Keeps what is known of each string in these from now on; `flags` as this class has them, `lengths` in UTF-16. */
  moveTo(flags: Uint8Array, lengths: Uint32Array): void {
    flags.set(this.flags);
    lengths.set(this.lengths);
    this.flags = flags;
    this.lengths = lengths;
  }

  /** UTF-16 length; valid once `kind` was asked. */
  length(at: number): number {
    return this.lengths[at] ?? 0;
  }

  isEmpty(at: number): boolean {
    return at >= this.count || this.starts[at] === this.endOf(at);
  }

  use(at: number): void {
    if (at < this.count) this.flags[at] = (this.flags[at] as number) | USED;
  }

  /** Strings that no cell shows: left over from deleted cells, and still in the file. */
  *unused(): Generator<string> {
    for (let at = 0; at < this.count; at++)
      if (((this.flags[at] as number) & USED) === 0 && !this.isEmpty(at)) yield this.text(at);
  }

  add(text: Uint8Array): void {
    this.startItem(text.length);
    this.blob.set(text, this.used);
    this.used += text.length;
  }

  addRange(input: Buffer, start: number, end: number): void {
    this.startItem(end - start);
    // A call into native code costs more than copying a word does.
    const { blob } = this;
    let to = this.used;
    for (let at = start; at < end; at++) blob[to++] = input[at] as number;
    this.used = to;
  }

  /** Ends adding. */
  seal(): void {
    this.flags = new Uint8Array(this.count);
    this.lengths = new Uint32Array(this.count);
  }

  private endOf(at: number): number {
    return at + 1 < this.count ? (this.starts[at + 1] as number) : this.used;
  }

  private startItem(length: number): void {
    if (this.count === this.starts.length) {
      const wider = new Uint32Array(this.starts.length * 2);
      wider.set(this.starts);
      this.starts = wider;
    }
    this.starts[this.count] = this.used;
    this.count += 1;
    if (this.used + length <= this.blob.length) return;
    const wider = Buffer.allocUnsafe(Math.max(this.blob.length * 2, this.used + length));
    wider.set(this.blob.subarray(0, this.used));
    this.blob = wider;
  }

  private look(at: number): number {
    const known = this.flags[at] ?? 0;
    if ((known & LOOKED) !== 0 || at >= this.count) return known;
    const start = this.starts[at] as number;
    const end = this.endOf(at);
    let units = 0;
    let spaces = 0;
    for (let each = start; each < end; each++) {
      const byte = this.blob[each] as number;
      if (byte === 0x20) spaces += 1;
      if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
    }
    this.lengths[at] = units;
    const first = this.blob[start] as number;
    // A word that begins with a letter is no number and no date; the rest is decided on the text itself.
    const isWord = (first >= 0x41 && first <= 0x5a) || (first >= 0x61 && first <= 0x7a);
    const kind = isWord || start === end ? 0 : kindOf(this.text(at));
    const words = kind === 0 && units > 3 && spaces > 0 ? PROSE | (spaces >= SENTENCE_SPACES ? SENTENCE : 0) : 0;
    const looked = known | LOOKED | kind | words;
    this.flags[at] = looked;
    return looked;
  }
}

/** Adds the items of `sharedStrings.xml` as it streams; those read before a fault stay. The caller seals. Stops after about `most`: strings stand in the order of their first use. */
export async function readSharedStrings(
  chunks: AsyncIterable<Uint8Array>,
  budget: Budget,
  strings: SharedStrings,
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const input = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    rest = input.subarray(readItems(input, strings));
    if (rest.length > MAX_ITEM) throw new Unreadable('too-large', 'one string of the workbook is too long');
    budget.checkTime();
    if (strings.count >= most) return;
  }
  // Whatever follows the last item is no string: nothing, or the end tag, or a prefix that the quick reader does not know.
  if (strings.count === 0 || rest.includes('<si')) readSlowly(rest.toString('utf8'), strings);
}

/** Takes the complete items of `input`; answers where the incomplete rest begins. */
function readItems(input: Buffer, strings: SharedStrings): number {
  let at = 0;
  for (;;) {
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
