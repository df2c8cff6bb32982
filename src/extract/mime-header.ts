import { asBuffer, decodeText } from './decode-text.ts';

export interface HeaderField {
  /** As written. */
  readonly name: string;
  /** Lower case. */
  readonly key: string;
  /** Unfolded, not decoded. */
  readonly value: string;
}

export interface ParameterValue {
  /** Lower case, as `text/html` or `attachment`. */
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The fields of a header block; a line that is none is given back as a stray, so that its words are read. RFC 5322 section 2.2. */
export function parseHeaderBlock(bytes: Uint8Array): { readonly fields: HeaderField[]; readonly strays: string[] } {
  const buffer = asBuffer(bytes);
  // Raw UTF-8 in headers is RFC 6532; other raw bytes are an old client's own charset.
  const text = decodeText(buffer, 'utf-8');
  const fields: HeaderField[] = [];
  const strays: string[] = [];
  let current: { name: string; value: string } | null = null;
  /** A line that is a header's name alone, its colon on the next line. */
  let bare: string | null = null;
  const close = (): void => {
    if (current !== null)
      fields.push({ name: current.name, key: current.name.toLowerCase(), value: current.value.trim() });
    current = null;
  };
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === '') continue;
    const first = line.charCodeAt(0);
    if (bare !== null) {
      const name: string = bare;
      bare = null;
      const colon = /^[ \t]+:/.exec(line);
      if (colon !== null) {
        current = { name, value: line.slice(colon[0].length) };
        continue;
      }
      strays.push(name);
    }
    if ((first === 32 || first === 9) && current !== null) {
      current.value += ` ${line.trim()}`;
      continue;
    }
    close();
    const colon = line.indexOf(':');
    const name = colon > 0 ? line.slice(0, colon).trimEnd() : '';
    if (name !== '' && !/\s/.test(name)) current = { name, value: line.slice(colon + 1) };
    else if (/^[A-Za-z-]{2,40}$/.test(line)) bare = line;
    else if (line.trim() !== '') strays.push(line);
  }
  if (bare !== null) strays.push(bare);
  close();
  return { fields, strays };
}

interface EncodedWord {
  readonly charset: string;
  readonly encoding: 'b' | 'q';
  readonly coded: string;
}

const WORD_START = /=\?([^?\s]{0,80})\?([bq])\?/gi;
const WORD_WITHIN = /=\?[^?\s]{1,80}\?[bq]\?/i;

/**
 * Decodes encoded words; neighbours of one charset are joined as bytes, since senders split characters and escapes.
 *
 * Spaces and question marks inside a word, and words never closed, are read as clients read them. RFC 2047.
 */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return value;
  let text = '';
  let end = 0;
  let pending: EncodedWord[] = [];
  const flush = (): void => {
    text += decodeRun(pending);
    pending = [];
  };
  // Looked for once, however many words begin before it.
  let close = value.indexOf('?=');
  WORD_START.lastIndex = 0;
  for (let match = WORD_START.exec(value); match !== null; match = WORD_START.exec(value)) {
    const from = match.index + match[0].length;
    const encoding = (match[2] as string).toLowerCase() === 'b' ? 'b' : 'q';
    if (close >= 0 && close < from) close = value.indexOf('?=', from);
    const word = readWord(value, from, close, encoding);
    if (word === null) continue;
    const charset = (match[1] as string).replace(/\*.*$/, '').toLowerCase();
    const between = value.slice(end, match.index);
    const isNext = pending.length > 0 && between.trim() === '';
    if (!isNext || pending[0]?.charset !== charset) {
      flush();
      if (!isNext) text += between;
    }
    pending.push({ charset, encoding, coded: word.coded });
    end = word.end;
    WORD_START.lastIndex = end;
  }
  flush();
  return text + value.slice(end);
}

/** The coded text from an offset to its end mark, `close` (-1 for none); null where it is no word. */
function readWord(
  value: string,
  from: number,
  close: number,
  encoding: 'b' | 'q',
): { readonly coded: string; readonly end: number } | null {
  const whole = value.slice(from, close < 0 ? undefined : close);
  const within = whole.search(WORD_WITHIN);
  const coded = within < 0 ? whole : whole.slice(0, within).trimEnd();
  const isCut = close < 0 || within >= 0;
  if (isCut && /\s/.test(coded)) return null;
  if (encoding === 'b' && /[^A-Za-z0-9+/=\s_?-]/.test(coded)) return null;
  return { coded, end: isCut ? from + coded.length : close + 2 };
}

