import { Unreadable } from './unreadable.ts';

/** Attributes by local name; of two that differ in prefix alone the later is also there under its full name. */
export type XmlAttributes = ReadonlyMap<string, string>;

/** What a reader is told, in document order. Names are local: prefixes are the writer's whim, and strict and transitional differ in them. */
export interface XmlHandler {
  open(name: string, attributes: XmlAttributes): void;
  text(text: string): void;
  close(name: string): void;
  /** The words of a comment: content too, since somebody can read them. */
  comment?(text: string): void;
}

/** Markup longer than this in one piece is no XML that an office writes. */
const MAX_TOKEN = 16 * 1024 ** 2;

/**
 * A forgiving XML reader fed in pieces: it reports what is there, well-formed or not, and never resolves an entity beyond the five of
 * the standard and character references. `sawDoctype` tells that entities were declared in it: such a file is not wholly shown by this reader.
 */
export class XmlReader {
  private readonly handler: XmlHandler;
  private rest = '';
  sawDoctype = false;
  /** Unclosed elements at the end, or markup cut off. */
  isDamaged = false;
  private depth = 0;

  constructor(handler: XmlHandler) {
    this.handler = handler;
  }

  write(chunk: string): void {
    const input = this.rest === '' ? chunk : this.rest + chunk;
    let at = 0;
    for (;;) {
      const open = input.indexOf('<', at);
      if (open < 0) {
        // Text is held back until its end is known, so that an entity or a word is never cut; very long text goes in pieces.
        if (input.length - at > MAX_TOKEN) {
          this.handler.text(decodeEntities(input.slice(at)));
          at = input.length;
        }
        break;
      }
      if (open > at) this.handler.text(decodeEntities(input.slice(at, open)));
      const next = this.readMarkup(input, open);
      if (next < 0) {
        at = open;
        break;
      }
      at = next;
    }
    this.rest = input.slice(at);
    if (this.rest.length > MAX_TOKEN) throw new Unreadable('too-large', 'one piece of XML markup is too long');
  }

  end(): void {
    if (this.rest !== '') {
      if (this.rest.trim() !== '') {
        this.isDamaged = true;
        this.handler.text(decodeEntities(this.rest));
      }
      this.rest = '';
    }
    if (this.depth > 0) this.isDamaged = true;
  }

  /** Handles the markup at `open`; the offset after it, or -1 while it is incomplete. */
  private readMarkup(input: string, open: number): number {
    switch (input.charCodeAt(open + 1)) {
      case 0x2f: {
        const end = input.indexOf('>', open);
        if (end < 0) return -1;
        this.depth -= 1;
        this.handler.close(localName(input.slice(open + 2, end).trim()));
        return end + 1;
      }
      case 0x21:
        return this.readDeclaration(input, open);
      case 0x3f: {
        const end = input.indexOf('?>', open);
        return end < 0 ? -1 : end + 2;
      }
      default:
        return this.readElement(input, open);
    }
  }

  private readDeclaration(input: string, open: number): number {
    if (input.startsWith('<!--', open)) {
      const end = input.indexOf('-->', open + 4);
      if (end < 0) return -1;
      this.handler.comment?.(input.slice(open + 4, end));
      return end + 3;
    }
    if (input.startsWith('<![CDATA[', open)) {
      const end = input.indexOf(']]>', open + 9);
      if (end < 0) return -1;
      this.handler.text(input.slice(open + 9, end));
      return end + 3;
    }
    if (input.length - open < 9) return -1;
    const end = /[[>]/g;
    end.lastIndex = open;
    const stop = end.exec(input);
    if (stop === null) return -1;
    // A document type by its public name alone declares nothing, and every module of macros in OpenDocument has one.
    if (stop[0] === '>') return stop.index + 1;
    this.sawDoctype = true;
    const subset = /\]\s*>/g;
    subset.lastIndex = stop.index;
    const close = subset.exec(input);
    if (close === null) return -1;
    this.handler.text(input.slice(stop.index + 1, close.index));
    return close.index + close[0].length;
  }

  private readElement(input: string, open: number): number {
    const end = findTagEnd(input, open);
    if (end < 0) return -1;
    const isEmpty = input.charCodeAt(end - 1) === 0x2f;
    const body = input.slice(open + 1, isEmpty ? end - 1 : end);
    const space = body.search(/\s/);
    const name = localName(space < 0 ? body : body.slice(0, space));
    this.handler.open(name, space < 0 ? NO_ATTRIBUTES : readAttributes(body.slice(space)));
    if (isEmpty) this.handler.close(name);
    else this.depth += 1;
    return end + 1;
  }
}

const NO_ATTRIBUTES: XmlAttributes = new Map();

/** One pass without a regular expression: a hostile value of megabytes must cost its length and no more. */
function readAttributes(text: string): XmlAttributes {
  const attributes = new Map<string, string>();
  for (let at = 0; ; ) {
    const equals = text.indexOf('=', at);
    if (equals < 0) return attributes;
    const name = text.slice(at, equals).trim();
    let quoteAt = equals + 1;
    while (isSpace(text.charCodeAt(quoteAt))) quoteAt += 1;
    const quote = text[quoteAt];
    if (quote !== '"' && quote !== "'") {
      at = equals + 1;
      continue;
    }
    const close = text.indexOf(quote, quoteAt + 1);
    const value = decodeEntities(text.slice(quoteAt + 1, close < 0 ? text.length : close));
    const local = localName(name);
    attributes.set(attributes.has(local) ? name : local, value);
    if (close < 0) return attributes;
    at = close + 1;
  }
}

/** The '>' that ends the tag at `open`; one inside a quoted value does not. -1: not there yet. */
function findTagEnd(input: string, open: number): number {
  // Searching for the next quote would cost the rest of the input wherever there is none.
  let quote = 0;
  for (let at = open; at < input.length; at++) {
    const code = input.charCodeAt(at);
    if (quote === 0) {
      if (code === 0x3e) return at;
      if (code === 0x22 || code === 0x27) quote = code;
    } else if (code === quote) quote = 0;
  }
  return -1;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text with the five standard entities and character references resolved; any other reference stays as it stands. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Reads XML bytes in any encoding that their first bytes declare: UTF-8 (the default), UTF-16, or a named legacy one. */
export async function readXml(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  handler: XmlHandler,
): Promise<XmlReader> {
  const reader = new XmlReader(handler);
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    reader.write(decoder.decode(chunk, { stream: true }));
  }
  if (decoder !== null) reader.write(decoder.decode());
  reader.end();
  return reader;
}

/** XML bytes as UTF-8 whatever they are in, for readers that work on bytes; UTF-8 passes through untouched. */
export async function* asUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && encodingOf(chunk) !== 'utf-8') decoder = new TextDecoder(encodingOf(chunk));
    isFirst = false;
    yield decoder === null ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
  }
  if (decoder !== null) yield Buffer.from(decoder.decode());
}

function encodingOf(start: Uint8Array): string {
  const [first = 0, second = 0] = start;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  const head = Buffer.from(start.subarray(0, 200)).toString('latin1');
  const declared = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(/^utf-?16/i.test(declared) ? 'utf-8' : declared).encoding;
  } catch {
    return 'utf-8';
  }
}
