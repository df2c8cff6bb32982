import { ownValue } from '../core/own-value.ts';
import { charsetOfCodePage } from './mapi-property.ts';
import { RtfEmbedded } from './rtf-embedded.ts';
import { RtfFlows, type RtfGroup } from './rtf-flow.ts';
import { RtfFonts } from './rtf-font.ts';
import { RtfProperties } from './rtf-property.ts';
import { decodeRun } from './rtf-run.ts';
import { RtfStray } from './rtf-stray.ts';
import { rtfTokens } from './rtf-token.ts';
import { RTF_DESTINATIONS, RTF_SYMBOLS, type RtfTarget, symbolOf } from './rtf-words.ts';

export interface RtfContent {
  readonly text: string;
  /** Text formatted as hidden, and deleted text that is still there. */
  readonly hidden: string;
  /** Headers, footers, footnotes, comments and text boxes, each on lines of its own. */
  readonly asides: string;
  /** Title, author, comments and the like. */
  readonly metadata: string;
  /** Instructions of fields: link targets, bookmarks; alternative texts. */
  readonly fields: string;
  /** Bytes of embedded objects (OLE 1 streams). */
  readonly objects: readonly Uint8Array[];
  readonly pictures: readonly Uint8Array[];
  /** The page that a mail client wrapped into RTF ([MS-OXRTFEX]); null where it did not. */
  readonly html: string | null;
  /** Words where names of fonts and digits of pictures should be. */
  readonly stray: string;
}