/** Words of one charset after one another. */
function decodeRun(words: readonly EncodedWord[]): string {
  const first = words[0];
  if (first === undefined) return '';
  const pieces: Buffer[] = [];
  let open = '';
  for (const [at, { encoding, coded }] of words.entries()) {
    const all = open + coded;
    open = '';
    const next = words[at + 1];
    // The end of a word that only the next one completes.
    if (next?.encoding === encoding && (encoding === 'b' ? isOpenBase64(all) : /=[0-9a-f]?$/i.test(all))) open = all;
    else pieces.push(encoding === 'b' ? decodeBase64Word(all) : decodeQ(all));
  }
  return decodeText(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces), first.charset);
}

function isOpenBase64(coded: string): boolean {
  return !coded.includes('=') && coded.replace(/\s/g, '').length % 4 !== 0;
}

function decodeBase64Word(word: string): Buffer {
  return Buffer.concat(word.split(/(?<==)(?=[^=])/).map((piece) => Buffer.from(piece, 'base64')));
}

function decodeQ(word: string): Buffer {
  return Buffer.from(
    word
      .replaceAll('_', ' ')
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    /[^\0-ÿ]/.test(word) ? 'utf8' : 'latin1',
  );
}

/** Splits `type/subtype; name=value`, with quotes, comments, RFC 2231 pieces and charsets, and values left unquoted. */
export function parseParameters(header: string): ParameterValue {
  const pieces = splitOutsideQuotes(header);
  // A sender that forgot the semicolon.
  const joined = /^([^\s;="]+)\s+([^\s;="]+\s*=.*)$/s.exec(pieces[0] ?? '');
  if (joined !== null) pieces.splice(0, 1, joined[1] as string, joined[2] as string);
  const parameters = new Map<string, string>();
  const extended = new Map<string, { order: number; encoded: boolean; value: string }[]>();
  for (const piece of pieces.slice(1)) {
    const equals = piece.indexOf('=');
    if (equals < 0) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    const value = unquote(piece.slice(equals + 1).trim());
    const shape = /^([^*]+)(?:\*(\d{1,4}))?(\*)?$/.exec(name);
    if (shape === null || (shape[2] === undefined && shape[3] === undefined)) {
      if (!parameters.has(name)) parameters.set(name, value);
      continue;
    }
    const list = extended.get(shape[1] as string) ?? [];
    list.push({ order: Number(shape[2] ?? 0), encoded: shape[3] !== undefined, value });
    extended.set(shape[1] as string, list);
  }
  for (const [name, list] of extended) parameters.set(name, decodeExtended(list));
  return {
    value: stripComments(pieces[0] ?? '')
      .trim()
      .toLowerCase(),
    parameters,
  };
}

function decodeExtended(list: { order: number; encoded: boolean; value: string }[]): string {
  list.sort((a, b) => a.order - b.order);
  let charset: string | null = null;
  const bytes = list.map(({ encoded, value }, at) => {
    if (!encoded) return Buffer.from(value, 'utf8');
    let coded = value;
    const told = at === 0 ? /^([^']*)'[^']*'(.*)$/s.exec(value) : null;
    if (told !== null) {
      charset = told[1] as string;
      coded = told[2] as string;
    }
    return Buffer.from(
      coded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    );
  });
  return decodeText(Buffer.concat(bytes), charset);
}

function splitOutsideQuotes(header: string): string[] {
  if (!header.includes('"')) return header.split(';');
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < header.length; at += 1) {
    const code = header.charCodeAt(at);
    if (code === 92 && quoted) at += 1;
    else if (code === 34) quoted = !quoted;
    else if (code === 59 && !quoted) {
      pieces.push(header.slice(start, at));
      start = at + 1;
    }
  }
  pieces.push(header.slice(start));
  return pieces;
}

function unquote(value: string): string {
  if (!value.startsWith('"'))
    return stripComments(value)
      .replace(/,\s+[\w-]+=.*$/s, '')
      .trim();
  const end = /^"((?:[^"\\]|\\.)*)/s.exec(value);
  // Other backslashes are those of a path.
  return (end?.[1] ?? '').replace(/\\(["\\])/g, '$1');
}

function stripComments(value: string): string {
  return value.includes('(') ? value.replace(/\([^()]*\)/g, ' ') : value;
}
