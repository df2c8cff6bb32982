import { kindOf } from './cell-kind.ts';

/** What is known of a string once it was looked at: bits 0-1 its kind, then the flags; `wasm/` has the same. */
const LOOKED = 4;
const PROSE = 8;
const USED = 16;
const SENTENCE = 32;
/** Spaces of a sentence of six words. */
const SENTENCE_SPACES = 5;
const NEWLINE = 10;
const SHOWN = 1024;

/**
 * The strings of a workbook as UTF-8 bytes, so that half a million of them cost their length and nine bytes each.
 *
 * A string becomes a JavaScript one only when it is shown.
 */
export class SharedStrings {
  private blob: Buffer = Buffer.allocUnsafe(1 << 16);
  private used = 0;
  private starts = new Uint32Array(1 << 12);
  private flags: Uint8Array = new Uint8Array(1 << 12);
  private lengths: Uint32Array = new Uint32Array(1 << 12);
  /** The strings shown last. */
  private readonly shown: string[] = [];
  private readonly shownAt = new Int32Array(SHOWN).fill(-1);
  count = 0;

  text(at: number): string {
    return at < this.count ? this.blob.toString('utf8', this.starts[at], this.endOf(at)) : '';
  }

  /** The text of a string that a cell shows. */
  show(at: number): string {
    const place = at % SHOWN;
    if (this.shownAt[place] === at) return this.shown[place] as string;
    this.use(at);
    const text = this.text(at);
    this.shownAt[place] = at;
    this.shown[place] = text;
    return text;
  }

  /** The texts of some strings, a line each. */
  lines(wanted: Uint32Array): string {
    let size = wanted.length;
    for (const at of wanted) size += this.endOf(at) - (this.starts[at] as number);
    const lines = Buffer.allocUnsafe(size);
    let to = 0;
    for (const at of wanted) {
      to += this.blob.copy(lines, to, this.starts[at], this.endOf(at));
      lines[to++] = NEWLINE;
    }
    return lines.toString('utf8', 0, Math.max(0, to - 1));
  }

  /** The kind of a string (`kindOf`), found once. */
  kind(at: number): number {
    return this.look(at) & 3;
  }

  /** Whether the string has words, answered once: each is read only once however many cells show it. Ask after `kind`. */
  takeProse(at: number, room: 'words' | 'sentences' | 'none'): boolean {
    const flags = this.flags[at] ?? 0;
    const wanted = this.proseFlags(room);
    if ((flags & wanted) !== wanted) return false;
    this.flags[at] = flags & ~PROSE;
    return true;
  }

  /** The flags of a string that `takeProse` would give out; no string has them where there is no room. */
  proseFlags(room: 'words' | 'sentences' | 'none'): number {
    return room === 'none' ? 0xff : room === 'words' ? PROSE : PROSE | SENTENCE;
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

  /** Bytes of all texts so far. */
  get textBytes(): number {
    return this.used;
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

  /** Adds strings of which it is known what they are: `starts` among all texts, flags as this class has them, UTF-16 lengths. */
  append(starts: Uint32Array, flags: Uint8Array, lengths: Uint32Array, texts: Uint8Array): void {
    this.makeRoom(starts.length, texts.length);
    this.starts.set(starts, this.count);
    this.flags.set(flags, this.count);
    this.lengths.set(lengths, this.count);
    this.blob.set(texts, this.used);
    this.count += starts.length;
    this.used += texts.length;
  }

  /** Keeps what is known of each string in these from now on, when no more are added. */
  moveTo(flags: Uint8Array, lengths: Uint32Array): void {
    flags.set(this.flags.subarray(0, this.count));
    lengths.set(this.lengths.subarray(0, this.count));
    this.flags = flags;
    this.lengths = lengths;
  }

  private endOf(at: number): number {
    return at + 1 < this.count ? (this.starts[at + 1] as number) : this.used;
  }

  private startItem(length: number): void {
    this.makeRoom(1, length);
    this.starts[this.count] = this.used;
    this.count += 1;
  }

  private makeRoom(items: number, bytes: number): void {
    const count = this.count + items;
    if (count > this.starts.length) {
      const size = Math.max(count, this.starts.length * 2);
      this.starts = widened(this.starts, new Uint32Array(size));
      this.flags = widened(this.flags, new Uint8Array(size));
      this.lengths = widened(this.lengths, new Uint32Array(size));
    }
    if (this.used + bytes <= this.blob.length) return;
    const wider = Buffer.allocUnsafe(Math.max(this.blob.length * 2, this.used + bytes));
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
    const isProse = kind === 0 && units > 3 && spaces > 0 && (isWord || /\p{L}/u.test(this.text(at)));
    const words = isProse ? PROSE | (spaces >= SENTENCE_SPACES ? SENTENCE : 0) : 0;
    const looked = known | LOOKED | kind | words;
    this.flags[at] = looked;
    return looked;
  }
}

function widened<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
