import { decodeText } from './decode-text.ts';
import { rtfTokens } from './rtf-token.ts';
import { FONT_CHARSETS, RTF_DESTINATIONS, RTF_SYMBOLS, type RtfTarget } from './rtf-words.ts';

export interface RtfContent {
  readonly text: string;
  /** Text formatted as hidden. */
  readonly hidden: string;
  /** Title, author, comments and the like. */
  readonly metadata: string;
  /** Instructions of fields: link targets, bookmarks. */
  readonly fields: string;
  /** Bytes of embedded objects (OLE 1 streams). */
  readonly objects: readonly Uint8Array[];
  readonly pictures: readonly Uint8Array[];
  /** The page that a mail client wrapped into RTF ([MS-OXRTFEX]); null where it did not. */
  readonly html: string | null;
}

interface Group {
  target: RtfTarget;
  hidden: boolean;
  font: number;
  /** Bytes to skip after a `\u`. */
  skip: number;
  /** Inside `\htmlrtf`: what the wrapped page does not have. */
  notHtml: boolean;
  starred: boolean;
}

/** Reads RTF for everything in it that a person could read. Unbalanced groups and cut-off files give what was there. */
export function readRtf(file: Buffer): RtfContent {
  const reader = new RtfReader();
  for (const token of rtfTokens(file)) {
    switch (token.kind) {
      case 'open':
        reader.open();
        break;
      case 'close':
        reader.close();
        break;
      case 'word':
        reader.word(token.word, token.value);
        break;
      case 'byte':
        reader.byte(token.value);
        break;
      case 'bytes':
        reader.bytes(file.subarray(token.start, token.end));
        break;
      case 'binary':
        reader.binary(file.subarray(token.start, token.end));
    }
  }
  return reader.finish();
}

class RtfReader {
  private group: Group = { target: 'text', hidden: false, font: -1, skip: 1, notHtml: false, starred: false };
  private readonly stack: Group[] = [];
  private readonly out: Record<RtfTarget, string[]> = {
    text: [],
    metadata: [],
    fields: [],
    html: [],
    object: [],
    picture: [],
    font: [],
    none: [],
  };
  private readonly hidden: string[] = [];
  private readonly objects: Uint8Array[] = [];
  private readonly pictures: Uint8Array[] = [];
  private readonly charsets = new Map<number, string>();
  private codePage = 'windows-1252';
  private defaultFont = -1;
  private pending: number[] = [];
  private toSkip = 0;
  private wrapsHtml = false;

  open(): void {
    this.flush();
    // Hostile files nest without end; deeper groups change nothing that matters here.
    if (this.stack.length < 100_000) this.stack.push({ ...this.group });
    this.group.starred = false;
  }

  close(): void {
    this.flush();
    const { target } = this.group;
    const outer = this.stack.pop();
    if (outer === undefined) return;
    this.group = outer;
    if (outer.target === target) return;
    if (target === 'metadata' || target === 'fields') this.out[target].push('\n');
    if (target === 'object') this.objects.push(this.takeHex('object'));
    if (target === 'picture') this.pictures.push(this.takeHex('picture'));
  }

  word(word: string, value: number | null): void {
    if (word !== 'u' && word !== 'uc') this.toSkip = 0;
    if (word === "'" || word === '') return;
    const symbol = RTF_SYMBOLS[word];
    if (symbol !== undefined) {
      this.put(symbol);
      return;
    }
    if (word === 'u' && value !== null) {
      this.put(String.fromCharCode(value < 0 ? value + 65_536 : value));
      this.toSkip = this.group.skip;
      return;
    }
    this.flush();
    const destination = RTF_DESTINATIONS[word];
    if (destination !== undefined)
      this.group.target = this.group.target === 'none' && destination !== 'object' ? 'none' : destination;
    else if (word === '*') this.group.starred = true;
    else if (this.group.starred) {
      // A destination that a reader does not know is to be passed over: \* says so. It is still read, as metadata.
      this.group.starred = false;
      if (this.group.target === 'text') this.group.target = 'fields';
    } else this.control(word, value);
    if (word !== '*') this.group.starred = false;
  }

  byte(value: number): void {
    if (this.toSkip > 0) {
      this.toSkip -= 1;
      return;
    }
    this.pending.push(value);
  }

  bytes(raw: Buffer): void {
    const skipped = Math.min(this.toSkip, raw.length);
    this.toSkip -= skipped;
    if (this.group.target === 'object' || this.group.target === 'picture') {
      this.out[this.group.target].push(raw.toString('latin1', skipped));
      return;
    }
    for (let at = skipped; at < raw.length; at += 1) this.pending.push(raw[at] as number);
  }

  binary(raw: Buffer): void {
    if (this.group.target === 'object') this.out.object.push(raw.toString('hex'));
    else if (this.group.target === 'picture') this.out.picture.push(raw.toString('hex'));
    else this.objects.push(raw);
  }

  finish(): RtfContent {
    this.flush();
    while (this.stack.length > 0) this.close();
    const joined = (pieces: readonly string[]): string =>
      pieces
        .join('')
        .replace(/[ \t]*\n{3,}/g, '\n\n')
        .trim();
    return {
      text: joined(this.out.text),
      hidden: joined(this.hidden),
      metadata: joined(this.out.metadata),
      fields: joined(this.out.fields),
      objects: this.objects.filter((bytes) => bytes.length > 0),
      pictures: this.pictures.filter((bytes) => bytes.length > 0),
      html: this.wrapsHtml ? this.out.html.join('') : null,
    };
  }

  private control(word: string, value: number | null): void {
    const { group } = this;
    switch (word) {
      case 'ansicpg':
        if (value !== null && value > 0) this.codePage = value === 65_001 ? 'utf-8' : `windows-${value}`;
        break;
      case 'mac':
        this.codePage = 'macintosh';
        break;
      case 'pc':
      case 'pca':
        this.codePage = 'cp850';
        break;
      case 'deff':
        this.defaultFont = value ?? -1;
        break;
      case 'f':
        group.font = value ?? -1;
        break;
      case 'fcharset': {
        const charset = FONT_CHARSETS[value ?? 1];
        if (charset !== undefined && group.target === 'font') this.charsets.set(group.font, charset);
        break;
      }
      case 'uc':
        group.skip = Math.max(0, Math.min(10, value ?? 1));
        break;
      case 'v':
        group.hidden = value !== 0;
        break;
      case 'plain':
        group.hidden = false;
        group.font = this.defaultFont;
        break;
      case 'fromhtml':
        this.wrapsHtml = true;
        break;
      case 'htmlrtf':
        group.notHtml = value !== 0;
    }
  }

  private put(text: string): void {
    this.flush();
    this.write(text);
  }

  private flush(): void {
    if (this.pending.length === 0) return;
    const bytes = Buffer.from(this.pending);
    this.pending = [];
    this.write(decodeText(bytes, this.charsets.get(this.group.font) ?? this.codePage));
  }

  private write(text: string): void {
    const { target, hidden, notHtml } = this.group;
    if (target === 'text') {
      if (this.wrapsHtml && !notHtml) this.out.html.push(text);
      (hidden ? this.hidden : this.out.text).push(text);
    } else if (target !== 'none' && target !== 'font') this.out[target].push(text);
  }

  private takeHex(target: 'object' | 'picture'): Uint8Array {
    const hex = this.out[target].join('').replace(/[^0-9a-fA-F]/g, '');
    this.out[target] = [];
    return Buffer.from(hex, 'hex');
  }
}
