import { asBuffer } from './decode-text.ts';
import {
  decodeWords,
  type HeaderField,
  type ParameterValue,
  parseHeaderBlock,
  parseParameters,
} from './mime-header.ts';

/** A leaf of a mail, bytes of a multipart that belong to no leaf, or the header of a multipart within the mail, which has no body. */
export interface MimeLeaf {
  readonly kind: 'entity' | 'multipart' | 'preamble' | 'epilogue';
  readonly headers: readonly HeaderField[];
  /** Lines among the headers that are none. */
  readonly strays: readonly string[];
  readonly contentType: ParameterValue;
  readonly disposition: ParameterValue;
  /** Lower case; empty where none is given. */
  readonly encoding: string;
  readonly fileName: string | null;
  readonly body: Buffer;
  /** Multipart type it stands directly in, as `alternative`; null for a mail of one part. */
  readonly within: string | null;
}

export interface MimeMail {
  readonly headers: readonly HeaderField[];
  readonly strays: readonly string[];
  readonly leaves: Iterable<MimeLeaf>;
}

const NO_VALUE: ParameterValue = { value: '', parameters: new Map() };

interface Range {
  readonly kind: 'entity' | 'preamble' | 'epilogue';
  readonly start: number;
  readonly end: number;
  readonly within: string | null;
  readonly fallback: string;
}

/**
 * Reads a mail into its leaves in order, whatever its shape: no boundary, boundaries never closed, used twice or inherited,
 * bare LF or CR. What stands between the parts is a leaf too. Multiparts nest without using the stack.
 *
 * Sources: RFC 2045, 2046, 2231, 5322, 6532.
 */
export function readMime(bytes: Uint8Array): MimeMail {
  const buffer = asBuffer(bytes);
  const start = skipEnvelopeLine(buffer);
  const split = headerEnd(buffer, start, buffer.length);
  const top = parseHeaderBlock(buffer.subarray(start, split.headerEnd));
  const whole: Range = { kind: 'entity', start, end: buffer.length, within: null, fallback: 'text/plain' };
  const before = buffer.toString('latin1', 0, start).trim();
  const strays = before === '' || ENVELOPE.test(before) ? top.strays : [before, ...top.strays];
  return { headers: top.fields, strays, leaves: leavesOf(buffer, whole) };
}

