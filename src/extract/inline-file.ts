import { memorySource } from '../core/byte-source.ts';
import { base64Files } from './base64-block.ts';
import { readBinHex } from './binhex.ts';
import { asBuffer, decodeText } from './decode-text.ts';
import type { Piece } from './extractor.ts';
import { joinedFiles } from './joined-file.ts';
import { printableStrings } from './printable-strings.ts';

/**
 * Files written into text by uuencode (POSIX), yEnc (yenc.org, draft 1.3), BinHex or base64, OpenPGP messages, and files joined to
 * it as they are, as parts.
 *
 * `bytes` are what the text was decoded from: yEnc is no text in any charset. A text without any file costs four searches.
 */
export function* embeddedFiles(text: string, bytes: Uint8Array | null = null): Iterable<Piece> {
  if (/^begin(-base64)? [0-7]{3,4} /m.test(text)) yield* uuencoded(text);
  if (text.includes('=ybegin ')) yield* yencoded(bytes === null ? text : asBuffer(bytes).toString('latin1'));
  if (text.includes('(This file must be converted with BinHex')) yield* binhexed(text);
  if (text.includes(PGP)) yield* armoured(text);
  yield* base64Files(text);
  if (bytes !== null) yield* joinedFiles(bytes);
}

const PGP = '-----BEGIN PGP MESSAGE';

/** An armoured message is encrypted, or signed and readable; which of them its own opener tells. */
function* armoured(text: string): Iterable<Piece> {
  let at = 0;
  for (let start = text.indexOf(PGP); start >= 0; ) {
    const told = text.indexOf('-----END PGP MESSAGE', start);
    const end = told < 0 ? text.length : told + 25;
    const source = memorySource(Buffer.from(text.slice(start, end), 'latin1'));
    at += 1;
    yield { kind: 'part', step: `PGP message ${at}`, name: null, declaredType: 'application/pgp-encrypted', source };
    start = text.indexOf(PGP, end);
  }
}

function* binhexed(text: string): Iterable<Piece> {
  for (let rest = text; ; ) {
    const file = readBinHex(rest);
    if (file === null) return;
    const { name, data, resource, end } = file;
    yield { kind: 'part', step: name, name, declaredType: null, source: memorySource(data) };
    const words = printableStrings(resource);
    if (words !== '') yield { kind: 'text', step: `${name} › resources`, role: 'metadata', text: words, hidden: true };
    rest = rest.slice(end);
  }
}

const BEGIN = /^begin(-base64)? [0-7]{3,4} ([^\r\n]+)\r?\n/gm;

/** Each file goes to its `end` line; one that is cut off goes to the end of the text. */
function* uuencoded(text: string): Iterable<Piece> {
  BEGIN.lastIndex = 0;
  for (let match = BEGIN.exec(text); match !== null; match = BEGIN.exec(text)) {
    const start = match.index + match[0].length;
    const isBase64 = match[1] !== undefined;
    const told = text.indexOf(isBase64 ? '\n====' : '\nend', start - 1);
    const end = told < 0 ? text.length : told;
    const name = (match[2] as string).trim();
    const lines = text.slice(start, end).split(/\r?\n/);
    const bytes = isBase64 ? Buffer.from(lines.join(''), 'base64') : Buffer.concat(lines.map(decodeLine));
    yield { kind: 'part', step: name, name, declaredType: null, source: memorySource(bytes) };
    BEGIN.lastIndex = Math.max(end, start);
  }
}

function decodeLine(line: string): Buffer {
  const length = ((line.charCodeAt(0) || 32) - 32) & 63;
  if (line === '' || length === 0) return Buffer.alloc(0);
  const out = Buffer.alloc(Math.ceil(length / 3) * 3);
  const sextet = (at: number): number => ((line.charCodeAt(at) || 32) - 32) & 63;
  for (let from = 1, to = 0; to < length; from += 4, to += 3) {
    const word = (sextet(from) << 18) | (sextet(from + 1) << 12) | (sextet(from + 2) << 6) | sextet(from + 3);
    out.writeUIntBE(word, to, 3);
  }
  return out.subarray(0, length);
}

function* yencoded(text: string): Iterable<Piece> {
  for (const match of text.matchAll(/^=ybegin [^\r\n]*?name=([^\r\n]+)\r?\n([\s\S]*?)^=yend /gm)) {
    const name = decodeText(Buffer.from(match[1] as string, 'latin1')).trim();
    const coded = (match[2] as string).replace(/^=ypart [^\r\n]*\r?\n/m, '').replace(/\r?\n/g, '');
    const out = Buffer.alloc(coded.length);
    let length = 0;
    for (let at = 0; at < coded.length; at += 1) {
      const escaped = coded[at] === '=';
      if (escaped) at += 1;
      out[length] = (coded.charCodeAt(at) - (escaped ? 106 : 42)) & 255;
      length += 1;
    }
    yield { kind: 'part', step: name, name, declaredType: null, source: memorySource(out.subarray(0, length)) };
  }
}
