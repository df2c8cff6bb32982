import { memorySource, readAll } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';

/** Mailboxes: every message between `From ` lines. RFC 4155; a line inside a message that looks like one splits it, and nothing is lost. */
export const mbox: Extractor = {
  name: 'mbox',
  types: ['application/mbox'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const bytes = asBuffer(await readAll(part.source));
    const envelopes: string[] = [];
    for (const { start, end } of messageRanges(bytes)) {
      // The separator is no part of the message: without it the message is typed as what it is.
      const line = bytes.indexOf(10, start);
      const separated = bytes.toString('latin1', start, start + 5) === 'From ' && line >= 0 && line < end;
      if (separated) envelopes.push(bytes.toString('latin1', start, line).trim());
      const source = memorySource(unquoted(bytes.subarray(separated ? line + 1 : start, end)));
      yield {
        kind: 'part',
        step: `message ${envelopes.length || 1}`,
        name: null,
        declaredType: 'message/rfc822',
        source,
      };
    }
    yield { kind: 'text', step: 'envelopes', role: 'metadata', text: envelopes.join('\n') };
  },
};

const QUOTED = Buffer.from('\n>From ');

/** Lines that the mailbox quoted, as they were written: one mark less before `From `. */
function unquoted(message: Buffer): Buffer {
  if (!message.includes(QUOTED)) return message;
  return Buffer.from(message.toString('latin1').replace(/\n>(>*From )/g, '\n$1'), 'latin1');
}

const FROM = Buffer.from('\nFrom ');
const ENVELOPE = /^From \S.*\d{4}/;

/** A separator stands before a header; other lines that look like one are somebody's words. */
function startsMessage(bytes: Buffer, at: number): boolean {
  return /^(>?From |[!-9;-~]+[ \t]*:|\r?\n|$)/.test(bytes.toString('latin1', at, at + 200));
}

function* messageRanges(bytes: Buffer): Iterable<{ start: number; end: number }> {
  let start = 0;
  for (let at = bytes.indexOf(FROM); at >= 0; at = bytes.indexOf(FROM, at + 1)) {
    const lineEnd = bytes.indexOf(10, at + 1);
    const line = bytes.toString(
      'latin1',
      at + 1,
      lineEnd < 0 ? Math.min(bytes.length, at + 200) : Math.min(lineEnd, at + 200),
    );
    if (!ENVELOPE.test(line) || !startsMessage(bytes, lineEnd + 1)) continue;
    yield { start, end: at + 1 };
    start = at + 1;
  }
  yield { start, end: bytes.length };
}