function* leavesOf(buffer: Buffer, whole: Range): Iterable<MimeLeaf> {
  const waiting: Range[] = [whole];
  for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
    if (range.kind !== 'entity') {
      const body = buffer.subarray(range.start, range.end);
      yield {
        kind: range.kind,
        headers: [],
        strays: [],
        contentType: NO_VALUE,
        disposition: NO_VALUE,
        encoding: '',
        fileName: null,
        body,
        within: range.within,
      };
      continue;
    }
    const { headerEnd: stop, bodyStart } = headerEnd(buffer, range.start, range.end);
    const { fields, strays } = parseHeaderBlock(buffer.subarray(range.start, stop));
    const contentType = parseParameters(headerValue(fields, 'content-type') ?? range.fallback);
    if (contentType.value.startsWith('multipart/') || contentType.value === 'multipart') {
      const parts = splitMultipart(buffer, bodyStart, range.end, contentType);
      if (parts !== null) {
        // The header of the mail itself is read as such.
        if (range !== whole)
          yield {
            kind: 'multipart',
            headers: fields,
            strays,
            contentType,
            disposition: NO_VALUE,
            encoding: '',
            fileName: null,
            body: buffer.subarray(stop, stop),
            within: range.within,
          };
        for (let at = parts.length - 1; at >= 0; at -= 1) waiting.push(parts[at] as Range);
        continue;
      }
    }
    const disposition = parseParameters(headerValue(fields, 'content-disposition') ?? '');
    const name = disposition.parameters.get('filename') ?? contentType.parameters.get('name') ?? null;
    yield {
      kind: 'entity',
      headers: fields,
      strays,
      contentType,
      disposition,
      encoding: (headerValue(fields, 'content-transfer-encoding') ?? '')
        .replace(/^[\s"']+|[\s;"'].*$/g, '')
        .toLowerCase(),
      fileName: name === null || name.trim() === '' ? null : decodeWords(name).trim(),
      body: buffer.subarray(bodyStart, range.end),
      within: range.within,
    };
  }
}

export function headerValue(fields: readonly HeaderField[], key: string): string | null {
  for (const field of fields) if (field.key === key) return field.value;
  return null;
}

/** The ranges between delimiter lines; null where the body has no such line, so that it is read as it stands. */
function splitMultipart(buffer: Buffer, start: number, end: number, type: ParameterValue): Range[] | null {
  const told = type.parameters.get('boundary')?.trimEnd();
  const boundary =
    told !== undefined && told !== '' && findDelimiter(buffer, told, start, end) !== null
      ? told
      : guessBoundary(buffer, start, end);
  if (boundary === null) return null;
  const within = type.value.slice(type.value.indexOf('/') + 1);
  const fallback = within === 'digest' ? 'message/rfc822' : 'text/plain';
  const ranges: Range[] = [];
  let kind: Range['kind'] = 'preamble';
  let from = start;
  const add = (to: number): void => {
    if (kind === 'entity' || isFilled(buffer, from, to)) ranges.push({ kind, start: from, end: to, within, fallback });
  };
  for (
    let line = findDelimiter(buffer, boundary, start, end);
    line !== null;
    line = findDelimiter(buffer, boundary, line.after, end)
  ) {
    add(Math.max(from, beforeLineBreak(buffer, line.start, from)));
    kind = line.closes ? 'epilogue' : 'entity';
    from = line.after;
  }
  if (from < end || kind === 'entity') add(end);
  return ranges;
}

/** The next line `--boundary` or `--boundary--`, with nothing else on it. */
function findDelimiter(buffer: Buffer, boundary: string, start: number, end: number) {
  const needle = Buffer.from(`--${boundary}`, /[^\0-ÿ]/.test(boundary) ? 'utf8' : 'latin1');
  for (let at = buffer.indexOf(needle, start); at >= 0 && at < end; at = buffer.indexOf(needle, at + 1)) {
    if (at > start && buffer[at - 1] !== 10 && buffer[at - 1] !== 13) continue;
    let next = at + needle.length;
    const closes = buffer[next] === 45 && buffer[next + 1] === 45;
    if (closes) next += 2;
    while (next < end && (buffer[next] === 32 || buffer[next] === 9)) next += 1;
    if (next < end && buffer[next] !== 10 && buffer[next] !== 13) continue;
    const after = buffer[next] === 13 && buffer[next + 1] === 10 ? next + 2 : next + 1;
    return { start: at, after: Math.min(after, end), closes };
  }
  return null;
}

/** A multipart without a usable boundary: the first line that looks like a delimiter and is followed by a header. */
function guessBoundary(buffer: Buffer, start: number, end: number): string | null {
  const text = buffer.subarray(start, Math.min(end, start + 65_536)).toString('latin1');
  return /(?:^|[\r\n])--([^\s-][^\r\n]{0,200}?)[ \t]*(?:\r\n|\n|\r)content-[a-z-]+:/i.exec(text)?.[1] ?? null;
}

function beforeLineBreak(buffer: Buffer, at: number, from: number): number {
  if (at - 1 >= from && buffer[at - 1] === 10) return at - 2 >= from && buffer[at - 2] === 13 ? at - 2 : at - 1;
  return at - 1 >= from && buffer[at - 1] === 13 ? at - 1 : at;
}

/** Where the header block ends and the body begins: the first empty line, or the first line that cannot be a header. */
function headerEnd(buffer: Buffer, start: number, end: number): { headerEnd: number; bodyStart: number } {
  let line = start;
  let seen = false;
  while (line < end) {
    let stop = line;
    while (stop < end && buffer[stop] !== 10 && buffer[stop] !== 13) stop += 1;
    const next = Math.min(end, buffer[stop] === 13 && buffer[stop + 1] === 10 ? stop + 2 : stop + 1);
    if (stop === line) return { headerEnd: line, bodyStart: next };
    if (!seen) {
      // A part that begins with its text at once has no header at all (and no empty line).
      if (!startsHeader(buffer, line, stop) && buffer[line] !== 32 && buffer[line] !== 9)
        return { headerEnd: line, bodyStart: line };
      seen = true;
    }
    line = next;
  }
  return { headerEnd: end, bodyStart: end };
}

function startsHeader(buffer: Buffer, line: number, stop: number): boolean {
  for (let at = line; at < stop; at += 1) {
    const byte = buffer[at] as number;
    if (byte === 58) return at > line;
    if (byte <= 32 || byte === 127) return byte === 32 && buffer[at + 1] === 58 && at > line;
  }
  return false;
}

/** RFC 4155 section 2: an address and a time; or the count of bytes. "From what we hear" is somebody's words, and shown. */
const ENVELOPE = /^(?:\d+|>?From \S+ +\w{3},? +(?:\w{3} +\d+|\d+ +\w{3}) .*\d\d:\d\d.*|>?From \S+)$/;

/** Some stores put an mbox line or `>From` before the first header. */
function skipEnvelopeLine(buffer: Buffer): number {
  let at = 0;
  while (buffer[at] === 10 || buffer[at] === 13) at += 1;
  // Apple Mail begins its files with a count of bytes.
  const first = buffer[at] ?? 0;
  if (first >= 48 && first <= 57) {
    const counted = /^\d{1,10}[ \t]*\r?\n(?=[!-9;-~]+:)/.exec(buffer.toString('latin1', at, at + 200));
    if (counted !== null) return at + counted[0].length;
  }
  const start = buffer.subarray(at, at + 6).toString('latin1');
  if (!start.startsWith('From ') && !start.startsWith('>From ')) return at;
  const lineEnd = buffer.indexOf(10, at);
  return lineEnd < 0 ? at : lineEnd + 1;
}

function isFilled(buffer: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((buffer[at] as number) > 32) return true;
  return false;
}