/** Destinations whose name says nothing about their text. */
const UNLABELLED = new Set(['info', 'userprops', 'propname', 'staticval', 'linkval']);

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
  private readonly flows = new RtfFlows();
  private group: RtfGroup = {
    target: 'text',
    flow: this.flows.main,
    hidden: false,
    font: -1,
    skip: 1,
    notHtml: false,
    starred: false,
  };
  private readonly stack: RtfGroup[] = [];
  private readonly html: string[] = [];
  private readonly embedded = new RtfEmbedded();
  private readonly properties = new RtfProperties(this.flows);
  private readonly fonts = new RtfFonts();
  private readonly stray = new RtfStray();
  private isWhole = true;
  private codePage = 'windows-1252';
  private defaultFont = -1;
  private pending: number[] = [];
  private toSkip = 0;
  private wrapsHtml = false;

  open(): void {
    this.flush();
    this.stray.next();
    this.toSkip = 0;
    // Hostile files nest without end; deeper groups change nothing that matters here.
    if (this.stack.length < 100_000) this.stack.push({ ...this.group });
    this.group.starred = false;
  }

  close(): void {
    this.flush();
    this.toSkip = 0;
    const { target, font, hidden } = this.group;
    const outer = this.stack.pop();
    this.stray.next();
    if (outer === undefined) {
      this.isWhole = false;
      return;
    }
    this.group = outer;
    if (hidden && !outer.hidden) this.flows.hidden.pieces.push('\n');
    if (target === 'font') this.fonts.endName(font);
    if (outer.target === target) return;
    if (target === 'object' || target === 'picture') this.embedded.end(target);
    else if (target === 'name' || target === 'value' || target === 'date') this.properties.end(target);
  }

  word(word: string, value: number | null): void {
    if (word !== 'u' && word !== 'uc') this.toSkip = 0;
    if (word === "'" || word === '') return;
    const symbol = ownValue(RTF_SYMBOLS, word);
    if (symbol !== undefined) {
      this.put(symbol);
      return;
    }
    if (word === 'u' && value !== null) {
      this.put(symbolOf(value & 0xffff));
      this.toSkip = this.group.skip;
      return;
    }
    this.flush();
    const destination = ownValue(RTF_DESTINATIONS, word);
    if (destination !== undefined) this.enter(word, destination);
    else if (word === '*') this.group.starred = true;
    else if (this.group.starred) {
      // A destination that a reader does not know is to be passed over: \* says so. It is still read, as metadata.
      if (this.group.target !== 'none' && this.group.target !== 'font') this.begin('fields');
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
    const { target } = this.group;
    if (target === 'object' || target === 'picture') {
      const digits = raw.toString('latin1', skipped);
      this.embedded.addHex(target, digits);
      this.stray.add(target, digits);
      return;
    }
    for (let at = skipped; at < raw.length; at += 1) this.pending.push(raw[at] as number);
  }

  binary(raw: Buffer): void {
    const { target } = this.group;
    this.embedded.addBytes(target === 'picture' ? 'picture' : 'object', raw);
    if (target !== 'picture' && target !== 'object') this.embedded.end('object');
  }

  finish(): RtfContent {
    this.flush();
    this.isWhole &&= this.stack.length === 0;
    while (this.stack.length > 0) this.close();
    return {
      text: this.flows.text('main'),
      hidden: this.flows.text('hidden'),
      asides: this.flows.text('aside'),
      metadata: this.flows.text('metadata'),
      fields: this.flows.text('fields'),
      objects: this.embedded.objects,
      pictures: this.embedded.pictures,
      html: this.wrapsHtml ? this.html.join('').toWellFormed() : null,
      stray: this.stray.text(this.isWhole),
    };
  }

  private enter(word: string, destination: RtfTarget): void {
    const { group } = this;
    const inNone = group.target === 'none' || group.target === 'font';
    if (inNone && destination !== 'object') return;
    switch (destination) {
      case 'aside':
        this.begin('aside');
        return;
      case 'metadata':
        this.begin('metadata', UNLABELLED.has(word) ? '' : word);
        return;
      case 'fields':
      case 'ansi':
        this.begin('fields');
        if (destination === 'ansi') group.target = 'ansi';
        return;
      case 'unicode': {
        const outer = this.stack.findLast((one) => one.target !== 'ansi');
        group.target = outer?.target ?? 'text';
        group.flow = outer?.flow ?? this.flows.main;
        return;
      }
      case 'text':
        if (group.target === 'picture' || group.target === 'object') group.flow = this.flows.main;
        group.target = 'text';
        return;
      case 'date':
        this.properties.beginDate(word);
    }
    group.target = destination;
  }

  private begin(kind: 'aside' | 'metadata' | 'fields', label = ''): void {
    this.group.target = kind === 'aside' ? 'text' : kind;
    this.group.flow = this.flows.begin(kind, label);
    this.group.hidden = false;
  }

  private control(word: string, value: number | null): void {
    const { group } = this;
    switch (word) {
      case 'ansicpg':
        if (value !== null && value > 0) this.codePage = charsetOfCodePage(value) ?? 'windows-1252';
        break;
      case 'mac':
        this.codePage = 'macintosh';
        break;
      case 'pc':
        this.codePage = 'cp437';
        break;
      case 'pca':
        this.codePage = 'cp850';
        break;
      case 'deff':
        this.defaultFont = value ?? -1;
        break;
      case 'f':
        group.font = value ?? -1;
        break;
      case 'fcharset':
        if (group.target === 'font') this.fonts.setCharset(group.font, value ?? 1);
        break;
      case 'cpg':
        if (group.target === 'font') this.fonts.setCodePage(group.font, value ?? 0);
        break;
      case 'uc':
        group.skip = Math.max(0, Math.min(10, value ?? 1));
        break;
      case 'v':
      case 'deleted':
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
        break;
      case 'nofpages':
      case 'nofwords':
      case 'nofchars':
        if (value !== null) this.flows.add('metadata', word.slice(3), String(value));
        break;
      default:
        if (group.target === 'date') this.properties.setDate(word, value ?? 0);
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
    const font = this.group.font === -1 ? this.defaultFont : this.group.font;
    this.write(decodeRun(bytes, this.fonts.charsetOf(font) ?? this.codePage));
  }

  private write(text: string): void {
    const { target, hidden, notHtml, flow, font } = this.group;
    this.stray.add(target, text);
    if (target === 'html') this.html.push(text);
    else if (target === 'font') this.fonts.addName(font, text);
    else if (target === 'name' || target === 'value') this.properties.add(text);
    else if (target === 'text') {
      if (this.wrapsHtml && !notHtml && flow === this.flows.main) this.html.push(text);
      (hidden ? this.flows.hidden : flow).pieces.push(text);
    } else if (target === 'metadata' || target === 'fields' || target === 'ansi') flow.pieces.push(text);
  }
}
