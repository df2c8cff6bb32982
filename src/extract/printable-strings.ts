import { isUtf8 } from 'node:buffer';

/** Runs shorter than this are chance. */
const MIN_RUN = 5;
/** The last letter before UTF-16 begins belongs to that: a text put into another at an odd place. */
const ASCII = '[\\x20-\\x7e\\xa3](?!\\0[\\x20-\\x7e]\\0)';
/** Letters of UTF-8 beyond ASCII, and single ones of Windows-1252 amid others: accented letters, quotes and dashes. */
const BEYOND =
  '[\\xc2-\\xdf][\\x80-\\xbf]|[\\xe0-\\xef][\\x80-\\xbf]{2}|(?<=[A-Za-z])[\\xc0-\\xff](?=[A-Za-z])|(?<=[A-Za-z0-9.,!? ])[\\x85\\x91-\\x97](?=[A-Za-z0-9.,!? ])';
/** UTF-16: Latin, Greek to Arabic, and the punctuation that text is set with. */
const WIDE = '[\\x20-\\x7e\\xa0-\\xff]\\0|[\\0-\\xff][\\x01-\\x06]|[\\x10-\\x26\\xac]\\x20';
const RUNS = new RegExp(`(?:${WIDE}){${MIN_RUN},}|(?:${ASCII}|${BEYOND}){${MIN_RUN},}`, 'g');
const SAYS = /[A-Za-z]{3}|\d{3}|[\u0370-\u03ff\u0400-\u04ff\u05d0-\u05ea\u0620-\u064a]{3}/;
const CHUNK = 1 << 20;
const windows = new TextDecoder('windows-1252');

/**
 * The readable runs of bytes that are no text: ASCII, UTF-8 and UTF-16, a run a line, in no more than `limit` characters.
 * What a settings blob says, without knowing its format.
 */
export function printableStrings(bytes: Uint8Array, limit = Number.POSITIVE_INFINITY): string {
  const found: string[] = [];
  let length = 0;
  // Chunks overlap by nothing: a run cut in two is shown as two.
  for (let at = 0; at < bytes.length && length < limit; at += CHUNK) {
    const size = Math.min(CHUNK, bytes.length - at);
    const latin = Buffer.from(bytes.buffer, bytes.byteOffset + at, size).toString('latin1');
    for (const match of latin.matchAll(RUNS)) {
      const run = decodeRun(match[0]).trim();
      if (!SAYS.test(run)) continue;
      found.push(run);
      length += run.length + 1;
      if (length >= limit) break;
    }
  }
  return found.join('\n').slice(0, limit);
}

function decodeRun(run: string): string {
  if (/^[\x20-\x7e]*$/.test(run)) return run;
  const bytes = Buffer.from(run, 'latin1');
  if (run.includes('\0') || !isUtf8(bytes)) {
    if (run.length % 2 === 0 && isWide(run)) return bytes.toString('utf16le');
    return windows.decode(bytes).replaceAll('\0', '');
  }
  return bytes.toString('utf8');
}

function isWide(run: string): boolean {
  for (let at = 1; at < run.length; at += 2) if (run.charCodeAt(at) > 6 && run.charCodeAt(at) !== 0x20) return false;
  return true;
}
