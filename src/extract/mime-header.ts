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

const ENCODED_WORD = /=\?([^?\s]*)\?([bq])\?([^?]*)\?=/gi;

/** Decodes encoded words; neighbours of one charset are joined as bytes, since senders split characters. RFC 2047. */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return value;
  let text = '';
  let end = 0;
  let pending: { charset: string; bytes: Buffer[] } | null = null;
  const flush = (): void => {
    if (pending !== null) text += decodeText(Buffer.concat(pending.bytes), pending.charset);
    pending = null;
  };
  for (const match of value.matchAll(ENCODED_WORD)) {
    const between = value.slice(end, match.index);
    end = match.index + match[0].length;
    const charset = (match[1] as string).replace(/\*.*$/, '').toLowerCase();
    const bytes =
      (match[2] as string).toLowerCase() === 'b' ? decodeBase64Word(match[3] as string) : decodeQ(match[3] as string);
    if (pending === null || between.trim() !== '' || (pending as { charset: string }).charset !== charset) {
      const joined: boolean = pending !== null && between.trim() === '';
      flush();
      text += joined ? '' : between;
      pending = { charset, bytes: [bytes] };
    } else (pending as { bytes: Buffer[] }).bytes.push(bytes);
  }
  flush();
  return text + value.slice(end);
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
  if (!value.startsWith('"')) return stripComments(value).trim();
  const end = /^"((?:[^"\\]|\\.)*)/s.exec(value);
  return (end?.[1] ?? '').replace(/\\(.)/gs, '$1');
}

function stripComments(value: string): string {
  return value.includes('(') ? value.replace(/\([^()]*\)/g, ' ') : value;
}
